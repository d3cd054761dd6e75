import type { Assignment, Membership } from "../model/access-state.ts";
import {
  assignmentAddress,
  compareText,
  groupAddress,
  membershipAddress,
  permissionSetAddress,
  userAddress,
} from "../model/address.ts";
import type { DesiredState } from "../model/desired-state.ts";
import type { LiveState } from "../model/live-state.ts";
import type { Note, Plan } from "../plan/plan.ts";
import { type BuiltInRule, type KnownNoise, knownNoise } from "../plan/built-in-rules.ts";
import type { DriftFinding, DriftReason, DriftRisk, FindingBody } from "./drift.ts";
import { judgeUndeclared, noRisk, type UndeclaredRisk } from "./drift-risk.ts";

/**
 * What is live, not declared, and would not be touched by apply. Most of it is drift: somebody made it by hand, and the
 * manifest should say so. No drift is what is known noise, and what the manifest leaves to somebody else on purpose:
 *
 * | a live object                          | that                                                            |
 * |----------------------------------------|-----------------------------------------------------------------|
 * | user, group                            | the identity provider owns                                      |
 * | permission set                         | another manifest owns                                           |
 * | assignment                             | is of such a permission set, or of one declared as external     |
 * | membership                             | is of a group of the identity provider, or of one that is       |
 * |                                        | declared without `members` and reaches nothing                  |
 *
 * Where only what is declared counts, none of it is drift: a team that adopts a manifest step by step knows that most
 * of its access is not in there yet. What mode additive withholds, and who joined a declared group, hangs on something
 * declared, and counts.
 */
export const findUndeclared = (
  plan: Plan,
  desired: DesiredState,
  live: LiveState,
  rules: readonly BuiltInRule[],
  onlyDeclared: boolean,
): { readonly findings: readonly DriftFinding[]; readonly ignored: readonly Note[] } => {
  const noise = knownNoise(rules, live);
  const risk = judgeUndeclared(live);
  const context: Context = { desired, live, reaches: reachOfGroups(desired, risk) };
  const notes = [
    ...plan.unmanaged.map((note) => ({ ...note, code: "not-declared" as const })),
    ...plan.withheld.map((note) => ({ ...note, code: "withheld" as const })),
  ];
  const bodies = liveObjects(new Set(notes.map(({ address }) => address)), live);
  const findings: DriftFinding[] = [];
  const ignored: Note[] = plan.ignored.map(({ address, reason }) => ({
    address,
    reason: `${reason} (ignore rule of the manifest)`,
  }));
  for (const { address, reason, code } of notes) {
    const body = bodies.get(address);
    if (body === undefined) continue;
    // What mode additive keeps back is not as declared, whoever owns what it hangs on.
    const noDrift =
      code === "withheld"
        ? null
        : (noiseOf(body, noise) ??
          someoneElses(body, context) ??
          (onlyDeclared && !hasDeclaredGroup(body, desired) ? leftOut : null));
    if (noDrift === null) findings.push(findingOf(address, body, { code, detail: reason }, desired, risk));
    else ignored.push({ address, reason: noDrift });
  }
  return {
    findings,
    ignored: ignored.sort((a, b) => compareText(a.address, b.address) || compareText(a.reason, b.reason)),
  };
};

const leftOut = "not declared (--only-declared)";

interface Context {
  readonly desired: DesiredState;
  readonly live: LiveState;
  /** Whether who is in the group has access by that, or will have when the manifest is applied. */
  readonly reaches: (group: string) => boolean;
}

const reachOfGroups = ({ state }: DesiredState, risk: UndeclaredRisk): Context["reaches"] => {
  let declared: ReadonlySet<string> | undefined;
  return (group) => {
    declared ??= new Set(
      [...state.assignments.values()].flatMap(({ principalType, principal }) =>
        principalType === "GROUP" ? [principal] : [],
      ),
    );
    return declared.has(group) || risk.joining(group).access !== "none";
  };
};

const hasDeclaredGroup = (body: UndeclaredBody, { state }: DesiredState): boolean =>
  body.kind === "membership" && state.groups.has(body.live.group);

