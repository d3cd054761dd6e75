import { describe, expect, it } from "vitest";
import { riskLines } from "../../../src/report/risk-lines.ts";
import { type DesiredSketch, type LiveSketch, plan, policy } from "../plan/builders.ts";

const prod = "111111111111";
const names = new Map([[prod, "production"]]);
const said = (desired: DesiredSketch, live: LiveSketch): string[] =>
  riskLines(plan(desired, live).changes, names).map(({ tone, text }) => `${tone}: ${text}`);

const rights = "rights over identities (IAM, Organizations, STS, Identity Center)";
const broad = "broad write access (whole services or groups of actions)";

describe("an edit of a permission set", () => {
  const managed = (...policies: string[]) => policies.map((each) => `arn:aws:iam::aws:policy/${each}`);
  const boundary = { permissionsBoundary: { managedPolicyArn: "arn:aws:iam::aws:policy/PowerUserAccess" } };
  const statement = (...all: object[]) => ({
    inlinePolicy: policy({ Version: "2012-10-17", Statement: all }),
  });
  const noOrganizations = { Effect: "Deny", Action: "organizations:*", Resource: "*" };
  const but = (...out: string[]) => statement({ Effect: "Allow", NotAction: out, Resource: "*" });
  const edit = (before: object, after: object, live: Partial<LiveSketch> = {}): string[] => {
    const there = { groups: ["Team"], assignments: [`${prod}/Dev/group:Team`], ...live };
    return said(
      {
        groups: ["Team"],
        assignments: [`${prod}/Dev/group:Team`],
        permissionSets: [{ name: "Dev", ...after }],
      },
      { ...there, permissionSets: [{ name: "Dev", ...before }] },
    );
  };
  const more = "gain: permission set Dev allows more in production (111111111111), for group Team: ";

  it.each<[string, object, object, string]>([
    ["its boundary goes", boundary, {}, "its permissions boundary goes"],
    ["longer sessions", {}, { sessionDuration: 7200 }, "longer sessions"],
    [
      "a deny goes",
      { managedPolicies: managed("ReadOnlyAccess"), ...statement(noOrganizations) },
      { managedPolicies: managed("ReadOnlyAccess") },
      "something is no longer denied",
    ],
    [
      "fewer actions are left out",
      but("iam:*", "s3:*"),
      but("iam:*"),
      `${rights}, policies or statements are added or widened, ${broad}`,
    ],
  ])("%s", (_, before, after, text) => expect(edit(before, after)).toEqual([more + text]));

  it("a customer managed policy that goes may have denied something", () => {
    const unseen = { customerManagedPolicies: [{ name: "P", path: "/" }] };
    const managedPolicies = managed("AdministratorAccess");
    expect(edit({ managedPolicies, ...unseen }, { managedPolicies })).toEqual([
      "gain: permission set Dev may allow more in production (111111111111), for group Team: a customer managed policy goes that nobody here can read, and that may have denied something",
    ]);
  });

  it("reaches accounts that the manifest says nothing about", () => {
    const assignments = [
      `${prod}/Dev/group:Team`,
      "222222222222/Dev/group:Team",
      "999999999999/Dev/user:eve",
    ];
    const wanted = {
      groups: ["Team"],
      assignments: assignments.slice(0, 1),
      ignore: [{ accounts: ["222222222222"] }, { accounts: ["999999999999"] }],
    };
    const live = { groups: ["Team"], users: ["eve"], assignments, permissionSets: ["Dev"] };
    const longer = { permissionSets: [{ name: "Dev", sessionDuration: 7200 }] };
    expect(said({ ...wanted, ...longer }, live)).toEqual([
      "gain: permission set Dev allows more in 3 accounts: production (111111111111), 222222222222, 999999999999, for group Team, user eve: also in the management account, longer sessions",
    ]);
  });

  it("names what is added as its author writes it, where a line has room for it", () => {
    const allows = (...Action: string[]) => statement({ Effect: "Allow", Action, Resource: "*" });
    const [one] = edit(allows("s3:GetObject"), allows("s3:GetObject", "s3:PutObject"));
    expect(one).toContain("policies or statements are added or widened (s3:PutObject)");
    const many = Array.from({ length: 20 }, (_, index) => `s3:Put${index}`);
    const [all] = edit(allows("s3:GetObject"), allows("s3:GetObject", ...many));
    expect(all).toMatch(/policies or statements are added or widened$/);
  });

  it("says where it was not read to whom it is assigned", () => {
    const unread = [{ scope: "assignment/222222222222/*", reason: "denied" }];
    expect(edit({}, { sessionDuration: 7200 }, { unread })).toEqual([
      "gain: permission set Dev allows more in production (111111111111), for group Team, and nobody knows where else, because this was not read: assignment/222222222222/*: longer sessions",
    ]);
    const longer = { permissionSets: [{ name: "Dev", sessionDuration: 7200 }] };
    expect(said(longer, { permissionSets: ["Dev"], unread })).toEqual([
      "gain: permission set Dev allows more, and nobody knows where, because this was not read: assignment/222222222222/*: longer sessions",
    ]);
    expect(said(longer, { permissionSets: ["Dev"] })).toEqual([
      "gain: permission set Dev allows more (it is not assigned): longer sessions",
    ]);
  });
});
