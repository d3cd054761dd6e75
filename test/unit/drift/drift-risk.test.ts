import { describe, expect, it } from "vitest";
import type { DesiredSketch } from "../plan/builders.ts";
import { administrator, driftOf } from "./sketches.ts";

const oldAdmin = { name: "OldAdmin", managedPolicies: [administrator] };

describe("order and risk", () => {
  it("puts gained administrator access first, then other gains, losses, and the rest", () => {
    const drift = driftOf(
      {
        groups: ["A", "Gone"],
        permissionSets: ["Admin", "Read"].map((name) => ({
          name,
          managedPolicies: name === "Admin" ? [administrator] : [],
        })),
        assignments: ["111111111111/Read/group:A"],
      },
      {
        groups: ["A"],
        permissionSets: [
          { name: "Admin", managedPolicies: [administrator] },
          { name: "Read" },
          { name: "Shadow", managedPolicies: [administrator] },
        ],
        assignments: [
          "222222222222/Read/group:A",
          "222222222222/Admin/group:A",
          "333333333333/Shadow/group:A",
        ],
      },
    );
    expect(
      drift.findings.map(({ address, risk }) => [address, risk.access, risk.administratorAccounts]),
    ).toEqual([
      ["assignment/222222222222/Admin/group:A", "gained", ["222222222222"]],
      ["assignment/333333333333/Shadow/group:A", "gained", ["333333333333"]],
      ["assignment/222222222222/Read/group:A", "gained", []],
      ["assignment/111111111111/Read/group:A", "lost", []],
      ["group/Gone", "none", []],
      ["permissionSet/Shadow", "none", []],
    ]);
  });

  it.each<[string, DesiredSketch]>([
    ["a group that nobody declared", {}],
    [
      "a declared one, in mode additive",
      { mode: "additive", groups: ["Ops"], managedMembers: ["Ops"], permissionSets: [oldAdmin, "Read"] },
    ],
  ])("judges who joined %s by what that reaches", (_, wanted) => {
    const { findings } = driftOf(wanted, {
      users: ["evil"],
      groups: ["Ops", "Zoo"],
      permissionSets: [oldAdmin, "Read"],
      memberships: ["Ops/evil", "Zoo/evil"],
      assignments: ["111111111111/OldAdmin/group:Ops", "999999999999/Read/group:Ops"],
    });
    const risks = new Map(findings.map(({ address, risk }) => [address, risk]));
    expect(risks.get("membership/Ops/evil")).toEqual({
      access: "gained",
      reasons: ["administrator", "management-account"],
      accounts: ["111111111111", "999999999999"],
      administratorAccounts: ["111111111111"],
    });
    expect(risks.get("membership/Zoo/evil")?.access).toBe("none");
    expect(findings.slice(0, 2).map(({ address }) => address)).toEqual([
      "assignment/111111111111/OldAdmin/group:Ops",
      "membership/Ops/evil",
    ]);
  });

  it("judges a policy that was swapped for another by what it gives", () => {
    const drift = driftOf(
      {
        groups: ["A"],
        permissionSets: [{ name: "S", managedPolicies: ["arn:aws:iam::aws:policy/ReadOnlyAccess"] }],
        assignments: ["111111111111/S/group:A"],
      },
      {
        groups: ["A"],
        permissionSets: [{ name: "S", managedPolicies: [administrator] }],
        assignments: ["111111111111/S/group:A"],
      },
    );
    expect(drift.findings[0]?.risk).toEqual({
      access: "gained",
      reasons: ["administrator", "policy-added"],
      accounts: ["111111111111"],
      administratorAccounts: ["111111111111"],
    });
  });
});
