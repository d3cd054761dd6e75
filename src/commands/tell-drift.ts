import type { Drift } from "../drift/drift.ts";
import type { ForgeDescription } from "../forge/description.ts";
import { detectForge } from "../forge/detect.ts";
import { syncDriftIssue } from "../forge/drift-issue.ts";
import type { Forge } from "../forge/forge.ts";
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

/** The forge whose issue is to be kept; null: none is. Throws UsageError before anything is read. */
export const forgeToTell = ({ issue }: TellOptions, { env }: CommandContext): ForgeDescription | null => {
  if (issue !== true) return null;
  const description = detectForge(env);
  if (description !== null) return description;
  throw new UsageError("no-forge", "--issue works in GitHub Actions and GitLab CI, and this is neither", {
    hint: "Leave it out; --format markdown prints what the issue would hold",
  });
};

/** Tells those who are not looking: the issue of this environment, and the webhook where there is something to tell. */
export const tell = async (
  drift: Drift,
  accountNames: ReadonlyMap<string, string>,
  forge: ForgeDescription | null,
  options: TellOptions,
  context: CommandContext,
): Promise<void> => {
  const environment = options.environment ?? drift.manifest.name ?? drift.instance.identityStoreId;
  if (forge !== null)
    await keepIssue(
      drift,
      accountNames,
      environment,
      openForge(forge, { clock: context, signal: context.signal }),
      context,
    );
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
  forge: Forge,
  context: CommandContext,
): Promise<void> => {
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
