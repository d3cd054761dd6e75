import type { Drift } from "../drift/drift.ts";
import type { Annotation } from "../model/annotation.ts";
import { driftMarkdown } from "../report/drift-markdown.ts";
import { type DriftFormat, renderDrift } from "../report/drift-renderers.ts";
import { viewDrift } from "../report/drift-view.ts";
import type { AccountNames } from "../report/labels.ts";
import type { CommandContext } from "./context.ts";
import { type FormatTarget, writeFormats } from "./formats.ts";
import { repositoryPlace } from "./repository-place.ts";
import { summarise } from "./workflow-summary.ts";
import { workflowText } from "./workflow-text.ts";

/** The first one is the default. */
export const driftFormats = [
  "text",
  "json",
  "markdown",
  "github",
  "sarif",
  "junit",
  "csv",
] as const satisfies readonly (DriftFormat | "github")[];

export type DriftOutput = (typeof driftFormats)[number];

export interface DriftContext {
  readonly accountNames: AccountNames;
  /** When AWS was read: epoch milliseconds. */
  readonly validAt: number;
  /** Where something is shown that has no place in the manifest. */
  readonly manifestFile: string | undefined;
}

/** Writes the drift in each of the formats. github also fills the job's summary. */
export const writeDrift = async (
  drift: Drift,
  { accountNames, validAt, manifestFile }: DriftContext,
  targets: readonly FormatTarget<DriftOutput>[],
  context: CommandContext,
): Promise<void> => {
  const placeOf = repositoryPlace(context);
  await writeFormats(
    targets,
    "text",
    (format, destination) =>
      format === "github"
        ? logText(drift, accountNames)
        : renderDrift(drift, format, {
            ...destination,
            accountNames,
            placeOf,
            ...(manifestFile === undefined ? {} : { manifestFile }),
          }),
    context,
  );
  if (targets.some(({ format }) => format === "github"))
    summarise(
      driftMarkdown(viewDrift(drift, accountNames, placeOf), { limit: longestSummary, validAt }),
      context,
    );
};

/** Characters, of at most three bytes each: a summary takes 1 MiB. */
const longestSummary = 300_000;

const logText = (drift: Drift, accountNames: AccountNames): string => {
  const { lastLine, alarms } = viewDrift(drift, accountNames);
  const text = renderDrift(drift, "text", { colour: false, columns: 100, accountNames });
  const annotations = [
    ...alarms.map(({ text: message }): Annotation => ({ level: "error", title: "Drift", message })),
    ...(drift.result === "clean" ? [] : [{ level: "warning", title: "Drift", message: lastLine } as const]),
  ];
  return workflowText("Drift", text, annotations, lastLine);
};
