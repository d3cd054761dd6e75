import { groupAddress } from "../model/address.ts";
import type { Finding } from "../model/finding.ts";
import { remember } from "../model/remember.ts";
import type { Comparison, Difference } from "./difference.ts";
import { unusedProtections } from "./guards/protected.ts";
import { powerOf } from "./power.ts";

/** What does not stop the plan, and should be known. */
export const planWarnings = (comparison: Comparison, difference: Difference): Finding[] => [
  // First: a rule that covers whoever may join such a group covers something.
  ...openAdministrators(comparison),
  ...unusedIgnoreRules(comparison),
  ...unusedProtections(comparison),
  ...provisionedWithoutAssignments(comparison, difference),
];

/** Who is in them decides who is an administrator, and the manifest leaves that open. */
const openAdministrators = ({ desired, live, ignore }: Comparison): Finding[] => {
  const { state, scope, origins } = desired;
  const givesAll = remember((name): boolean => {
    const set = state.permissionSets.get(name) ?? live.state.permissionSets.get(name);
    return set !== undefined && powerOf(set).includes("administrator");
  });
  const open = new Map<string, string>();
  for (const { principalType, principal, permissionSet } of state.assignments.values()) {
    if (principalType === "GROUP" && state.groups.has(principal) && givesAll(permissionSet)) {
      const known = open.get(principal);
      if (known === undefined || permissionSet < known) open.set(principal, permissionSet);
    }
  }
  return [...open].flatMap(([group, permissionSet]) => {
    if (scope.managedMembers.has(group) || live.externallyOwned.groups.has(group)) return [];
    if (ignore.membership({ group, user: anybody }) !== null) return [];
    const address = groupAddress(group);
    const position = origins.get(address)?.position;
    return [
      {
        code: "open-administrators",
        severity: "warning" as const,
        message: `group "${group}" has administrator access (${permissionSet}), and the manifest does not say who is in it: whoever is added to it by hand is an administrator, and apply leaves that alone`,
        hint: "List its `members` (an empty list: nobody). Where somebody else sets them, say so: `external: true` if the identity provider owns the group, else an ignore rule with `groups`, `users` and the reason",
        address,
        ...(position === undefined ? {} : { position }),
      },
    ];
  });
};

/** No user has this name, so that only a pattern for everybody matches it. */
const anybody = "\u0000";

/** Only where everything was read: what a rule is for may be what could not be read. */
const unusedIgnoreRules = ({ ignore, live }: Comparison): Finding[] =>
  live.coverage.unread.length > 0
    ? []
    : ignore.unused().map(({ reason, position }) => ({
        code: "ignore-rule-unused",
        severity: "warning",
        message: `this ignore rule (${reason}) covers nothing`,
        hint: "Remove it, or check its patterns",
        position,
      }));

const provisionedWithoutAssignments = ({ live }: Comparison, { changes }: Difference): Finding[] => {
  const deleted = changes.flatMap((change) =>
    change.kind === "permissionSet" && change.action === "delete" ? [change] : [],
  );
  if (deleted.length === 0) return [];
  const assigned = new Map<string, Set<string>>(deleted.map(({ before }) => [before.name, new Set()]));
  for (const { permissionSet, accountId } of live.state.assignments.values()) {
    assigned.get(permissionSet)?.add(accountId);
  }
  return deleted.flatMap(({ address, before: { name } }) => {
    const left = (live.provisioning.get(name)?.accounts ?? []).filter((id) => !assigned.get(name)?.has(id));
    if (left.length === 0) return [];
    return [
      {
        code: "provisioned-without-assignments",
        severity: "warning" as const,
        message: `permission set "${name}" is provisioned in accounts where nobody is assigned (${left.join(", ")}): AWS may refuse to delete it`,
        hint: "Where AWS refuses, assign it to somebody in each of these accounts and remove that assignment again",
        address,
      },
    ];
  });
};
