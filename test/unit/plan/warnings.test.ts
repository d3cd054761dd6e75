import { describe, expect, it } from "vitest";
import { type DesiredSketch, findings, type LiveSketch, position } from "./builders.ts";

const admin = { name: "Admin", managedPolicies: ["arn:aws:iam::aws:policy/AdministratorAccess"] };
const wanted: DesiredSketch = {
  users: ["jane"],
  groups: ["Ops", "Readers"],
  permissionSets: [admin, "Read"],
  assignments: ["111111111111/Admin/group:Ops", "111111111111/Read/group:Readers"],
  origins: { "group/Ops": { position: position(12) } },
};
const warned = (desired: DesiredSketch, live: LiveSketch = {}) =>
  findings(desired, live).filter(({ code }) => code === "open-administrators");

describe("a declared group with administrator access whose members are not declared", () => {
  it("is warned of where it is declared", () => {
    expect(warned(wanted)).toMatchObject([
      {
        severity: "warning",
        address: "group/Ops",
        position: position(12),
        message: expect.stringContaining('group "Ops" has administrator access (Admin)') as string,
        hint: expect.stringContaining("`members`") as string,
      },
    ]);
  });

  it("is warned of where somebody else's set gives it", () => {
    const external: DesiredSketch = {
      ...wanted,
      permissionSets: ["Read"],
      external: { permissionSets: ["Admin"] },
    };
    expect(warned(external, { permissionSets: [admin] })).toHaveLength(1);
    expect(warned(external, { permissionSets: ["Admin"] })).toEqual([]);
  });

  it.each<[string, DesiredSketch, LiveSketch?]>([
    ["its members are declared", { ...wanted, memberships: ["Ops/jane"] }],
    ["it is to have none", { ...wanted, managedMembers: ["Ops"] }],
    [
      "the identity provider owns it",
      { ...wanted, groups: ["Readers"], external: { groups: ["Ops"] } },
      { groups: ["Ops"] },
    ],
    [
      "a rule says who sets them",
      { ...wanted, ignore: [{ groups: ["Ops"], users: ["*"], reason: "set by the pager rotation" }] },
    ],
  ])("is not, where %s", (_, desired, live = {}) => {
    expect(warned(desired, live)).toEqual([]);
  });

  it("is, where a rule covers some of them only", () => {
    expect(warned({ ...wanted, ignore: [{ groups: ["Ops"], users: ["ja*"], reason: "r" }] })).toHaveLength(1);
  });

  it("needs no member yet for a rule to be of use", () => {
    const rule = { groups: ["Ops"], users: ["*"], reason: "set by the pager rotation" };
    expect(findings({ ...wanted, ignore: [rule] }, {}).map(({ code }) => code)).not.toContain(
      "ignore-rule-unused",
    );
  });
});
