import type { Drift } from "../drift/drift.ts";
import type { ForgeDescription } from "../forge/description.ts";
import { detectForge } from "../forge/detect.ts";
import { syncDriftIssue } from "../forge/drift-issue.ts";
import { announceNews } from "../forge/drift-news.ts";
import type { DriftSubject } from "../forge/find-drift-issues.ts";
import { openForge } from "../forge/open-forge.ts";
import { secret } from "../forge/secret.ts";
import { checkWebhookUrl, postWebhook } from "../forge/webhook.ts";
import { UsageError } from "../model/errors.ts";
import { escapeTerminal } from "../report/escape.ts";
import { driftMarkdown } from "../report/drift-markdown.ts";
import { driftMessage, driftTitle } from "../report/drift-message.ts";
import { driftNewsMarkdown } from "../report/drift-news-markdown.ts";
import { viewDrift } from "../report/drift-view.ts";
import { escapeTitle } from "../report/escape-markdown.ts";
import { checkedOutCommit } from "./commit.ts";
import type { CommandContext } from "./context.ts";
import type { DriftContext } from "./drift-formats.ts";
import { manifestPlace } from "./manifest-place.ts";
import { repositoryPlace } from "./repository-place.ts";

export interface TellOptions {
  /** Of the manifest, as it was given. */
  readonly path: string | undefined;
  readonly issue?: true;
  readonly webhook?: string;
  readonly environment?: string;
}

/**
 * The forge whose issue is to be kept; null: none is. To be called before anything is read: throws UsageError where the
 * issue can not be kept, or where the webhook's URL is none.
 */
export const forgeToTell = (
  { issue, webhook }: Pick<TellOptions, "issue" | "webhook">,
  { env }: CommandContext,
): ForgeDescription | null => {
  if (webhook !== undefined) checkWebhookUrl(secret(webhook));
  if (issue !== true) return null;
  const description = detectForge(env);
  if (description !== null) return description;
  throw new UsageError("no-forge", "--issue works in GitHub Actions and GitLab CI, and this is neither", {
    hint: "Leave it out; --format markdown prints what the issue would hold",
  });
};

/**
 * Tells those who are not looking: the issue of this environment, and the webhook. With an issue, the webhook hears
 * what becomes of that, once; without one nothing remembers what it has heard, and it hears of drift in every run.
 */
export const tell = async (
  drift: Drift,
  { accountNames, validAt }: DriftContext,
  description: ForgeDescription | null,
  options: TellOptions,
  context: CommandContext,
): Promise<void> => {
  const { webhook, environment = null } = options;
  const { stderr, signal } = context;
  const runUrl = runUrlOf(context);
  const post = async (issueUrl: string | null): Promise<void> => {
    if (webhook === undefined) return;
    const message = driftMessage(drift, { environment, names: accountNames, issueUrl, runUrl });
    await postWebhook(secret(webhook), message, { clock: context, signal });
    stderr.write("Told the webhook.\n");
  };
  if (description === null) {
    if (drift.result !== "clean") await post(null);
    return;
  }
  const forge = openForge(description, { clock: context, signal });
  const issue = { subject: subjectOf(drift, options, context), labels: ["access-drift"] } as const;
  const view = viewDrift(drift, accountNames, repositoryPlace(context));
  const commit = await checkedOutCommit(context.env, context.cwd);
  const facts = { validAt, ...(commit === null ? {} : { commit }), ...(runUrl === null ? {} : { runUrl }) };
  const { outcome, number, url } = await syncDriftIssue(forge, {
    ...issue,
    fingerprint: drift.result === "clean" ? null : drift.fingerprint,
    title: escapeTitle(driftTitle(drift, environment)),
    body: driftMarkdown(view, { ...facts, limit: forge.bodyLimit }),
    news: driftNewsMarkdown(view),
    announced: webhook !== undefined,
  });
  const which = number === null ? "" : ` #${number}${url === null ? "" : ` (${escapeTerminal(url)})`}`;
  stderr.write(`Issue${which}: ${outcome}.\n`);
  const changed = outcome !== "untouched" && outcome !== "renamed" && outcome !== "nothing";
  if (webhook !== undefined) await announceNews(forge, { ...issue, changed }, () => post(url));
};

const subjectOf = (
  { instance, manifest }: Drift,
  { environment, path }: TellOptions,
  context: CommandContext,
): DriftSubject =>
  environment === undefined
    ? {
        instance: instance.identityStoreId,
        manifest: manifestPlace(path, context),
        name: manifest.name,
      }
    : { environment };

const runUrlOf = ({ env }: CommandContext): string | null => {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = env;
  if (server && repository && run) return `${server}/${repository}/actions/runs/${run}`;
  return env.CI_PIPELINE_URL || null;
};
