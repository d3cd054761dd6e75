/** With a disabled user nobody signs in: it is no administrator, whatever it is given. */
import { describe, expect, it } from "vitest";
import type { Guards } from "../../../../src/model/guards.ts";
import { type DesiredSketch, type LiveSketch, plan, position } from "../builders.ts";

const prod = "111111111111";
const admin = { name: "Admin", managedPolicies: ["arn:aws:iam::aws:policy/AdministratorAccess"] };
const there: LiveSketch = {
  users: ["on", "off"],
  groups: ["Admins"],
  permissionSets: [admin],
  memberships: ["Admins/on", "Admins/off"],
  assignments: [`${prod}/Admin/group:Admins`, `${prod}/Admin/user:off`],
  disabledUsers: ["off"],
};
const rule = { permissionSets: null, accounts: [prod], position: position(9) };
const atLeast = (people: number): Partial<Guards> => ({
  minAdministrators: [{ accounts: [prod], people, position: position(9) }],
});
const breakGlass = (users: string[], groups: string[] = []): Partial<Guards> => ({
  breakGlass: [{ ...rule, users, groups }],
});
const judge = (guards: Partial<Guards>, more: DesiredSketch = {}, live = there) => {
  const made = plan({ ...there, managedMembers: ["Admins"], guards, ...more }, live);
  return [...made.guards.map(({ guard }) => guard), ...made.warnings.map(({ code }) => code)];
};
const onLeaves = { memberships: ["Admins/off"] };

describe("a disabled user", () => {
  it("is none of the people whom an account keeps, in a group or by itself", () => {
    expect(judge(atLeast(1))).toEqual([]);
    expect(judge(atLeast(1), onLeaves)).toEqual(["min-administrators"]);
    expect(judge(atLeast(2))).toEqual(["too-few-administrators"]);
    expect(judge(atLeast(2), {}, { ...there, disabledUsers: [] })).toEqual([]);
    expect(judge(atLeast(1), onLeaves, { ...there, disabledUsers: [] })).toEqual([]);
  });

  it("makes no group a way in", () => {
    expect(judge(breakGlass([], ["Admins"]))).toEqual([]);
    expect(judge(breakGlass([], ["Admins"]), onLeaves)).toEqual(["break-glass"]);
  });

  it("is no break-glass user, which is told with what to do; taking from it loses nothing", () => {
    expect(judge(breakGlass(["off"]))).toEqual(["break-glass-missing"]);
    expect(
      judge(breakGlass(["off"]), { assignments: [`${prod}/Admin/group:Admins`], memberships: [] }),
    ).toEqual(["break-glass-missing"]);
    const made = plan({ ...there, guards: breakGlass(["off"]) }, there);
    expect(made.warnings[0]?.hint).toContain("disabled user: enable it");
    expect(judge(breakGlass(["off"]), {}, { ...there, disabledUsers: [] })).toEqual([]);
  });

  it("stays none where what it has could not be read", () => {
    const unread = [{ scope: "membership/Admins/*", reason: "denied" }];
    expect(judge(breakGlass(["off"]), {}, { ...there, unread })).toEqual(["break-glass-missing"]);
  });
});
