import { UsageError } from "../model/errors.ts";
import { ForgeError } from "./errors.ts";
import { untold } from "./drift-news.ts";
import { type DriftIssueKey, fieldsOf, findDriftIssues, isMarkedAs, markedOf } from "./find-drift-issues.ts";
import type { Forge, ForgeIssue, IssueContent } from "./forge.ts";
import { isOurs, readAnyMarker, withMarker } from "./marker.ts";

/**
 * One issue a subject, that is open exactly as long as there is drift: opened when it appears, left alone while it
 * stays the same, told when it changes, closed when it is gone, and opened again rather than a second time. Where only
 * the subject's name is another, the issue is edited and nobody is told.
 *
 * It is found by its first label (outsiders can not set one) and the marker at the start of its body. Forges notify
 * people of comments, not of edits, so a comment goes before each edit; a marker in the comment keeps a run that was
 * cut short in between from telling it twice.
 */
export interface DriftIssueRequest extends DriftIssueKey {
  /** Of what drifted; null: nothing did. */
  readonly fingerprint: string | null;
  readonly title: string;
  /** Finished Markdown of at most forge.bodyLimit characters. */
  readonly body: string;
  /** Finished Markdown: what a comment says of it where the drift has changed. */
  readonly news: string;
  /** Whether announceNews hands the news on, which the issue remembers until then. */
  readonly announced?: boolean;
}

export interface DriftIssueResult {
  /** nothing: there is no drift, and no open issue. */
  readonly outcome: "opened" | "untouched" | "renamed" | "updated" | "reopened" | "closed" | "nothing";
  readonly number: number | null;
  readonly url: string | null;
}

/** Rejects with UsageError where the label can not be searched for, with ForgeError where the forge refuses or fails. */
export const syncDriftIssue = async (forge: Forge, request: DriftIssueRequest): Promise<DriftIssueResult> => {
  const [label] = request.labels;
  if (label === "" || label.includes(",")) {
    throw new UsageError("forge-label", `${JSON.stringify(label)} can not be searched for`, {
      hint: "Name a label without a comma, such as access-drift",
    });
  }
  const run: Run = { forge, request, viewer: await forge.viewer() };
  const { fingerprint } = request;
  const issues = await findOurs(run);
  const [first, ...duplicates] = issues.filter(({ open }) => open);
  if (first !== undefined) for (const each of duplicates) await closeDuplicate(run, each, first);
  if (fingerprint === null) return first === undefined ? nothing : close(run, first);
  const current = first ?? issues[0];
  return current === undefined ? open(run, fingerprint) : bringUpToDate(run, current, fingerprint);
};

const nothing: DriftIssueResult = { outcome: "nothing", number: null, url: null };

interface Run {
  readonly forge: Forge;
  readonly request: DriftIssueRequest;
  readonly viewer: string | null;
}

const findOurs = ({ forge, request, viewer }: Run): Promise<readonly ForgeIssue[]> =>
  findDriftIssues(forge, request, viewer);

const open = async (run: Run, fingerprint: string): Promise<DriftIssueResult> => {
  const made = await create(run, fingerprint);
  // A run at the same time may have opened one too; its number decides.
  const first = (await findOurs(run)).find((issue) => issue.open) ?? made;
  if (first.number >= made.number) return result("opened", made);
  await closeDuplicate(run, made, first);
  return bringUpToDate(run, first, fingerprint);
};

const create = async (run: Run, fingerprint: string): Promise<ForgeIssue> => {
  const { forge, request } = run;
  const [label] = request.labels;
  let made: ForgeIssue;
  try {
    made = await forge.issues.create({ ...contentOf(run, fingerprint), labels: request.labels });
  } catch (error) {
    if (!(error instanceof ForgeError) || !error.uncertain) throw error;
    await forge.clock.sleep(2000);
    const found = (await findOurs(run)).find((issue) => issue.open);
    if (found === undefined) throw error;
    return found;
  }
  if (made.labels.some((each) => each.toLowerCase() === label.toLowerCase())) return made;
  await forge.issues.update(made.number, { open: false });
  throw new ForgeError(
    "label-refused",
    `Issue #${made.number} was opened without its label, and closed again`,
    {
      hint: `Without the label ${JSON.stringify(label)} the next run would not find it. Use a token that may set labels`,
    },
  );
};

