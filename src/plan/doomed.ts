import type { Reason } from "./plan.ts";

/** Which users, groups and permission sets go, by name, and why: see deletions.ts. */
export interface Doomed {
  readonly users: ReadonlyMap<string, Reason>;
  readonly groups: ReadonlyMap<string, Reason>;
  readonly permissionSets: ReadonlyMap<string, Reason>;
  /**
   * Permission sets that would go, but for something of theirs that has to stay: they wait, and what can go of theirs
   * does not. Access that was to be taken is never left because of an account that is not active.
   */
  readonly emptied: ReadonlyMap<string, Reason>;
}

export type Parents = Exclude<keyof Doomed, "emptied">;

export type MutableDoomed = { readonly [K in keyof Doomed]: Map<string, Reason> };
