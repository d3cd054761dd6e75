import { builtInRules } from "../../../src/plan/built-in-rules.ts";
import type { Drift } from "../../../src/drift/drift.ts";
import { findDrift } from "../../../src/drift/find-drift.ts";
import { comparison } from "../drift/sketches.ts";
import { allow, type DesiredSketch, type LiveSketch, policy, position, user } from "../plan/builders.ts";

export const administrator = "arn:aws:iam::aws:policy/AdministratorAccess";

export const driftOf = (wanted: DesiredSketch, there: LiveSketch): Drift =>
  findDrift({ ...comparison(wanted, there), builtInRules });

/** Something of each kind, with names that would like to be more than names. */
export const richDrift = (): Drift => {
  const drift = driftOf(
    {
      name: "acme",
      users: [user("jane", { title: "Engineer" })],
      groups: [{ displayName: "Devs", description: "Developers" }, "Auditors"],
      managedMembers: ["Devs"],
      memberships: ["Devs/jane"],
      permissionSets: [
        {
          name: "Dev",
          sessionDuration: 28800,
          inlinePolicy: policy({ Version: "2012-10-17", Statement: [allow("s3:GetObject")] }),
        },
        { name: "Audit" },
        { name: "Old" },
      ],
      assignments: ["111111111111/Audit/group:Auditors", "222222222222/Dev/group:Devs"],
      origins: {
        "user/jane": { position: position(3) },
        "permissionSet/Dev": { position: position(9) },
        "group/Devs": { position: position(6) },
        "assignment/111111111111/Audit/group:Auditors": { position: position(20) },
        "assignment/222222222222/Audit/group:Auditors": {
          position: position(21),
          until: Date.UTC(2026, 0, 1),
        },
      },
    },
    {
      users: [user("jane", { title: "@channel <b>Boss</b>" }), "eve|`x`"],
      groups: [{ displayName: "Devs", description: "Others" }, "Auditors", "AWSControlTowerAdmins"],
      memberships: ["Devs/eve|`x`"],
      permissionSets: [
        {
          name: "Dev",
          sessionDuration: 43200,
          inlinePolicy: policy({ Version: "2012-10-17", Statement: [allow(["s3:GetObject", "iam:*"])] }),
        },
        { name: "Audit" },
        { name: "Shadow", managedPolicies: [administrator] },
      ],
      assignments: [
        "222222222222/Dev/group:Devs",
        "222222222222/Audit/group:Auditors",
        "111111111111/Audit/orphan:gone-1",
        "111111111111/Shadow/user:eve|`x`",
        "222222222222/Shadow/user:eve|`x`",
      ],
      provisioning: { Audit: { accounts: ["111111111111", "222222222222"], stale: ["111111111111"] } },
      unread: [{ scope: "assignment/333333333333/*", reason: "sso:ListAccountAssignments: not allowed" }],
    },
  );
  const [worst, ...others] = drift.findings;
  if (worst === undefined) throw new Error("no findings");
  const deed = {
    time: "2026-06-01T10:00:00Z",
    event: "CreateAccountAssignment",
    actor: "arn:aws:sts::999999999999:assumed-role/Admin/eve",
    from: "203.0.113.7",
    eventId: "e-1",
  };
  const who = { since: "2026-03-03T00:00:00Z", notes: ["CloudTrail has nothing on some of these"] };
  return { ...drift, findings: [{ ...worst, who: [deed] }, ...others], who };
};
