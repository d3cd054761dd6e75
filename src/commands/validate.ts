import { loadManifest } from "../manifest/load.ts";
import { hasErrors } from "../model/finding.ts";
import { renderFindings, renderFindingsJson } from "../report/findings.ts";
import { exitCodes } from "./exit-codes.ts";
import { describeManifest, formatOption, manifestArgument } from "./options.ts";
import type { DefineCommand } from "./program.ts";

export const defineValidate: DefineCommand = (command, context, done) => {
  command
    .addArgument(manifestArgument())
    .addOption(formatOption(["text", "json"]))
    .action(async (path: string | undefined, options: { format: "text" | "json" }) => {
      const { manifest, findings, sources } = await loadManifest(path, {
        cwd: context.cwd,
        now: context.now(),
      });
      if (options.format === "json") {
        context.stdout.write(renderFindingsJson(findings));
      } else {
        context.stderr.write(renderFindings(findings, { sources, colour: context.stderr.colour }));
        if (manifest !== null) context.stdout.write(`Valid. ${describeManifest(manifest)}\n`);
      }
      done(hasErrors(findings) ? exitCodes.invalid : exitCodes.ok);
    });
};
