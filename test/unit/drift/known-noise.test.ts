import { describe, expect, it } from "vitest";
import { type LiveSketch, user } from "../plan/builders.ts";
import { administrator, driftOf, told } from "./sketches.ts";

const controlTowersOwn = { name: "AWSAdministratorAccess", managedPolicies: [administrator] };

describe("known noise", () => {
  it("is no drift, but only where apply would leave it alone", () => {
    const there: LiveSketch = {
      groups: ["AWSControlTowerAdmins"],
      permissionSets: [controlTowersOwn, "S"],
      assignments: ["111111111111/AWSAdministratorAccess/group:AWSControlTowerAdmins"],
    };
    expect(told(driftOf({ permissionSets: ["S"] }, there))).toEqual([]);
    expect(driftOf({ permissionSets: ["S"] }, there, []).counts.unmanaged).toBe(3);
    const given = { ...there, assignments: ["111111111111/S/group:AWSControlTowerAdmins"] };
    expect(told(driftOf({ permissionSets: ["S"] }, given))).toEqual([
      "unmanaged not-declared assignment/111111111111/S/group:AWSControlTowerAdmins -> delete",
    ]);
  });
});

describe("what only looks like known noise", () => {
  const user111 = "assignment/111111111111/AWSAdministratorAccess/user:evil";
  it.each<[string, LiveSketch, string[]]>([
    [
      "its set, given to somebody",
      {
        users: ["evil"],
        permissionSets: [controlTowersOwn],
        assignments: [user111.slice("assignment/".length)],
      },
      [user111, "user/evil"],
    ],
    [
      "its set, given to another of its groups",
      {
        groups: ["AWSSecurityAuditors"],
        permissionSets: [controlTowersOwn],
        assignments: ["111111111111/AWSAdministratorAccess/group:AWSSecurityAuditors"],
      },
      ["assignment/111111111111/AWSAdministratorAccess/group:AWSSecurityAuditors"],
    ],
    [
      "its set, given to its group in more accounts than it does",
      {
        groups: ["AWSLogArchiveAdmins"],
        permissionSets: [controlTowersOwn],
        assignments: ["111111111111", "222222222222"].map(
          (id) => `${id}/AWSAdministratorAccess/group:AWSLogArchiveAdmins`,
        ),
      },
      ["111111111111", "222222222222"].map(
        (id) => `assignment/${id}/AWSAdministratorAccess/group:AWSLogArchiveAdmins`,
      ),
    ],
    [
      "its set, made to give more",
      {
        groups: ["AWSSecurityAuditors"],
        permissionSets: [{ name: "AWSReadOnlyAccess", managedPolicies: [administrator] }],
        assignments: ["111111111111/AWSReadOnlyAccess/group:AWSSecurityAuditors"],
      },
      [
        "assignment/111111111111/AWSReadOnlyAccess/group:AWSSecurityAuditors",
        "permissionSet/AWSReadOnlyAccess",
      ],
    ],
    [
      "another set, given to its group",
      {
        groups: ["AWSControlTowerAdmins"],
        permissionSets: ["Mine"],
        assignments: ["111111111111/Mine/group:AWSControlTowerAdmins"],
      },
      ["assignment/111111111111/Mine/group:AWSControlTowerAdmins", "permissionSet/Mine"],
    ],
    [
      "somebody in its group, with the display name of its user",
      {
        users: [user("evil", { displayName: "AWS Control Tower Admin" })],
        groups: ["AWSControlTowerAdmins"],
        memberships: ["AWSControlTowerAdmins/evil"],
      },
      ["membership/AWSControlTowerAdmins/evil", "user/evil"],
    ],
  ])("%s is told", (_, there, expected) => {
    expect(driftOf({}, there).findings.map(({ address }) => address)).toEqual(expected);
  });

  it("is not what its groups get in accounts that are enrolled later", () => {
    const assignments = [...Array(40).keys()].map(
      (index) => `${200_000_000_000 + index}/AWSReadOnlyAccess/group:AWSSecurityAuditors`,
    );
    const drift = driftOf(
      {},
      { groups: ["AWSSecurityAuditors"], permissionSets: ["AWSReadOnlyAccess"], assignments },
    );
    expect(drift.result).toBe("clean");
    expect(drift.ignored).toHaveLength(42);
  });
});
