import type { Change, Plan } from "../plan/plan.ts";
import { few } from "./labels.ts";
import { customerPolicyLabel } from "./object-lines.ts";

/** What the plan needs of people, before or after it is applied: what no API does. Not yet escaped. */
export const followUps = ({ changes }: Plan): string[] => [
  ...newUsers(changes),
  ...managementAccount(changes),
  ...customerManagedPolicies(changes),
];

const newUsers = (changes: readonly Change[]): string[] =>
  newUsersFollowUp(
    changes.flatMap((change) =>
      change.kind === "user" && change.action === "create" ? [change.after.userName] : [],
    ),
  );

/** Nobody hears of an account that was made through the API. [] for no names. */
export const newUsersFollowUp = (names: readonly string[]): string[] =>
  names.length === 0
    ? []
    : [
        `New users (${few(names)}) get neither a password nor an e-mail by themselves: AWS has no API for it. Reset the password of each in the console of IAM Identity Center. Its setting to e-mail one-time passwords to users created with the API (Settings, Authentication) spares that for users who are created once it is on.`,
      ];

const managementAccount = (changes: readonly Change[]): string[] =>
  changes.some(
    ({ kind, action, risk }) =>
      kind === "assignment" && action === "create" && risk.reasons.includes("management-account"),
  )
    ? [
        "Assignments in the management account are made with the IAM rights of whoever applies (iam:CreateRole, iam:PutRolePolicy, iam:AttachRolePolicy, iam:GetSAMLProvider and their like for AWSReservedSSO roles), not with those of IAM Identity Center.",
      ]
    : [];

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