const bringUpToDate = async (run: Run, issue: ForgeIssue, fingerprint: string): Promise<DriftIssueResult> => {
  const known = markedOf(issue)?.fields ?? {};
  if (issue.open && known.fingerprint === fingerprint) {
    if (isMarkedAs(issue, run.request.subject)) return result("untouched", issue);
    const isUntold = known.untold === untold.untold;
    await run.forge.issues.update(issue.number, contentOf(run, fingerprint, isUntold));
    return result("renamed", issue);
  }
  const text = issue.open ? "The drift has changed" : "Drift is back";
  await tell(run, issue, {
    fingerprint,
    text: `${text}. The description of this issue shows what differs now.`,
    news: run.request.news,
  });
  await run.forge.issues.update(issue.number, {
    ...contentOf(run, fingerprint),
    ...(issue.open ? {} : { open: true }),
  });
  return result(issue.open ? "updated" : "reopened", issue);
};

const close = async (run: Run, issue: ForgeIssue): Promise<DriftIssueResult> => {
  await tell(run, issue, { fingerprint: "", text: "No drift any more." });
  const marked = run.request.announced === true ? markedOf(issue) : null;
  const body =
    marked === null ? {} : { body: withMarker("drift", { ...marked.fields, ...untold }, marked.text) };
  await run.forge.issues.update(issue.number, { ...body, open: false });
  return result("closed", issue);
};

const closeDuplicate = async (run: Run, issue: ForgeIssue, kept: ForgeIssue): Promise<void> => {
  await run.forge.commentsOn({ kind: "issue", number: issue.number }).create(`Duplicate of #${kept.number}.`);
  await run.forge.issues.update(issue.number, { open: false });
};

const result = (outcome: DriftIssueResult["outcome"], { number, url }: ForgeIssue): DriftIssueResult => ({
  outcome,
  number,
  url,
});

const contentOf = (
  { forge, request: { subject, title, body, announced } }: Run,
  fingerprint: string,
  isUntold = announced === true,
): IssueContent => ({
  title: title.length > longestTitle ? `${title.slice(0, longestTitle - 1).toWellFormed()}…` : title,
  body: withMarker(
    "drift",
    { ...fieldsOf(subject), fingerprint, ...(isUntold ? untold : {}) },
    forge.prepare(body),
  ),
});

/** GitLab takes 255 characters, GitHub 256. */
const longestTitle = 250;

/** Comments on the issue, unless our last comment there says the same. */
const tell = async (
  { forge, viewer }: Run,
  issue: ForgeIssue,
  note: { readonly fingerprint: string; readonly text: string; readonly news?: string },
): Promise<void> => {
  const comments = forge.commentsOn({ kind: "issue", number: issue.number });
  const { runUrl } = forge.description;
  const link = runUrl === null ? "" : ` ([run](${runUrl}))`;
  const text = forge.prepare(`${note.text}${link}${note.news === undefined ? "" : `\n\n${note.news}`}`);
  for (let attempt = 1; ; attempt += 1) {
    const last = (await comments.list())
      .filter((comment) => isOurs(comment, viewer))
      .sort((a, b) => a.id - b.id)
      .flatMap((comment) => readAnyMarker("drift-note", comment.body) ?? [])
      .at(-1);
    if (last?.fields.fingerprint === note.fingerprint) return;
    try {
      await comments.create(withMarker("drift-note", { fingerprint: note.fingerprint }, text));
      return;
    } catch (error) {
      if (!(error instanceof ForgeError) || !error.uncertain || attempt >= 3) throw error;
      await forge.clock.sleep(1000 * attempt);
    }
  }
};
