import type { Position } from "./finding.ts";

/** Settings of the guards that judge a finished plan (`guards` in the manifest), with every default written out. */
export interface Guards {
  /** Of one kind of object, more than `floor` and more than `percent` of the live ones may not go in one run. */
  readonly maxRemovals: Share;
  /** The same for what goes because the manifest no longer mentions it, over all kinds together. */
  readonly maxShrink: Share;
  readonly emptyManifest: OnOff;
  /** Address globs. */
  readonly protect: readonly string[];
  readonly selfLockout: OnOff;
  readonly breakGlass: readonly BreakGlassRule[];
  readonly minAdministrators: readonly MinAdministratorsRule[];
  /** Which changes need a plan that somebody has seen. */
  readonly approval: "never" | "broadening" | "any";
  readonly delegatedAdministrator: OnOff;
  readonly freeze: readonly FreezeWindow[];
  readonly quotas: { readonly permissionSets: number; readonly permissionSetsPerAccount: number };
}

type OnOff = "refuse" | "allow";

interface Share {
  readonly percent: number;
  readonly floor: number;
}

/** Each of these users and groups keeps administrator access to each of these accounts. */
export interface BreakGlassRule {
  readonly users: readonly string[];
  readonly groups: readonly string[];
  /** Through one of these; null: through any. */
  readonly permissionSets: readonly string[] | null;
  /** Ids, sorted. */
  readonly accounts: readonly string[];
  readonly position: Position;
}

/** Each of these accounts keeps this many people with administrator access. */
interface MinAdministratorsRule {
  readonly accounts: readonly string[];
  readonly people: number;
  readonly position: Position;
}

/** A time in which nothing is applied. */
export interface FreezeWindow {
  /** One of its own. */
  readonly name: string;
  readonly reason: string;
  readonly time: FreezeTime;
}

/** `once` is in epoch milliseconds, half open. */
export type FreezeTime = { readonly kind: "once"; readonly from: number; readonly to: number } | WeeklyTime;

export interface WeeklyTime {
  readonly kind: "weekly";
  /** On which it begins; 0 is Sunday. */
  readonly days: readonly number[];
  /** In minutes since midnight by the clocks of the zone. Where `to` is not after `from`, it is one of the next day. */
  readonly from: number;
  readonly to: number;
  /** IANA name. */
  readonly timeZone: string;
}

/** As in the schema's `default`s. */
export const defaultGuards: Guards = {
  maxRemovals: { percent: 30, floor: 10 },
  maxShrink: { percent: 50, floor: 5 },
  emptyManifest: "refuse",
  protect: [],
  selfLockout: "refuse",
  breakGlass: [],
  minAdministrators: [],
  approval: "never",
  delegatedAdministrator: "refuse",
  freeze: [],
  quotas: { permissionSets: 3500, permissionSetsPerAccount: 500 },
};
