import type { Drift } from "../drift/drift.ts";
import { detectForge } from "../forge/detect.ts";
import { syncDriftIssue } from "../forge/drift-issue.ts";
import { openForge } from "../forge/open-forge.ts";
import { secret } from "../forge/secret.ts";
import { postWebhook } from "../forge/webhook.ts";
import { UsageError } from "../model/errors.ts";
import { driftMarkdown } from "../report/drift-markdown.ts";
import { driftMessage, driftTitle } from "../report/drift-message.ts";
import { viewDrift } from "../report/drift-view.ts";
import type { CommandContext } from "./context.ts";

export interface TellOptions {
  readonly issue?: true;
  readonly webhook?: string;
  readonly environment?: string;
}

/** Tells those who are not looking: the issue of this environment, and the webhook where there is something to tell. */
export const tell = async (
  drift: Drift,
  accountNames: ReadonlyMap<string, string>,
  options: TellOptions,
  context: CommandContext,
): Promise<void> => {
  const environment = options.environment ?? drift.manifest.name ?? drift.instance.identityStoreId;
  if (options.issue === true) await keepIssue(drift, accountNames, environment, context);
  if (options.webhook !== undefined && drift.result !== "clean") {
    await postWebhook(
      secret(options.webhook),
      driftMessage(drift, environment, accountNames, runUrlOf(context)),
      { clock: context, signal: context.signal },
    );
    context.stderr.write("Told the webhook.\n");
  }
};

const keepIssue = async (
  drift: Drift,
  accountNames: ReadonlyMap<string, string>,
  environment: string,
  context: CommandContext,
): Promise<void> => {
  const description = detectForge(context.env);
  if (description === null) {
    throw new UsageError("no-forge", "--issue works in GitHub Actions and GitLab CI, and this is neither", {
      hint: "Leave it out; the report stands above. --format markdown prints what the issue would hold",
    });
  }
  const forge = openForge(description, { clock: context, signal: context.signal });
  const { outcome, number, url } = await syncDriftIssue(forge, {
    key: environment,
    fingerprint: drift.result === "clean" ? null : drift.fingerprint,
    title: driftTitle(drift, environment),
    body: driftMarkdown(viewDrift(drift, accountNames), forge.bodyLimit),
    labels: ["access-drift"],
  });
  const which = number === null ? "" : ` #${number}${url === null ? "" : ` (${url})`}`;
  context.stderr.write(`Issue${which}: ${outcome}.\n`);
};

const runUrlOf = ({ env }: CommandContext): string | null => {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = env;
  if (server && repository && run) return `${server}/${repository}/actions/runs/${run}`;
  return env.CI_PIPELINE_URL || null;
};
