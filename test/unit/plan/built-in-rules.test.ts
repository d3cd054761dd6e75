/** Mode exclusive deletes what is not declared, but not what AWS Control Tower makes and needs. */
import { describe, expect, it } from "vitest";
import { type DesiredSketch, type LiveSketch, plan, summary } from "./builders.ts";

const prod = "111111111111";
const full = ["arn:aws:iam::aws:policy/AdministratorAccess"];
const own = `${prod}/AWSAdministratorAccess/group:AWSControlTowerAdmins`;
const there: LiveSketch = {
  users: ["jane"],
  groups: ["Team", "AWSControlTowerAdmins", "Stray"],
  memberships: ["Team/jane"],
  permissionSets: ["Dev", { name: "AWSAdministratorAccess", managedPolicies: full }],
  assignments: [`${prod}/Dev/group:Team`, own],
};
const wanted: DesiredSketch = {
  mode: "exclusive",
  users: ["jane"],
  groups: ["Team"],
  memberships: ["Team/jane"],
  permissionSets: ["Dev"],
  assignments: [`${prod}/Dev/group:Team`],
};
const reason = "made by AWS Control Tower (built-in rule)";

describe("mode exclusive", () => {
  it("leaves alone what Control Tower makes, and tells it with why", () => {
    const made = plan(wanted, there);
    expect(summary(made)).toEqual(["delete group/Stray (exclusive)"]);
    expect(made.unmanaged).toEqual([
      { address: `assignment/${own}`, reason },
      { address: "group/AWSControlTowerAdmins", reason },
      { address: "permissionSet/AWSAdministratorAccess", reason },
    ]);
    expect(made.guards).toEqual([]);
  });

  it("does not where the manifest says so", () => {
    expect(summary(plan({ ...wanted, builtInRules: false }, there))).toEqual([
      `delete assignment/${own} (parent-deleted)`,
      "delete permissionSet/AWSAdministratorAccess (exclusive)",
      "delete group/AWSControlTowerAdmins (exclusive)",
      "delete group/Stray (exclusive)",
    ]);
  });

  it.each<[string, LiveSketch, DesiredSketch, string]>([
    [
      "who else was given its sets",
      { ...there, assignments: [own, `${prod}/AWSAdministratorAccess/user:jane`] },
      wanted,
      `delete assignment/${prod}/AWSAdministratorAccess/user:jane (exclusive)`,
    ],
    [
      "who joined its groups",
      { ...there, memberships: ["Team/jane", "AWSControlTowerAdmins/jane"] },
      wanted,
      "delete membership/AWSControlTowerAdmins/jane (exclusive)",
    ],
    [
      "what else its groups were given",
      { ...there, assignments: [...(there.assignments ?? []), `${prod}/Dev/group:AWSControlTowerAdmins`] },
      wanted,
      `delete assignment/${prod}/Dev/group:AWSControlTowerAdmins (not-declared)`,
    ],
    [
      "a set of its name that gives more than its own",
      { ...there, permissionSets: ["Dev", { name: "AWSReadOnlyAccess", managedPolicies: full }] },
      wanted,
      "delete permissionSet/AWSReadOnlyAccess (exclusive)",
    ],
    [
      "what is listed under removed",
      there,
      { ...wanted, removed: { groups: ["AWSControlTowerAdmins"] } },
      "delete group/AWSControlTowerAdmins (removed)",
    ],
  ])("takes %s", (_, live, desired, line) => {
    expect(summary(plan(desired, live))).toContain(line);
  });
});
