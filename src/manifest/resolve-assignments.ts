import type { AssignmentEntry } from "../generated/manifest.ts";
import type { Assignment, PrincipalType } from "../model/access-state.ts";
import { assignmentAddress } from "../model/address.ts";
import type { Origin, Skipped } from "../model/desired-state.ts";
import type { Finding } from "../model/finding.ts";
import { parseTimestamp } from "../model/timestamp.ts";
import type { LoadedManifest } from "./loaded-manifest.ts";
import { selectAccounts } from "./select-accounts.ts";
import type { AccountDirectory } from "./select-directory.ts";

export interface ResolvedAssignments {
  /** By address. */
  readonly assignments: ReadonlyMap<string, Assignment>;
  /** Accounts that are not active, and addresses that have expired. */
  readonly skipped: readonly Skipped[];
  readonly findings: readonly Finding[];
}

/**
 * Every combination of principals, permission sets and accounts of every entry. One entry's combinations share its
 * origin: there can be a million of them. An entry whose end has passed grants nothing; its addresses get an origin
 * all the same (unless another entry grants them), so that their deletion can say why. Adds to `origins`.
 */
export const resolveAssignments = (
  manifest: LoadedManifest,
  directory: AccountDirectory,
  now: number,
  origins: Map<string, Origin>,
): ResolvedAssignments => {
  const findings: Finding[] = [];
  const inactive = new Map<string, Skipped>();
  const expired: [AssignmentEntry, readonly string[], Origin][] = [];
  const assignments = new Map<string, Assignment>();
  for (const [index, entry] of (manifest.value.assignments ?? []).entries()) {
    const origin = originOf(entry, manifest.position(["assignments", index]));
    const path = ["assignments", index, "accounts"];
    const selected = selectAccounts(entry.accounts, directory, path, manifest);
    if (origin.until !== undefined && origin.until <= now) {
      expired.push([entry, selected.ids, origin]);
      continue;
    }
    findings.push(...selected.findings);
    for (const { id, state } of selected.inactive) {
      const subject = `account/${id}`;
      if (inactive.has(subject)) continue;
      inactive.set(subject, {
        subject,
        reason: `the account is ${state}`,
        position: manifest.position(path),
      });
    }
    const overlaps = new Map<Origin, Overlap>();
    for (const assignment of combinations(entry, selected.ids)) {
      const address = assignmentAddress(assignment);
      const size = assignments.size;
      assignments.set(address, assignment);
      const earlier = assignments.size === size ? origins.get(address) : undefined;
      if (earlier !== undefined) count(overlaps, earlier, address);
      if (earlier === undefined || outlasts(origin, earlier)) origins.set(address, origin);
    }
    findings.push(...[...overlaps].map(([earlier, overlap]) => overlapping(origin, earlier, overlap)));
  }
  const skipped = [...inactive.values(), ...skipExpired(expired, assignments, origins)];
  return { assignments, skipped, findings };
};

const skipExpired = (
  expired: readonly [AssignmentEntry, readonly string[], Origin][],
  assignments: ReadonlyMap<string, Assignment>,
  origins: Map<string, Origin>,
): Skipped[] => {
  const skipped: Skipped[] = [];
  for (const [entry, ids, origin] of expired) {
    for (const assignment of combinations(entry, ids)) {
      const address = assignmentAddress(assignment);
      if (assignments.has(address)) continue;
      if (!origins.has(address)) {
        skipped.push({ subject: address, reason: "expired", position: origin.position });
      }
      const earlier = origins.get(address);
      if (earlier === undefined || outlasts(origin, earlier)) origins.set(address, origin);
    }
  }
  return skipped;
};

function* combinations(entry: AssignmentEntry, accountIds: readonly string[]): Generator<Assignment> {
  const principals: readonly (readonly [PrincipalType, string])[] = [
    ...(entry.groups ?? []).map((name) => ["GROUP", name] as const),
    ...(entry.users ?? []).map((name) => ["USER", name] as const),
  ];
  for (const accountId of accountIds) {
    for (const permissionSet of entry.permissionSets) {
      for (const [principalType, principal] of principals) {
        yield { accountId, permissionSet, principalType, principal };
      }
    }
  }
}

const originOf = ({ reason, until }: AssignmentEntry, position: Origin["position"]): Origin => ({
  position,
  ...(reason === undefined ? {} : { reason }),
  ...(until === undefined ? {} : { until: timeOf(until) }),
});

/** Loading has refused whatever is no time. */
export const timeOf = (until: string): number => {
  const time = parseTimestamp(until);
  if (time === null) throw new Error(`not checked on loading: time ${until}`);
  return time;
};

/** Access that two entries give lasts as long as the longer of the two. */
const outlasts = (origin: Origin, other: Origin): boolean =>
  (origin.until ?? Number.POSITIVE_INFINITY) > (other.until ?? Number.POSITIVE_INFINITY);

interface Overlap {
  readonly first: string;
  count: number;
}

const count = (overlaps: Map<Origin, Overlap>, earlier: Origin, address: string): void => {
  const overlap = overlaps.get(earlier);
  if (overlap === undefined) overlaps.set(earlier, { first: address, count: 1 });
  else overlap.count += 1;
};

const overlapping = (origin: Origin, earlier: Origin, overlap: Overlap): Finding => {
  const more = overlap.count > 1 ? ` and ${overlap.count - 1} more` : "";
  const lasting = origin.until === earlier.until ? "" : "; the later end counts";
  return {
    code: "overlapping-assignment",
    severity: "warning",
    message: `Another entry gives the same access: ${overlap.first}${more}${lasting}`,
    hint: "take it out of one of the two: as long as both stand there, taking it out of one removes nothing",
    position: origin.position,
    related: { message: "the other entry", position: earlier.position },
    address: overlap.first,
  };
};
