import type { Plan } from "../plan/plan.ts";
import { fenceFor } from "./escape-markdown.ts";
import { shownOption } from "./guard-lines.ts";
import { summarisePlan } from "./plan-summary.ts";

export interface NextStepOptions {
  /**
   * How somebody says yes: by merging a pull request (default), by approving a deployment in a run of GitHub Actions after
   * the merge, or by running the command.
   */
  readonly approveBy?: "merge" | "deployment" | "command";
  /** Whose pipeline carries it out. Default: not known. */
  readonly pipeline?: "github" | "gitlab";
}

/** What whoever reads a plan is to do about it, as Markdown; empty where there is nothing. `isReviewed`: after the merge. */
export const nextStepMarkdown = (plan: Plan, isReviewed: boolean, options: NextStepOptions): string => {
  const { verdict } = summarisePlan(plan);
  if (verdict === "nothing-to-do") return "";
  const text = verdict === "refused" ? whenRefused(plan, options) : whenReady(plan, isReviewed, options);
  return `**Next step:** ${text}\n\n`;
};

const whenReady = (plan: Plan, isReviewed: boolean, { approveBy = "merge" }: NextStepOptions): string => {
  const { applyCommand, isPartial } = summarisePlan(plan);
  if (approveBy === "deployment") {
    return isReviewed
      ? `none. The pipeline now does exactly this (digest \`${plan.digest}\`), or refuses if anything has moved since.`
      : `If this is what you want, press **Review deployments** on the page of this run, and approve it there. The pipeline then does exactly this (digest \`${plan.digest}\`), or refuses if anything has moved since. If it is not, reject it: nothing is changed.`;
  }
  const how =
    approveBy === "command"
      ? "If this is what you want, apply it. This does exactly what is shown here, or refuses if anything has moved since"
      : "Approve by merging. The pipeline then plans once more: if that is still exactly this plan it applies it, and if anything has moved it has the new one approved first. By hand, exactly this or nothing is";
  const partial = isPartial ? " (with the same `--only` and `--since` options as this plan)" : "";
  return `${how}${partial}:\n\n${fenced("sh", applyCommand)}`;
};

/** A reviewer has no command line: what a guard names goes into the pipeline, by way of the same review. */
const whenRefused = ({ guards }: Plan, { approveBy, pipeline }: NextStepOptions): string => {
  const change = "change the manifest, so that the guard has nothing against it. If this is what is meant,";
  if (approveBy === "command" || pipeline === undefined) {
    return `${change} plan again with the option that the guard names, and have that plan reviewed.`;
  }
  const { request, where, write } = pipelines[pipeline];
  const when = `in ${approveBy === "deployment" ? "a" : "this"} ${request}, and take it out again in the next`;
  const options = guards.flatMap(({ verdict, override }) => (verdict === "refused" ? [override] : []));
  return options.every((option) => shownOption(option) === option)
    ? `${change} add this ${where}, ${when}:\n\n${write(options)}`
    : `${change} add what the guard names ${where}, ${when}.`;
};

const pipelines = {
  github: {
    request: "pull request",
    where: "as an input wherever the workflows `plan.yml` and `apply.yml` use the action",
    write: (options: readonly string[]) =>
      fenced("yaml", `allow: ${options.map((option) => option.replace(/^--allow /, "")).join(" ")}`),
  },
  gitlab: {
    request: "merge request",
    where: "to `reconcile plan` and `reconcile apply` in `.gitlab-ci.yml`",
    write: (options: readonly string[]) => fenced("sh", options.join(" ")),
  },
};

const fenced = (language: string, text: string): string => {
  const fence = fenceFor([text]);
  return `${fence}${language}\n${text}\n${fence}`;
};
