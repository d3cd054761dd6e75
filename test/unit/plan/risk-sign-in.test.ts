import { describe, expect, it } from "vitest";
import { riskOfChange } from "../../../src/drift/drift-risk.ts";
import type { Change } from "../../../src/plan/plan.ts";
import { riskLines } from "../../../src/report/risk-lines.ts";
import { changeAt, type DesiredSketch, type LiveSketch, plan, user } from "./builders.ts";

const admin = { name: "Admin", managedPolicies: ["arn:aws:iam::aws:policy/AdministratorAccess"] };
const email = (address: string | null) => [user("jane", { "email.value": address })];
const base = { groups: ["Team"], permissionSets: [admin, "Dev"] };
const made = (
  from: string | null,
  to: string | null,
  both: DesiredSketch & LiveSketch,
  live: Partial<LiveSketch> = {},
) => plan({ ...base, ...both, users: email(to) }, { ...base, ...both, ...live, users: email(from) });
const change = (...args: Parameters<typeof made>): Change => changeAt(made(...args), "user/jane");
const lines = (...args: Parameters<typeof made>): string[] =>
  riskLines(made(...args).changes, new Map()).map(({ tone, text }) => `${tone}: ${text}`);

const reach = {
  memberships: ["Team/jane"],
  assignments: ["111111111111/Admin/group:Team", "222222222222/Dev/user:jane", "999999999999/Dev/group:Team"],
};

describe("another e-mail address", () => {
  it("hands on all that the user reaches, directly and through groups", () => {
    expect(change("a@x.org", "b@x.org", reach).risk).toEqual({
      direction: "broadening",
      reasons: ["administrator", "management-account", "sign-in-changed"],
      accounts: ["111111111111", "222222222222", "999999999999"],
      administratorAccounts: ["111111111111"],
      reasonAccounts: { "management-account": ["999999999999"] },
    });
  });

  it("is told on top, worst first", () => {
    const to = ", changes from a@x.org to b@x.org: whoever reads the new mailbox can set the password";
    expect(lines("a@x.org", "b@x.org", reach)).toEqual([
      `gain: the sign-in e-mail of user jane, who has administrator access to 111111111111${to}`,
      `gain: the sign-in e-mail of user jane, who has access to the management account 999999999999${to}`,
      `gain: the sign-in e-mail of user jane, who has access to 222222222222${to}`,
    ]);
  });

  it("counts what the same plan gives, or takes only later", () => {
    const { assignments } = reach;
    const joined = change("a@x.org", "b@x.org", { ...reach }, { memberships: [] });
    expect(joined.risk.administratorAccounts).toEqual(["111111111111"]);
    const left = change(
      "a@x.org",
      "b@x.org",
      { assignments, managedMembers: ["Team"] },
      { memberships: reach.memberships },
    );
    expect(left.risk.administratorAccounts).toEqual(["111111111111"]);
  });

  it("of a user without one is as new", () => {
    expect(change(null, "b@x.org", reach).risk.reasons).toContain("sign-in-changed");
    expect(lines(null, "b@x.org", reach)[0]).toContain(", changes from none to b@x.org");
  });

  it("asks for the approval that broadening asks for", () => {
    const guards = { approval: "broadening" } as const;
    const asked = made("a@x.org", "b@x.org", { ...reach, guards }).guards;
    expect(asked.map(({ guard }) => guard)).toEqual(["approval"]);
    expect(made("a@x.org", null, { ...reach, guards }).guards).toEqual([]);
  });

  it("is neutral where the user reaches nothing, or it is only cleared", () => {
    const nothing = { assignments: ["111111111111/Admin/group:Team"], memberships: [] };
    expect(change("a@x.org", "b@x.org", nothing).risk).toEqual({ direction: "neutral", reasons: [] });
    expect(change("a@x.org", null, reach).risk.direction).toBe("neutral");
    expect(lines("a@x.org", "b@x.org", nothing)).toEqual([]);
  });

  it("is not taken for harmless where what the user reaches was not read", () => {
    const unread = [{ scope: "membership/Ops/*", reason: "denied" }];
    const risk = change("a@x.org", "b@x.org", {}, { unread }).risk;
    expect(risk).toMatchObject({
      direction: "broadening",
      reasons: ["reach-unknown", "sign-in-changed"],
      unread: { count: 1 },
    });
    expect(lines("a@x.org", "b@x.org", {}, { unread })).toEqual([
      "gain: the sign-in e-mail of user jane, who has access that nobody knows, because this was not read: membership/Ops/*, changes from a@x.org to b@x.org: whoever reads the new mailbox can set the password",
    ]);
  });

  it("that was changed by hand has given somebody access, until it is put back", () => {
    expect(riskOfChange(change("b@x.org", "a@x.org", reach))).toMatchObject({
      access: "gained",
      administratorAccounts: ["111111111111"],
    });
    expect(riskOfChange(change(null, "a@x.org", reach)).access).toBe("none");
  });
});

it("enterprise attributes are told, because policies may decide by them", () => {
  const of = (name: string, department: string) => user(name, { "enterprise.department": department });
  const { changes } = plan(
    { users: [of("jane", "Finance"), of("max", "Finance")] },
    { users: [of("jane", "Sales"), of("max", "Sales")] },
  );
  expect(riskLines(changes, new Map()).map(({ text }) => text)).toEqual([
    "users jane, max get another department: where attributes for access control are on, policies may decide by that",
  ]);
});
