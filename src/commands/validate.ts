import { annotationLines, escapeWorkflowText } from "../forge/workflow-commands.ts";
import { loadManifest } from "../manifest/load.ts";
import type { LoadResult } from "../manifest/loaded-manifest.ts";
import { hasErrors } from "../model/finding.ts";
import { findingAnnotations } from "../report/annotations.ts";
import { renderFindings, renderFindingsJson } from "../report/findings.ts";
import { findingsJunit } from "../report/junit.ts";
import { findingsSarif } from "../report/sarif.ts";
import type { CommandContext } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import { type Destination, type FormatTarget, formatsOption, writeFormats } from "./formats.ts";
import { describeManifest, manifestArgument } from "./options.ts";
import type { DefineCommand } from "./program.ts";
import { repositoryPlace } from "./repository-place.ts";

const formats = ["text", "json", "github", "sarif", "junit"] as const;
type FindingsFormat = (typeof formats)[number];

export const defineValidate: DefineCommand = (command, context, done) => {
  command
    .addArgument(manifestArgument())
    .addOption(formatsOption(formats))
    .action(
      async (path: string | undefined, options: { format: readonly FormatTarget<FindingsFormat>[] }) => {
        const loaded = await loadManifest(path, { cwd: context.cwd, now: context.now() });
        await writeFormats(options.format, "text", renderWith(loaded, context), context);
        done(hasErrors(loaded.findings) ? exitCodes.invalid : exitCodes.ok);
      },
    );
};

const renderWith =
  (loaded: LoadResult, context: CommandContext) =>
  (format: FindingsFormat, destination: Destination): string => {
    const { findings } = loaded;
    const placeOf = repositoryPlace(context);
    switch (format) {
      case "json":
        return renderFindingsJson(findings);
      case "github":
        return [
          escapeWorkflowText(plainText(loaded)),
          ...annotationLines(findingAnnotations(findings, placeOf)),
        ]
          .map((text) => `${text.trimEnd()}\n`)
          .join("");
      case "sarif":
        return findingsSarif(findings, context.version, { placeOf });
      case "junit":
        return findingsJunit(findings, placeOf);
      case "text":
        return destination.isFile ? plainText(loaded) : printed(loaded, context);
    }
  };

const plainText = (loaded: LoadResult): string =>
  renderFindings(loaded.findings, { sources: loaded.sources, colour: false }) + verdict(loaded);

/** Findings go to stderr, so that stdout holds results only. */
const printed = (loaded: LoadResult, { stderr }: CommandContext): string => {
  stderr.write(renderFindings(loaded.findings, { sources: loaded.sources, colour: stderr.colour }));
  return verdict(loaded);
};

const verdict = ({ manifest }: LoadResult): string =>
  manifest === null ? "" : `Valid. ${describeManifest(manifest)}\n`;
