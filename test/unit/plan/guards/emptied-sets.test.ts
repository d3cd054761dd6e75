/** A permission set that comes to allow nothing takes as much as if its assignments went. */
import { describe, expect, it } from "vitest";
import type { PermissionSet } from "../../../../src/model/access-state.ts";
import { guardLines } from "../../../../src/report/guard-lines.ts";
import { allow, type DesiredSketch, type LiveSketch, plan, policy } from "../builders.ts";

const names = Array.from({ length: 60 }, (_, index) => `S${String(index).padStart(2, "0")}`);
const readOnly = "arn:aws:iam::aws:policy/ReadOnlyAccess";
const sets = (count: number, more: Partial<PermissionSet>) =>
  names.map((name, index) => ({
    name,
    managedPolicies: [readOnly],
    ...(index < count ? more : {}),
  }));
const there: LiveSketch = {
  groups: ["Team"],
  permissionSets: sets(0, {}),
  assignments: names.map((name) => `111111111111/${name}/group:Team`),
};
const judge = (desired: DesiredSketch, live = there) =>
  plan({ groups: ["Team"], assignments: there.assignments ?? [], ...desired }, live);
const refused = (...args: Parameters<typeof judge>) =>
  judge(...args).guards.map(({ guard, args: { count } }) => `${guard} ${count}`);
const deny = (Statement: object) => ({ inlinePolicy: policy({ Statement }) });

describe("max-removals", () => {
  it("counts the assignments of sets that lose all of their policies", () => {
    const made = judge({ permissionSets: sets(60, { managedPolicies: [] }) });
    expect(made.counts).toEqual({ create: 0, update: 60, delete: 0, provision: 0 });
    expect(made.guards).toMatchObject([
      { guard: "max-removals", override: "--allow max-removals=assignments:60" },
    ]);
    expect(guardLines(made, new Map())[0]?.text).toMatch(
      /60 of 60 assignments would be deleted, or left without any rights by permissionSet\/S00, .* \(100 %\)/,
    );
  });

  it("counts them with those that go, each once", () => {
    const permissionSets = sets(10, { managedPolicies: [] });
    expect(refused({ permissionSets })).toEqual([]);
    expect(refused({ permissionSets, assignments: there.assignments?.slice(0, -10) ?? [] })).toEqual([
      "max-removals 20",
    ]);
    expect(refused({ permissionSets, assignments: there.assignments?.slice(10) ?? [] })).toEqual([]);
  });

  it.each<[string, Partial<PermissionSet>]>([
    ["AWSDenyAll", { managedPolicies: [readOnly, "arn:aws:iam::aws:policy/AWSDenyAll"] }],
    [
      "AWSDenyAll as boundary",
      { permissionsBoundary: { managedPolicyArn: "arn:aws:iam::aws:policy/AWSDenyAll" } },
    ],
    ["a deny of everything", deny({ Effect: "Deny", Action: "*", Resource: "*" })],
    [
      "nothing but an inline policy for nothing",
      { managedPolicies: [], ...deny({ Effect: "Allow", Action: "*", NotResource: "*" }) },
    ],
    [
      "nothing but a deny",
      { managedPolicies: [], ...deny({ Effect: "Deny", Action: "s3:*", Resource: "*" }) },
    ],
  ])("counts sets that get %s", (_, more) => {
    expect(refused({ permissionSets: sets(60, more) })).toEqual(["max-removals 60"]);
  });

  it.each<[string, Partial<PermissionSet>]>([
    ["another policy", { managedPolicies: ["arn:aws:iam::aws:policy/ViewOnlyAccess"] }],
    [
      "an inline policy instead",
      { managedPolicies: [], inlinePolicy: policy({ Statement: allow("s3:Get*") }) },
    ],
    [
      "a customer managed policy instead",
      { managedPolicies: [], customerManagedPolicies: [{ name: "P", path: "/" }] },
    ],
    ["a boundary", { permissionsBoundary: { managedPolicyArn: readOnly } }],
    ["a narrow deny", deny({ Effect: "Deny", Action: "s3:*", Resource: "*" })],
    ["another description", { description: "New" }],
  ])("does not count sets that get %s", (_, more) => {
    expect(refused({ permissionSets: sets(60, more) })).toEqual([]);
  });

  it("does not count what allowed nothing before, or is given to nobody", () => {
    const empty = sets(60, { managedPolicies: [] });
    const longer = sets(60, { managedPolicies: [], sessionDuration: 7200 });
    expect(refused({ permissionSets: longer }, { ...there, permissionSets: empty })).toEqual([]);
    const orphans = names.map((name) => `111111111111/${name}/orphan:Team`);
    expect(refused({ permissionSets: empty, assignments: [] }, { ...there, assignments: orphans })).toEqual(
      [],
    );
  });

  it("counts what a set is emptied of as it is renamed", () => {
    const renamed = (managedPolicies: string[]): DesiredSketch => ({
      permissionSets: names.map((name) => ({ name: `New${name}`, managedPolicies })),
      previously: { permissionSets: Object.fromEntries(names.map((name) => [`New${name}`, [name]])) },
      assignments: names.map((name) => `111111111111/New${name}/group:Team`),
    });
    expect(refused(renamed([readOnly]))).toEqual([]);
    expect(refused(renamed([]))).toEqual(["max-removals 60"]);
  });

  it("counts where an account holds an older version, and gets one that allows nothing", () => {
    const empty = { permissionSets: sets(60, { managedPolicies: [] }) };
    const provisioning = (stale: string[]) =>
      Object.fromEntries(names.map((name) => [name, { accounts: ["111111111111", "222222222222"], stale }]));
    const live = (stale: string[]) => ({ ...there, ...empty, provisioning: provisioning(stale) });
    expect(refused(empty, live(["111111111111"]))).toEqual(["max-removals 60"]);
    expect(refused(empty, live(["222222222222"]))).toEqual([]);
    expect(refused(empty, live([]))).toEqual([]);
  });
});
