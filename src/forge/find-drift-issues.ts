import type { Forge, ForgeIssue } from "./forge.ts";
import { isOurs, readMarker } from "./marker.ts";

export interface DriftIssueKey {
  /** The environment: one issue each. */
  readonly key: string;
  /** The first one is what the issue is found by; at least that one is needed. */
  readonly labels: readonly [string, ...string[]];
}

/** The issues of an environment, open and closed, oldest first. `viewer` as the forge tells it. */
export const findDriftIssues = async (
  forge: Forge,
  { key, labels }: DriftIssueKey,
  viewer: string | null,
): Promise<readonly ForgeIssue[]> =>
  (await forge.issues.list(labels[0]))
    .filter((issue) => isOurs(issue, viewer) && readMarker("drift", key, issue.body) !== null)
    .sort((a, b) => a.number - b.number);
