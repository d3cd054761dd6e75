import { describe, expect, it } from "vitest";
import { changeAt, type DesiredSketch, type LiveSketch, plan, position } from "./builders.ts";

const one = "111111111111";
const admin = { name: "Admin", managedPolicies: ["arn:aws:iam::aws:policy/AdministratorAccess"] };
const waits = (wanted: DesiredSketch, there: LiveSketch, address: string): readonly string[] =>
  changeAt(plan(wanted, there), address).dependsOn;

describe("what has to be there before access goes", () => {
  const there: LiveSketch = {
    users: ["jane", "max"],
    groups: ["A", "B"],
    permissionSets: ["Dev", "Read", "Ops"],
    memberships: ["A/jane", "A/max", "B/max"],
    assignments: [`${one}/Dev/group:A`, `${one}/Read/group:B`],
  };
  const kept = {
    users: ["jane", "max"],
    groups: ["A", "B"],
    permissionSets: ["Dev", "Read", "Ops"],
    memberships: ["A/jane", "A/max", "B/max"],
    assignments: [`${one}/Read/group:B`],
  } satisfies DesiredSketch;
  const policies = (name: string, ...of: string[]) => ({
    name,
    managedPolicies: of.map((policy) => `arn:aws:iam::aws:policy/${policy}`),
  });

  it("is what another group or the user is assigned in the account, if they have somebody in common", () => {
    const wanted = {
      ...kept,
      memberships: [...kept.memberships, "B/jane"],
      assignments: [
        ...kept.assignments,
        `${one}/Ops/group:B`,
        `${one}/Ops/user:jane`,
        "222222222222/Ops/user:jane",
      ],
    };
    expect(waits(wanted, there, `assignment/${one}/Dev/group:A`)).toEqual([
      `assignment/${one}/Ops/group:B`,
      `assignment/${one}/Ops/user:jane`,
      "membership/B/jane",
    ]);
  });

  it("is nothing that is for other people only", () => {
    const wanted = {
      ...kept,
      users: [...kept.users, "eve"],
      groups: ["A", "B", "C"],
      memberships: [...kept.memberships, "C/eve"],
      assignments: [...kept.assignments, `${one}/Ops/group:C`, `${one}/Ops/user:eve`],
    };
    expect(waits(wanted, there, `assignment/${one}/Dev/group:A`)).toEqual([]);
  });

  it("is that alone which gives the same group no less", () => {
    const sets = [policies("Dev", "One"), "Read", policies("Ops", "One", "Two")];
    const wanted = {
      ...kept,
      permissionSets: sets,
      assignments: [...kept.assignments, `${one}/Ops/group:A`, `${one}/Dev/user:jane`],
    };
    const before = {
      ...there,
      permissionSets: sets,
      assignments: [`${one}/Dev/group:A`, `${one}/Read/group:B`],
    };
    // The other is in its own pair.
    expect(waits(wanted, before, `assignment/${one}/Dev/group:A`)).toEqual([
      `assignment/${one}/Dev/user:jane`,
      `assignment/${one}/Ops/group:A`,
    ]);
    const apart = {
      ...wanted,
      assignments: [...kept.assignments, `${one}/Ops/group:A`, `${one}/Read/user:jane`],
    };
    expect(waits(apart, before, `assignment/${one}/Dev/group:A`)).toEqual([`assignment/${one}/Ops/group:A`]);
    const less = {
      ...apart,
      permissionSets: [policies("Dev", "One", "Two"), "Read", policies("Ops", "One")],
    };
    expect(
      waits(less, { ...before, permissionSets: less.permissionSets }, `assignment/${one}/Dev/group:A`),
    ).toEqual([`assignment/${one}/Ops/group:A`, `assignment/${one}/Read/user:jane`]);
  });

  it("is a permission set of theirs that comes to allow more, or is provisioned there", () => {
    const wanted = { ...kept, permissionSets: ["Dev", policies("Read", "One"), "Ops"] };
    expect(waits(wanted, there, `assignment/${one}/Dev/group:A`)).toEqual(["permissionSet/Read"]);
    const longer = { ...kept, permissionSets: ["Dev", { name: "Read", sessionDuration: 7200 }, "Ops"] };
    expect(waits(longer, there, `assignment/${one}/Dev/group:A`)).toEqual([]);
    const stale = { ...there, provisioning: { Read: { accounts: [one], stale: [one] } } };
    expect(waits(kept, stale, `assignment/${one}/Dev/group:A`)).toEqual(["provisioning/Read"]);
  });

  it("is nothing for what has expired or is listed under removed", () => {
    const address = `assignment/${one}/Dev/group:A`;
    const more = { ...kept, assignments: [...kept.assignments, `${one}/Ops/group:A`] };
    expect(waits(more, there, address)).toEqual([`assignment/${one}/Ops/group:A`]);
    const origins = { [address]: { position: position(7), until: Date.UTC(2026, 0, 1) } };
    expect(waits({ ...more, origins }, there, address)).toEqual([]);
    const removed = { ...more, permissionSets: ["Read", "Ops"], removed: { permissionSets: ["Dev"] } };
    expect(waits(removed, there, address)).toEqual([]);
    const exclusive = { ...more, permissionSets: ["Read", "Ops"], mode: "exclusive" as const };
    expect(waits(exclusive, there, address)).toEqual([`assignment/${one}/Ops/group:A`]);
  });

  it("is also what others get, where a guard counts administrators", () => {
    const guards = { minAdministrators: [{ accounts: [one], people: 1, position: position(1) }] };
    const before = {
      ...there,
      permissionSets: [admin, { ...admin, name: "Other" }],
      assignments: [`${one}/Admin/group:B`],
    };
    const wanted = {
      ...kept,
      users: [...kept.users, "eve"],
      permissionSets: [admin, { ...admin, name: "Other" }],
      assignments: [`${one}/Other/user:eve`, "222222222222/Other/user:eve"],
    };
    expect(waits({ ...wanted, guards }, before, `assignment/${one}/Admin/group:B`)).toEqual([
      `assignment/${one}/Other/user:eve`,
    ]);
    expect(waits(wanted, before, `assignment/${one}/Admin/group:B`)).toEqual([]);
  });
});

