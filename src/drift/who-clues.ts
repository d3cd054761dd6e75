import type { Assignment, Membership } from "../model/access-state.ts";
import { membershipAddress } from "../model/address.ts";
import type { DriftFinding } from "./drift.ts";
import type { KnownIds } from "./who-ids.ts";

/** An event can have brought a finding about when it is one of these calls and mentions all of these ids. */
export interface Clue {
  readonly calls: readonly string[];
  readonly ids: readonly string[];
}

/** Names of the calls to look up for a finding: those of its clues, and those that tell the ids of what is gone. */
export const callsFor = (finding: DriftFinding): readonly string[] => {
  const makers = finding.bucket === "missing" ? makersOf[finding.kind] : undefined;
  return [...callsOf(finding), ...(makers ?? [])];
};

/** Any of them is enough; none where nothing ties an event to the finding. */
export const cluesFor = (finding: DriftFinding, known: KnownIds): readonly Clue[] => {
  const calls = callsOf(finding);
  const clue = (...ids: readonly (string | undefined)[]): Clue[] => {
    const all = ids.filter((id) => id !== undefined);
    return all.length === ids.length ? [{ calls, ids: all }] : [];
  };
  const sets = (name: string): readonly string[] => known.permissionSets.get(name) ?? [];
  switch (finding.kind) {
    case "user":
      return clue(known.users.get((finding.live ?? finding.declared)?.userName ?? ""));
    case "group":
      return clue(known.groups.get((finding.live ?? finding.declared)?.displayName ?? ""));
    case "permissionSet":
      return sets((finding.live ?? finding.declared)?.name ?? "").flatMap((arn) => clue(arn));
    case "provisioning":
      return sets(finding.permissionSet).flatMap((arn) => clue(arn));
    case "membership": {
      const membership = finding.live ?? finding.declared;
      return membership === null ? [] : membershipClues(membership, calls, known);
    }
    case "assignment": {
      const assignment = finding.live ?? finding.declared;
      if (assignment === null) return [];
      if (assignment.orphan === true) return clue(assignment.principal);
      const principal = principalId(assignment, known);
      return sets(assignment.permissionSet).flatMap((arn) => clue(arn, assignment.accountId, principal));
    }
  }
};

/** A call names either both ends of a membership, or nothing but its id. */
const membershipClues = (
  { group, user }: Membership,
  calls: readonly string[],
  { groups, users, memberships }: KnownIds,
): readonly Clue[] => {
  const [groupId, userId] = [groups.get(group), users.get(user)];
  return [
    ...(groupId === undefined || userId === undefined ? [] : [{ calls, ids: [groupId, userId] }]),
    ...(memberships.get(membershipAddress({ group, user })) ?? []).map((id) => ({ calls, ids: [id] })),
  ];
};

const principalId = (
  { principalType, principal }: Assignment,
  { groups, users }: KnownIds,
): string | undefined => (principalType === "GROUP" ? groups : users).get(principal);

const callsOf = (finding: DriftFinding): readonly string[] => {
  const { bucket, kind } = finding;
  if (kind === "provisioning") return roleEdits;
  if (kind === "assignment" && finding.live?.orphan === true) {
    return [finding.live.principalType === "GROUP" ? "DeleteGroup" : "DeleteUser"];
  }
  if (kind === "permissionSet" && bucket === "changed") {
    return [...new Set(finding.differences.flatMap(({ attribute }) => editCalls[attribute] ?? []))];
  }
  const { made, gone, changed } = lifeCalls[kind];
  return finding.live === null ? gone : finding.declared === null ? made : changed;
};

const lifeCalls: Readonly<
  Record<
    Exclude<DriftFinding["kind"], "provisioning">,
    {
      readonly made: readonly string[];
      readonly gone: readonly string[];
      readonly changed: readonly string[];
    }
  >
> = {
  user: { made: ["CreateUser"], gone: ["DeleteUser"], changed: ["UpdateUser"] },
  group: { made: ["CreateGroup"], gone: ["DeleteGroup"], changed: ["UpdateGroup"] },
  membership: {
    made: ["CreateGroupMembership", "AddMemberToGroup"],
    gone: ["DeleteGroupMembership", "RemoveMemberFromGroup"],
    changed: [],
  },
  permissionSet: { made: ["CreatePermissionSet"], gone: ["DeletePermissionSet"], changed: [] },
  assignment: { made: ["CreateAccountAssignment"], gone: ["DeleteAccountAssignment"], changed: [] },
};

const makersOf: Readonly<Partial<Record<DriftFinding["kind"], readonly string[]>>> = {
  membership: ["CreateGroupMembership"],
  permissionSet: ["CreatePermissionSet"],
};

const settings = ["UpdatePermissionSet"];
const tagging = ["TagResource", "UntagResource"];

/** What changes an attribute of a permission set. */
const editCalls: Readonly<Record<string, readonly string[]>> = {
  description: settings,
  sessionDuration: settings,
  relayState: settings,
  managedPolicies: ["AttachManagedPolicyToPermissionSet", "DetachManagedPolicyFromPermissionSet"],
  customerManagedPolicies: [
    "AttachCustomerManagedPolicyReferenceToPermissionSet",
    "DetachCustomerManagedPolicyReferenceFromPermissionSet",
  ],
  inlinePolicy: ["PutInlinePolicyToPermissionSet", "DeleteInlinePolicyFromPermissionSet"],
  permissionsBoundary: [
    "PutPermissionsBoundaryToPermissionSet",
    "DeletePermissionsBoundaryFromPermissionSet",
  ],
  tags: tagging,
  owner: tagging,
};

/** Tags are not on roles, so that they leave none behind. */
const roleEdits: readonly string[] = [
  ...new Set(
    Object.entries(editCalls)
      .filter(([attribute]) => attribute !== "tags" && attribute !== "owner")
      .flatMap(([, calls]) => calls),
  ),
];
