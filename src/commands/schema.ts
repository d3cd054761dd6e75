import { Argument } from "commander";
import type { DefineCommand } from "./program.ts";

/** By the name that the command takes; the first one is the default. */
const schemas = {
  manifest: () => import("../../schemas/access-manifest.schema.json", { with: { type: "json" } }),
  plan: () => import("../../schemas/plan.schema.json", { with: { type: "json" } }),
  "apply-result": () => import("../../schemas/apply-result.schema.json", { with: { type: "json" } }),
  drift: () => import("../../schemas/drift.schema.json", { with: { type: "json" } }),
  findings: () => import("../../schemas/findings.schema.json", { with: { type: "json" } }),
} as const;

type SchemaName = keyof typeof schemas;

export const defineSchema: DefineCommand = (command, context, done) => {
  const names = Object.keys(schemas);
  command
    .addArgument(
      new Argument("[NAME]", "of the manifest, or of what --format json prints")
        .choices(names)
        .default("manifest"),
    )
    .addHelpText(
      "after",
      "\nfindings is what validate prints, and what stands where a run came to no result.",
    )
    .action(async (name: SchemaName) => {
      const { default: schema } = await schemas[name]();
      context.stdout.writeExactly(`${JSON.stringify(schema, null, 2)}\n`);
      done(0);
    });
};
