import { planAnnotations } from "../report/annotations.ts";
import { liveAssignmentsCsv, plannedAssignmentsCsv } from "../report/assignments-csv.ts";
import { planMarkdown } from "../report/plan-markdown.ts";
import { renderPlan } from "../report/renderers.ts";
import type { ReviewNote } from "../report/review-note.ts";
import { lastLine } from "../report/view.ts";
import type { CommandContext } from "./context.ts";
import { type Destination, type FormatTarget, writeFormats } from "./formats.ts";
import { accountNames, type Planned } from "./read-stages.ts";
import { repositoryPlace } from "./repository-place.ts";
import { summarise } from "./workflow-summary.ts";
import { workflowText } from "./workflow-text.ts";

/** csv: the assignments as they will stand; live-csv: as they stand. The first one is the default. */
export const planFormats = [
  "text",
  "json",
  "markdown",
  "github",
  "sarif",
  "junit",
  "csv",
  "live-csv",
] as const;

export type PlanOutput = (typeof planFormats)[number];

/**
 * Writes a plan in each of the formats. github also fills the job's summary, which says what was reviewed. Resolves to
 * whether the plan is in that summary.
 */
export const writePlan = async (
  planned: Planned,
  targets: readonly FormatTarget<PlanOutput>[],
  review: ReviewNote | null,
  context: CommandContext,
): Promise<boolean> => {
  await writeFormats(
    targets,
    "text",
    (format, destination) => render(planned, format, destination, context),
    context,
  );
  return (
    targets.some(({ format }) => format === "github") &&
    summarise(summaryOf(planned, review, context), context)
  );
};

const render = (
  planned: Planned,
  format: PlanOutput,
  destination: Destination,
  context: CommandContext,
): string => {
  const { plan, live, manifest } = planned;
  const names = accountNames(planned);
  switch (format) {
    case "csv":
      return plannedAssignmentsCsv(plan, live, names);
    case "live-csv":
      return liveAssignmentsCsv(live, names);
    case "github":
      return logText(planned, context);
    default: {
      const [manifestFile] = manifest.files;
      return renderPlan(plan, format, {
        ...destination,
        accountNames: names,
        placeOf: repositoryPlace(context),
        ...(manifestFile === undefined ? {} : { manifestFile }),
      });
    }
  }
};

/** The plan folded in the job's log, what is to be seen at once as annotations, and the last line. */
const logText = (planned: Planned, context: CommandContext): string => {
  const { plan } = planned;
  const names = accountNames(planned);
  const text = renderPlan(plan, "text", { colour: false, columns: 100, accountNames: names });
  const annotations = planAnnotations(plan, names, repositoryPlace(context));
  return workflowText("Plan", text, annotations, lastLine(plan));
};

const summaryOf = (planned: Planned, review: ReviewNote | null, { env }: CommandContext): string =>
  planMarkdown(planned.plan, accountNames(planned), {
    limit: longestSummary,
    validAt: planned.readAt,
    approveBy: approvalIn(env, review),
    pipeline: "github",
    ...(review === null ? {} : { review }),
  });

/** A plan that is compared with the reviewed one is made after the merge, for whoever may approve the deployment. */
const approvalIn = (
  { GITHUB_EVENT_NAME: event }: CommandContext["env"],
  review: ReviewNote | null,
): "merge" | "deployment" | "command" => {
  if (event?.startsWith("pull_request") === true) return "merge";
  return review === null ? "command" : "deployment";
};

/** Characters, of at most three bytes each: a summary takes 1 MiB. */
const longestSummary = 300_000;
