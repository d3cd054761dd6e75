import type { DesiredSketch, LiveSketch } from "../plan/builders.ts";
import { allow, permissionSet, plan, policy, position, user } from "../plan/builders.ts";
import type { Plan } from "../../../src/plan/plan.ts";

/** One plan that has something of everything, as a reviewer could meet it. */
export const accountNames: ReadonlyMap<string, string> = new Map([
  ["111111111111", "production"],
  ["222222222222", "development"],
  ["333333333333", "staging"],
  ["444444444444", "legacy"],
  ["999999999999", "management"],
]);

const wanted: DesiredSketch = {
  name: "acme",
  users: [
    user("jane.doe", {
      givenName: "Jane",
      familyName: "Doe",
      "email.value": "jane.doe@company.com",
      "email.type": "work",
      "email.primary": true,
    }),
    user("max.ruiz", { title: "Platform Engineer", nickName: null }),
  ],
  groups: [
    { displayName: "Platform-Admins", description: "Full admin access to all accounts" },
    { displayName: "Developers", description: "Developer access to dev and staging accounts" },
    "Auditors",
  ],
  memberships: ["Platform-Admins/jane.doe", "Developers/jane.doe", "Developers/max.ruiz"],
  permissionSets: [
    {
      name: "AdministratorAccess",
      description: "Full admin access",
      sessionDuration: 4 * 3600,
      managedPolicies: ["arn:aws:iam::aws:policy/AdministratorAccess"],
      owner: "acme",
    },
    {
      name: "DeveloperAccess",
      sessionDuration: 8 * 3600,
      customerManagedPolicies: [{ name: "BoundaryReader", path: "/platform/" }],
      inlinePolicy: policy({
        Version: "2012-10-17",
        Statement: [
          allow(["ec2:*", "lambda:*", "s3:GetObject", "s3:PutObject"], "*", "Build"),
          {
            Sid: "Regions",
            Effect: "Deny",
            NotAction: "iam:*",
            Resource: "*",
            Condition: { StringNotEquals: { "aws:RequestedRegion": ["eu-west-1", "eu-central-1"] } },
          },
        ],
      }),
      tags: { team: "platform" },
      owner: "acme",
    },
    { name: "AuditAccess", managedPolicies: ["arn:aws:iam::aws:policy/SecurityAudit"], owner: "acme" },
    {
      name: "BillingAccess",
      managedPolicies: ["arn:aws:iam::aws:policy/job-function/Billing"],
      owner: "acme",
    },
  ],
  assignments: [
    "111111111111/AdministratorAccess/group:Platform-Admins",
    "999999999999/BillingAccess/user:max.ruiz",
    "222222222222/DeveloperAccess/group:Developers",
    "333333333333/DeveloperAccess/group:Developers",
    "111111111111/AuditAccess/group:Auditors",
  ],
  managedMembers: ["Platform-Admins", "Developers"],
  removed: { groups: ["Old-Team"] },
  previously: { groups: { Developers: ["Devs"] }, permissionSets: { AuditAccess: ["Audit"] } },
  ignore: [{ permissionSets: ["AWS*"], reason: "owned by Control Tower" }],
  guards: { maxRemovals: { percent: 20, floor: 2 }, protect: ["assignment/111111111111/*"] },
  origins: {
    "assignment/333333333333/DeveloperAccess/group:Developers": { reason: "migration project" },
    "assignment/333333333333/BillingAccess/user:max.ruiz": { until: Date.UTC(2026, 5, 30, 18) },
  },
  skipped: [
    {
      subject: "account/444444444444",
      reason: "account 444444444444 is SUSPENDED",
      position: position(40, "access/assignments.yaml"),
    },
  ],
  findings: [
    {
      code: "overlapping-assignments",
      severity: "warning",
      message: "this assignment is already made by another entry",
      hint: "Remove one of the two",
      position: position(61),
    },
  ],
};

export const there: LiveSketch = {
  users: [
    user("max.ruiz", { title: "Engineer", nickName: "Maxi" }),
    user("john.old"),
    user("eve.admin"),
    "svc.scanner",
  ],
  groups: [
    { displayName: "Devs", description: "Developers" },
    "Old-Team",
    "Auditors",
    "AWSAuditors",
    "Finance",
  ],
  memberships: [
    "Devs/max.ruiz",
    "Devs/john.old",
    "Old-Team/john.old",
    "Finance/eve.admin",
    "AWSAuditors/eve.admin",
  ],
  permissionSets: [
    permissionSet({
      name: "DeveloperAccess",
      sessionDuration: 3600,
      inlinePolicy: policy({
        Version: "2012-10-17",
        Statement: [
          allow(["ec2:*", "s3:GetObject", "sqs:*"], "*", "Build"),
          { Effect: "Deny", Action: ["iam:*", "organizations:*"], Resource: "*" },
        ],
      }),
      permissionsBoundary: { managedPolicyArn: "arn:aws:iam::aws:policy/PowerUserAccess" },
      tags: { team: "old" },
    }),
    permissionSet({ name: "Audit", managedPolicies: ["arn:aws:iam::aws:policy/SecurityAudit"] }),
    permissionSet({
      name: "BillingAccess",
      managedPolicies: ["arn:aws:iam::aws:policy/job-function/Billing"],
      owner: "acme",
    }),
    permissionSet({ name: "LegacyAccess", owner: "acme" }),
    permissionSet("AWSAdministratorAccess"),
    permissionSet("Handmade"),
  ],
  assignments: [
    "222222222222/DeveloperAccess/group:Devs",
    "222222222222/DeveloperAccess/user:john.old",
    "222222222222/DeveloperAccess/orphan:906700000a-11111111-2222-3333-4444-555555555555",
    "333333333333/BillingAccess/user:max.ruiz",
    "222222222222/BillingAccess/user:john.old",
    "111111111111/Audit/group:Auditors",
    "111111111111/LegacyAccess/group:Old-Team",
    "111111111111/AWSAdministratorAccess/group:AWSAuditors",
    "333333333333/Handmade/user:eve.admin",
    "444444444444/DeveloperAccess/user:john.old",
  ],
  accounts: { "444444444444": "SUSPENDED" },
  accountNames: Object.fromEntries(accountNames),
  provisioning: {
    BillingAccess: { accounts: ["111111111111", "222222222222", "333333333333"], stale: ["111111111111"] },
  },
  unread: [
    { scope: "assignment/222222222222/Handmade/*", reason: "AccessDenied: sso:ListAccountAssignments" },
    { scope: "membership/Finance/*", reason: "AccessDenied: identitystore:ListGroupMemberships" },
  ],
};

export const richPlan = (): Plan => plan(wanted, there);

/** What the rich plan can not delete, because not everything there could be read. */
export const removalPlan = (): Plan =>
  plan(
    {
      name: "acme",
      groups: ["Developers"],
      permissionSets: [permissionSet("DeveloperAccess")],
      assignments: ["222222222222/DeveloperAccess/group:Developers"],
      removed: { users: ["john.old"], groups: ["Old-Team"] },
    },
    {
      users: ["john.old"],
      groups: ["Developers", "Old-Team"],
      memberships: ["Old-Team/john.old"],
      permissionSets: [permissionSet("DeveloperAccess")],
      assignments: [
        "222222222222/DeveloperAccess/group:Developers",
        "111111111111/DeveloperAccess/group:Old-Team",
        "222222222222/DeveloperAccess/user:john.old",
      ],
      accountNames: Object.fromEntries(accountNames),
    },
  );