describe("where both would wait for each other", () => {
  it("keeps access: two groups that swap members get their new assignments first", () => {
    const groups = ["A", "B"];
    const users = ["jane", "max"];
    const there = {
      users,
      groups,
      permissionSets: ["Dev", "New"],
      memberships: ["A/jane", "B/max"],
      assignments: [`${one}/Dev/group:A`, `${one}/Dev/group:B`],
    };
    const wanted = {
      users,
      groups,
      permissionSets: ["Dev", "New"],
      memberships: ["A/max", "B/jane"],
      assignments: [...there.assignments, `${one}/New/group:A`, `${one}/New/group:B`],
    };
    expect(waits(wanted, there, `assignment/${one}/New/group:A`)).toEqual([]);
    expect(waits(wanted, there, "membership/A/jane")).toEqual([
      `assignment/${one}/New/group:B`,
      "membership/B/jane",
    ]);
  });

  it("assigns before it widens, where a set that is widened is taken from another in the same pair", () => {
    const groups = ["A", "B"];
    const there = { groups, permissionSets: ["Admin"], assignments: [`${one}/Admin/group:A`] };
    const wanted = { groups, permissionSets: [admin], assignments: [`${one}/Admin/group:B`] };
    expect(plan(wanted, there).changes.map(({ action, address }) => `${action} ${address}`)).toEqual([
      `create assignment/${one}/Admin/group:B`,
      `delete assignment/${one}/Admin/group:A`,
      "update permissionSet/Admin",
    ]);
  });
});
