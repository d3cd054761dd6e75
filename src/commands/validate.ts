import { loadManifest } from "../manifest/load.ts";
import type { LoadResult } from "../manifest/loaded-manifest.ts";
import { hasErrors } from "../model/finding.ts";
import { renderFindings } from "../report/findings.ts";
import type { CommandContext } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import { type FindingsFormat, findingsFormats, renderFound } from "./findings-formats.ts";
import { type FormatTarget, formatsOption, writeFormats } from "./formats.ts";
import { describeManifest, manifestArgument } from "./options.ts";
import type { DefineCommand } from "./program.ts";

/** As Markdown findings only ever stand in the place of a plan. */
const formats = findingsFormats.filter((format) => format !== "markdown");

export const defineValidate: DefineCommand = (command, context, done) => {
  command
    .addArgument(manifestArgument())
    .addOption(formatsOption(formats))
    .action(
      async (path: string | undefined, options: { format: readonly FormatTarget<FindingsFormat>[] }) => {
        const loaded = await loadManifest(path, { cwd: context.cwd, now: context.now() });
        await writeFormats(
          options.format,
          "text",
          (format, { isFile }) =>
            format === "text" && !isFile
              ? printed(loaded, context)
              : renderFound(loaded, format, verdict(loaded), context),
          context,
        );
        done(hasErrors(loaded.findings) ? exitCodes.invalid : exitCodes.ok);
      },
    );
};

/** Findings go to stderr, so that stdout holds results only. */
const printed = (loaded: LoadResult, { stderr }: CommandContext): string => {
  stderr.write(renderFindings(loaded.findings, { sources: loaded.sources, colour: stderr.colour }));
  return verdict(loaded);
};

const verdict = ({ manifest }: LoadResult): string =>
  manifest === null ? "" : `Valid. ${describeManifest(manifest)}\n`;
