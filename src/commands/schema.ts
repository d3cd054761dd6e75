import schema from "../../schemas/access-manifest.schema.json" with { type: "json" };
import type { AddCommand } from "./program.ts";

export const addSchema: AddCommand = (program, context, done) => {
  program
    .command("schema")
    .description("print the JSON Schema of the manifest, for editors and checks")
    .action(() => {
      context.stdout.write(`${JSON.stringify(schema, null, 2)}\n`);
      done(0);
    });
};
