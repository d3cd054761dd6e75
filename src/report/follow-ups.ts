import type { Change, Plan } from "../plan/plan.ts";
import { few } from "./labels.ts";
import { customerPolicyLabel } from "./object-lines.ts";

/** What the plan needs of people, before or after it is applied: what no API does. Not yet escaped. */
export const followUps = ({ changes }: Plan): string[] => [
  ...newUsers(changes),
  ...customerManagedPolicies(changes),
];

const newUsers = (changes: readonly Change[]): string[] => {
  const names = changes.flatMap((change) =>
    change.kind === "user" && change.action === "create" ? [change.after.userName] : [],
  );
  if (names.length === 0) return [];
  return [
    `New users (${few(names)}) get neither a password nor an e-mail by themselves: AWS has no API for it. In the console of IAM Identity Center, reset the password of each, or, before applying, let it e-mail one-time passwords to users that are created with the API (Settings, Authentication).`,
  ];
};

const customerManagedPolicies = (changes: readonly Change[]): string[] =>
  changes.flatMap((change) => {
    if (change.kind !== "permissionSet" || change.action === "delete") return [];
    const before = new Set(change.before?.customerManagedPolicies.map(customerPolicyLabel));
    const boundary = change.after.permissionsBoundary;
    const needed = [
      ...change.after.customerManagedPolicies,
      ...(boundary !== null && "customerManagedPolicy" in boundary ? [boundary.customerManagedPolicy] : []),
    ]
      .map(customerPolicyLabel)
      .filter((policy) => !before.has(policy));
    if (needed.length === 0) return [];
    return [
      `${change.after.name} refers to customer managed policies (${[...new Set(needed)].join(", ")}): they must exist in every account where it is assigned, or AWS refuses to provision it there.`,
    ];
  });