const findingOf = (
  address: string,
  body: UndeclaredBody,
  reason: DriftReason,
  { origins }: DesiredState,
  risk: UndeclaredRisk,
): DriftFinding => {
  const orphaned = reason.code === "withheld" && body.kind === "assignment" && body.live.orphan === true;
  return {
    ...body,
    bucket: orphaned ? "changed" : "unmanaged",
    address,
    reason: orphaned ? { code: "orphaned" } : reason,
    differences: [],
    position:
      body.kind === "membership" ? (origins.get(groupAddress(body.live.group))?.position ?? null) : null,
    repair: "none",
    risk: riskOf(body, risk),
  };
};

const riskOf = (body: UndeclaredBody, risk: UndeclaredRisk): DriftRisk => {
  switch (body.kind) {
    case "assignment":
      return risk.assignment(body.live);
    case "membership":
      return risk.joining(body.live.group);
    // Nobody gains anything before it is assigned, or has members.
    case "user":
    case "group":
    case "permissionSet":
      return noRisk;
  }
};

type Declarable = Exclude<FindingBody, { readonly kind: "provisioning" }>;

type UndeclaredBody = Declarable extends infer B
  ? B extends Declarable
    ? { readonly kind: B["kind"]; readonly declared: null; readonly live: NonNullable<B["live"]> }
    : never
  : never;

const noiseOf = (body: UndeclaredBody, noise: KnownNoise): string | null => {
  switch (body.kind) {
    case "group":
      return noise.group(body.live);
    case "permissionSet":
      return noise.permissionSet(body.live);
    case "assignment":
      return noise.assignment(body.live);
    // Who people are, and what they were added to, is somebody's decision each time.
    case "user":
    case "membership":
      return null;
  }
};

const someoneElses = (body: UndeclaredBody, context: Context): string | null => {
  const { desired, live } = context;
  switch (body.kind) {
    case "user":
      return live.externallyOwned.users.has(body.live.userName) ? byIdentityProvider : null;
    case "group":
      return live.externallyOwned.groups.has(body.live.displayName) ? byIdentityProvider : null;
    case "permissionSet":
      return byOtherManifest(body.live.name, live);
    case "membership":
      return membershipOfOthers(body.live, context);
    case "assignment":
      return assignmentOfOthers(body.live, desired, live);
  }
};

const byIdentityProvider = "owned by the identity provider";

const byOtherManifest = (name: string, { state }: LiveState): string | null => {
  const owner = state.permissionSets.get(name)?.owner ?? null;
  return owner === null ? null : `its permission set belongs to manifest "${owner}" (tag reconcile:owner)`;
};

const membershipOfOthers = (
  { group }: Membership,
  { desired: { scope, state }, live, reaches }: Context,
): string | null => {
  if (scope.external.groups.has(group) || live.externallyOwned.groups.has(group)) return byIdentityProvider;
  return state.groups.has(group) && !scope.managedMembers.has(group) && !reaches(group)
    ? "members of its group are not declared, and it gives no access"
    : null;
};

const assignmentOfOthers = (
  { permissionSet }: Assignment,
  { scope, state }: DesiredState,
  live: LiveState,
): string | null => {
  if (scope.external.permissionSets.has(permissionSet)) return "its permission set is declared as external";
  return state.permissionSets.has(permissionSet) ? null : byOtherManifest(permissionSet, live);
};

/** The live objects at these addresses. */
const liveObjects = (
  addresses: ReadonlySet<string>,
  { state }: LiveState,
): ReadonlyMap<string, UndeclaredBody> => {
  const found = new Map<string, UndeclaredBody>();
  if (addresses.size === 0) return found;
  const put = (address: string, body: UndeclaredBody): void => {
    if (addresses.has(address)) found.set(address, body);
  };
  for (const user of state.users.values()) {
    put(userAddress(user.userName), { kind: "user", declared: null, live: user });
  }
  for (const [name, group] of state.groups) {
    put(groupAddress(name), { kind: "group", declared: null, live: group });
  }
  for (const set of state.permissionSets.values()) {
    put(permissionSetAddress(set.name), { kind: "permissionSet", declared: null, live: set });
  }
  for (const membership of state.memberships.values()) {
    put(membershipAddress(membership), { kind: "membership", declared: null, live: membership });
  }
  for (const assignment of state.assignments.values()) {
    put(assignmentAddress(assignment), { kind: "assignment", declared: null, live: assignment });
  }
  return found;
};
