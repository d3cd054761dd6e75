import type { Reason } from "./plan.ts";

/** Which users, groups and permission sets go, by name, and why: see deletions.ts. */
export interface Doomed extends ByParent {
  /**
   * Those that would go, but for something of theirs that has to stay or could not be read: they wait, and what can go
   * of theirs does not. Access that was to be taken is never left because of another account that is not active.
   */
  readonly emptied: ByParent;
}

type ByParent = Readonly<Record<Parents, ReadonlyMap<string, Reason>>>;

/** What assignments and memberships hang on. */
export type Parents = "users" | "groups" | "permissionSets";

export type MutableDoomed = Readonly<Record<Parents, Map<string, Reason>>> & {
  readonly emptied: Readonly<Record<Parents, Map<string, Reason>>>;
};

/** Lets it wait. */
export const empty = (doomed: MutableDoomed, kind: Parents, name: string): void => {
  const verdict = doomed[kind].get(name);
  if (verdict !== undefined) doomed.emptied[kind].set(name, verdict);
  doomed[kind].delete(name);
};
