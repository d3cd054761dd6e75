import { type DriftIssueKey, findDriftIssues, markedOf } from "./find-drift-issues.ts";
import type { Forge, ForgeIssue } from "./forge.ts";
import { withMarker } from "./marker.ts";

/** A field in an issue's marker: what became of it is still to be told elsewhere, such as in a chat. */
export const untold = { untold: "yes" } as const;

/**
 * Hands on once what became of the drift issue. The issue remembers what was not handed on because `announce` rejected,
 * and the next run does it. `changed`: this run has changed the issue, so that there is news for certain. Rejects with
 * ForgeError, or as `announce` does.
 */
export const announceNews = async (
  forge: Forge,
  request: DriftIssueKey & { readonly changed: boolean },
  announce: () => Promise<void>,
): Promise<void> => {
  const viewer = await forge.viewer();
  for (let look = 1; look <= (request.changed ? mostLooks : 1); look += 1) {
    // A list may lag behind what was just written.
    if (look > 1) await forge.clock.sleep(1000 * look);
    const issues = await findDriftIssues(forge, request, viewer);
    const news = issues.filter((issue) => markedOf(issue)?.fields.untold === untold.untold);
    // While one is open, what became of others is of no interest any more.
    const current = issues.find(({ open }) => open) ?? news[0];
    if (current === undefined || !news.includes(current)) continue;
    await announce();
    for (const issue of news) await markTold(forge, issue);
    return;
  }
};

const mostLooks = 4;

const markTold = async (forge: Forge, issue: ForgeIssue): Promise<void> => {
  const marked = markedOf(issue);
  if (marked === null) return;
  const { untold: _told, ...fields } = marked.fields;
  await forge.issues.update(issue.number, { body: withMarker("drift", fields, marked.text) });
};
