import { describe, expect, it } from "vitest";
import { type DesiredSketch, type LiveSketch, plan } from "../builders.ts";

const management = "999999999999";
const numbered = (count: number, name: string): string[] =>
  Array.from({ length: count }, (_, index) => `${name}${index}`);

describe("approval", () => {
  const there = { groups: ["Team"], permissionSets: ["Dev", "Old"] };
  const wanted: DesiredSketch = {
    groups: [{ displayName: "Team", description: "New" }],
    permissionSets: ["Dev"],
    removed: { permissionSets: ["Old"] },
  };
  const verdicts = (
    approval: "never" | "broadening" | "any",
    unattended: boolean,
    more: DesiredSketch = {},
  ) =>
    plan({ ...wanted, ...more, guards: { approval } }, there, new Map(), { unattended }).guards.map(
      ({ verdict, args }) => `${verdict} ${args.count}`,
    );

  it.each([
    ["never", []],
    ["broadening", []],
    ["any", ["refused 2"]],
  ] as const)("%s, where nothing broadens", (approval, expected) => {
    expect(verdicts(approval, true)).toEqual(expected);
  });

  it("asks where somebody sees the plan, and refuses where nobody does", () => {
    const broader = { assignments: ["111111111111/Dev/group:Team"] };
    expect(verdicts("broadening", true, broader)).toEqual(["refused 1"]);
    expect(verdicts("broadening", false, broader)).toEqual(["needs-review 1"]);
    expect(verdicts("never", true, broader)).toEqual([]);
  });
});

describe("delegated-administrator", () => {
  const there: LiveSketch = {
    groups: ["Team"],
    permissionSets: ["Shared", "Provisioned", "Free"],
    assignments: [`${management}/Shared/group:Team`],
    provisioning: { Provisioned: { accounts: [management], stale: [management] } },
  };
  const sets: DesiredSketch = {
    groups: ["Team"],
    permissionSets: ["Shared", "Provisioned", "Free"],
    assignments: [`${management}/Shared/group:Team`],
  };
  const refused = (desired: DesiredSketch, account = "222222222222"): readonly string[] | undefined =>
    plan(desired, there, new Map(), { caller: { account, arn: "arn" } }).guards[0]?.args.addresses;

  it.each<[string, DesiredSketch, readonly string[]]>([
    [
      "an assignment there",
      { ...sets, assignments: [...(sets.assignments ?? []), `${management}/Free/group:Team`] },
      ["provisioning/Provisioned", `assignment/${management}/Free/group:Team`],
    ],
    [
      "an assignment elsewhere, of a set that is assigned there",
      { ...sets, assignments: [...(sets.assignments ?? []), "111111111111/Shared/group:Team"] },
      ["provisioning/Provisioned", "assignment/111111111111/Shared/group:Team"],
    ],
    [
      "an assignment elsewhere, of a set that is not",
      { ...sets, assignments: [...(sets.assignments ?? []), "111111111111/Free/group:Team"] },
      ["provisioning/Provisioned"],
    ],
    [
      "an update of a set that is provisioned there",
      { ...sets, permissionSets: ["Shared", { name: "Provisioned", sessionDuration: 7200 }, "Free"] },
      ["permissionSet/Provisioned"],
    ],
    ["groups and users", { ...sets, users: ["jane"], guards: { delegatedAdministrator: "allow" } }, []],
  ])("%s", (_, desired, addresses) => {
    expect(refused(desired) ?? []).toEqual(addresses);
  });

  it("the management account may do all of it", () => {
    expect(refused({ ...sets, assignments: [`${management}/Free/group:Team`] }, management)).toBeUndefined();
  });
});

describe("quotas", () => {
  it("what is above a quota already and does not grow is no refusal", () => {
    const names = numbered(101, "g");
    const assignments = names.map((name) => `111111111111/Dev/group:${name}`);
    const made = plan(
      { groups: names, permissionSets: ["Dev"], assignments: assignments.slice(1) },
      { groups: names, permissionSets: ["Dev"], assignments },
    );
    expect(made.counts.delete).toBe(1);
    expect(made.guards).toEqual([]);
  });

  it("what is new counts before what goes: a rename needs room for both", () => {
    const made = plan(
      {
        permissionSets: ["New", "Dev"],
        previously: { permissionSets: { New: ["Old"] } },
        guards: { quotas: { permissionSets: 2, permissionSetsPerAccount: 500 } },
      },
      { permissionSets: ["Old", "Dev"] },
    );
    expect(made.guards.map(({ guard, args }) => [guard, args])).toEqual([
      ["quota-permission-sets", { count: 3, limit: 2 }],
    ]);
  });

  it("a raised quota is said in the manifest", () => {
    const desired = { permissionSets: numbered(4, "s") };
    const quotas = { permissionSets: 4, permissionSetsPerAccount: 500 };
    expect(plan({ ...desired, guards: { quotas } }, {}).guards).toEqual([]);
  });
});
