/**
 * Whoever moves from one permission set to another keeps the one as long as nobody can tell whether the other is there:
 * it is not made then.
 */
import { describe, expect, it } from "vitest";
import { type DesiredSketch, type LiveSketch, plan, summary } from "./builders.ts";
import { checkRow } from "./rows.ts";

const [prod, test] = ["111111111111", "222222222222"];
const unread = [{ scope: `assignment/${prod}/New/*`, reason: "denied" }];
const basics = { groups: ["Team", "Other"], users: ["jane"], permissionSets: ["Old", "New", "Dev"] };
const there: LiveSketch = { ...basics, assignments: [`${prod}/Old/group:Team`], unread };
const wanted: DesiredSketch = { ...basics, assignments: [`${prod}/New/group:Team`] };
const gain = `assignment/${prod}/New/group:Team`;
const old = `assignment/${prod}/Old/group:Team`;

describe("what may be replaced by something that could not be read", () => {
  it("stays, and is told with why", () => {
    const made = plan(wanted, there);
    expect(made.changes).toEqual([]);
    expect(made.unchecked).toEqual([
      { scope: `assignment/${prod}/New/*`, reason: "denied" },
      { scope: gain, reason: "denied" },
      { scope: old, reason: `not deleted: ${gain}, which may replace it, could not be read: denied` },
    ]);
    const whole = { ...there, unread: [] };
    expect(summary(plan(wanted, whole)).sort()).toEqual([
      `create ${gain} (declared)`,
      `delete ${old} (not-declared)`,
    ]);
  });

  it("keeps its permission set, too, where that goes", () => {
    const exclusive: DesiredSketch = { ...wanted, mode: "exclusive", permissionSets: ["New", "Dev"] };
    const name = "a set that is not declared any more";
    checkRow({
      name,
      desired: exclusive,
      live: there,
      unchecked: [unread[0]?.scope ?? "", gain, old, "permissionSet/Old"],
    });
  });

  it.each<[string, DesiredSketch, LiveSketch]>([
    ["of another group", wanted, { ...there, assignments: [`${prod}/Old/group:Other`] }],
    ["in another account", wanted, { ...there, assignments: [`${test}/Old/group:Team`] }],
    ["of a user of that name", wanted, { ...there, users: ["Team"], assignments: [`${prod}/Old/user:Team`] }],
    ["that has expired", { ...wanted, origins: { [old]: { until: 1000 } } }, there],
    [
      "of a set under removed",
      { ...wanted, permissionSets: ["New", "Dev"], removed: { permissionSets: ["Old"] } },
      there,
    ],
    [
      "where the other is ignored",
      { ...wanted, ignore: [{ permissionSets: ["New"], groups: ["Team"] }] },
      there,
    ],
    ["where the other was read", { ...wanted, assignments: [`${prod}/Dev/group:Team`] }, there],
    [
      "where the other is there already",
      wanted,
      { ...there, assignments: [...(there.assignments ?? []), `${prod}/New/group:Team`] },
    ],
  ])("but not what is %s", (_, desired, live) => {
    const going = live.assignments?.[0] ?? "";
    expect(summary(plan(desired, live)).some((line) => line.startsWith(`delete assignment/${going} `))).toBe(
      true,
    );
  });

  it("goes with a rename whose own replacement can be made", () => {
    const renamed: DesiredSketch = {
      ...wanted,
      permissionSets: ["Newer", "New", "Dev"],
      previously: { permissionSets: { Newer: ["Old"] } },
      assignments: [`${prod}/New/group:Team`, `${prod}/Newer/group:Team`],
    };
    expect(summary(plan(renamed, there))).toContain(`delete ${old} (renamed)`);
    expect(summary(plan(renamed, there))).toContain("delete permissionSet/Old (renamed)");
  });
});
