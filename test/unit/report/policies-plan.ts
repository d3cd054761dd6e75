import { allow, permissionSet, plan, policy, position } from "../plan/builders.ts";
import type { Plan } from "../../../src/plan/plan.ts";

const aws = (name: string): string => `arn:aws:iam::aws:policy/${name}`;
const document = (action: string) =>
  policy({ Version: "2012-10-17", Statement: [allow(action, "*", "Only")] });
const console = (service: string): string => `https://us-east-1.console.aws.amazon.com/${service}/`;

/**
 * What the rich plan has not: each way in which a policy, a boundary or an attribute of a set comes, changes and goes;
 * deletions that mode additive keeps back and one that mode exclusive makes; a guard that is let through and one that asks for a review.
 */
export const policiesPlan = (): Plan =>
  plan(
    {
      mode: "additive",
      modes: { groups: "exclusive" },
      groups: ["Team"],
      permissionSets: [
        {
          name: "Comes",
          description: "Now described",
          relayState: console("s3"),
          managedPolicies: [aws("ReadOnlyAccess")],
          customerManagedPolicies: [{ name: "Mine", path: "/" }],
          inlinePolicy: document("s3:GetObject"),
          permissionsBoundary: { managedPolicyArn: aws("PowerUserAccess") },
          tags: { team: "platform" },
        },
        {
          name: "Differs",
          description: "After",
          relayState: console("ec2"),
          sessionDuration: 12 * 3600,
          managedPolicies: [aws("IAMFullAccess"), aws("ReadOnlyAccess")],
          customerManagedPolicies: [{ name: "Mine", path: "/new/" }],
          inlinePolicy: document("ec2:*"),
          permissionsBoundary: { customerManagedPolicy: { name: "Fence", path: "/" } },
          tags: { team: "after" },
        },
        { name: "Goes", tags: {} },
      ],
      assignments: ["111111111111/Comes/group:Team", "222222222222/Differs/group:Team"],
      guards: { approval: "any", emptyManifest: "allow", protect: ["group/Extra"] },
      managedMembers: ["Team"],
      removed: { users: ["gone"] },
      findings: [
        { code: "unused-group", severity: "warning", message: "Nobody is in 'Team'", position: position(4) },
      ],
    },
    {
      users: ["gone", "jane"],
      groups: ["Team", "Extra"],
      memberships: ["Team/jane"],
      permissionSets: [
        permissionSet("Comes"),
        {
          name: "Differs",
          description: "Before",
          relayState: console("s3"),
          sessionDuration: 3600,
          managedPolicies: [aws("ReadOnlyAccess"), aws("SecurityAudit")],
          customerManagedPolicies: [{ name: "Mine", path: "/old/" }],
          inlinePolicy: document("s3:GetObject"),
          permissionsBoundary: { managedPolicyArn: aws("PowerUserAccess") },
          tags: { team: "before" },
        },
        {
          name: "Goes",
          relayState: console("s3"),
          managedPolicies: [aws("ReadOnlyAccess")],
          customerManagedPolicies: [{ name: "Mine", path: "/" }],
          inlinePolicy: document("s3:GetObject"),
          permissionsBoundary: { customerManagedPolicy: { name: "Fence", path: "/" } },
          tags: { team: "platform" },
        },
      ],
      assignments: [
        "111111111111/Comes/group:Team",
        "111111111111/Goes/user:jane",
        "222222222222/Differs/group:Team",
        "222222222222/Differs/user:jane",
      ],
    },
    new Map([["protected", "group/Extra"]]),
  );
