import { describe, expect, it } from "vitest";
import { allow, type DesiredSketch, type LiveSketch, plan, policy } from "../builders.ts";

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

  describe("an override of one opens no other", () => {
    const policies = (name: string, count: number) => ({
      name,
      managedPolicies: numbered(count, "p").map((each) => `arn:aws:iam::aws:policy/${each}`),
    });
    const inline = (name: string) => ({
      name,
      inlinePolicy: policy({ Statement: allow(numbered(900, "s3:Get")) }),
    });
    const groups = numbered(101, "g");
    const toAll = (pair: string) => groups.map((name) => `${pair}/group:${name}`);
    const there = { groups, permissionSets: ["A,1", "B"] };
    const small = { quotas: { permissionSets: 3500, permissionSetsPerAccount: 1 } };
    const assigned = ["111111111111", "222222222222"].flatMap((id) =>
      ["A,1", "B"].map((set) => `${id}/${set}/group:g0`),
    );

    it.each<[string, DesiredSketch, RegExp]>([
      ["quota-policies", { permissionSets: [policies("A,1", 26), policies("B", 26)] }, /=A%2C1:26$/],
      ["quota-inline-policy", { permissionSets: [inline("A,1"), inline("B")] }, /=A%2C1:\d{5}$/],
      [
        "quota-groups-per-assignment",
        { ...there, assignments: [...toAll("111111111111/A,1"), ...toAll("111111111111/B")] },
        /=111111111111\/A%2C1:101$/,
      ],
    ])("%s", (guard, desired, form) => {
      const verdicts = (...values: string[]) =>
        plan({ groups, ...desired }, there, new Map(values.length === 0 ? [] : [[guard, values.join(",")]]))
          .guards;
      const [first, second] = verdicts();
      expect([first, second].map((each) => each?.guard)).toEqual([guard, guard]);
      expect(first?.override).toMatch(form);
      const [one = "", two = ""] = [first, second].map((each) => each?.override.split("=")[1]);
      expect(verdicts(one).map(({ verdict }) => verdict)).toEqual(["allowed", "refused"]);
      expect(verdicts(two).map(({ verdict }) => verdict)).toEqual(["refused", "allowed"]);
      expect(verdicts(one, two).map(({ verdict }) => verdict)).toEqual(["allowed", "allowed"]);
    });

    it("quota-permission-sets-per-account", () => {
      const guard = "quota-permission-sets-per-account";
      const verdicts = (value?: string, pairs = assigned) =>
        plan(
          { ...there, assignments: pairs, guards: small },
          there,
          new Map(value === undefined ? [] : [[guard, value]]),
        ).guards.map(({ verdict, override }) => `${verdict} ${override}`);
      const both = `--allow ${guard}=111111111111:2,222222222222:2`;
      expect(verdicts()).toEqual([`refused ${both}`]);
      expect(verdicts("111111111111:2")).toEqual([`refused ${both}`]);
      expect(verdicts("111111111111:2,222222222222:2")).toEqual([`allowed ${both}`]);
      expect(verdicts("111111111111:2", assigned.slice(0, 2))).toEqual([
        `allowed --allow ${guard}=111111111111:2`,
      ]);
    });
  });

  it("a raised quota is said in the manifest", () => {
    const desired = { permissionSets: numbered(4, "s") };
    const quotas = { permissionSets: 4, permissionSetsPerAccount: 500 };
    expect(plan({ ...desired, guards: { quotas } }, {}).guards).toEqual([]);
  });
});
