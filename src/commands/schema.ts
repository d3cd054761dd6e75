import schema from "../../schemas/access-manifest.schema.json" with { type: "json" };
import type { DefineCommand } from "./program.ts";

export const defineSchema: DefineCommand = (command, context, done) => {
  command.action(() => {
    context.stdout.writeExactly(`${JSON.stringify(schema, null, 2)}\n`);
    done(0);
  });
};
