import type { Finding } from "../model/finding.ts";
import type { Comparison, Difference } from "./difference.ts";
import { unusedProtections } from "./guards/protected.ts";

/** What does not stop the plan, and should be known. */
export const planWarnings = (comparison: Comparison, difference: Difference): Finding[] => [
  ...unusedIgnoreRules(comparison),
  ...unusedProtections(comparison),
  ...provisionedWithoutAssignments(comparison, difference),
];

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
