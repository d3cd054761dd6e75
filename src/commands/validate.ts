import { loadManifest } from "../manifest/load.ts";
import type { LoadResult } from "../manifest/loaded-manifest.ts";
import { hasErrors } from "../model/finding.ts";
import { renderFindings } from "../report/findings.ts";
import { invalidTitle } from "../report/findings-markdown.ts";
import type { CommandContext } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import { type FindingsFormat, findingsFormats, type FoundWords, renderFound } from "./findings-formats.ts";
import { type FormatTarget, formatsOption, writeFormats } from "./formats.ts";
import { describeManifest, manifestArgument } from "./options.ts";
import { checkOutputFiles, formatFiles } from "./output-files.ts";
import type { DefineCommand } from "./program.ts";
import { summarise } from "./workflow-summary.ts";

export const defineValidate: DefineCommand = (command, context, done) => {
  command
    .addArgument(manifestArgument())
    .addOption(formatsOption(findingsFormats))
    .action(
      async (path: string | undefined, options: { format: readonly FormatTarget<FindingsFormat>[] }) => {
        checkOutputFiles(path, formatFiles(options.format), context);
        const loaded = await loadManifest(path, { cwd: context.cwd, now: context.now() });
        await writeFormats(
          options.format,
          "text",
          (format, { isFile }) =>
            format === "text" && !isFile
              ? printed(loaded, context)
              : renderFound(loaded, format, wordsOf(loaded), context),
          context,
        );
        if (options.format.some(({ format }) => format === "github"))
          summarise(renderFound(loaded, "markdown", wordsOf(loaded), context), context);
        done(hasErrors(loaded.findings) ? exitCodes.invalid : exitCodes.ok);
      },
    );
};

/** Findings go to stderr, so that stdout holds results only. */
const printed = (loaded: LoadResult, { stderr }: CommandContext): string => {
  stderr.write(renderFindings(loaded.findings, { sources: loaded.sources, colour: stderr.colour }));
  return verdict(loaded);
};

const wordsOf = (loaded: LoadResult): FoundWords => {
  const isValid = !hasErrors(loaded.findings);
  return {
    verdict: verdict(loaded),
    title: isValid ? "The manifest is valid" : invalidTitle(loaded.findings),
    lead: `${verdict(loaded).trimEnd()} Only the files were looked at: AWS was asked nothing.`.trimStart(),
    next: isValid ? "`reconcile plan` shows what it would change." : "Correct the manifest.",
  };
};

const verdict = ({ manifest }: LoadResult): string =>
  manifest === null ? "" : `Valid. ${describeManifest(manifest)}\n`;
