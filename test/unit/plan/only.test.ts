import { expect, it } from "vitest";
import { makePlan } from "../../../src/plan/make-plan.ts";
import { type DesiredSketch, desired, type LiveSketch, live } from "./builders.ts";

const wanted: DesiredSketch = {
  groups: ["Devs", "Ops"],
  permissionSets: ["Admin", "Read"],
  assignments: ["111111111111/Admin/group:Devs", "222222222222/Read/group:Ops"],
};
const there: LiveSketch = {
  groups: ["Devs"],
  permissionSets: ["Read"],
  assignments: ["222222222222/Read/group:Devs"],
};
const planOnly = (...only: string[]) => {
  const { plan } = makePlan(desired(wanted), live(there), { toolVersion: "0", only });
  if (plan === null) throw new Error("There is no plan.");
  return plan;
};
const addresses = (...only: string[]) => planOnly(...only).changes.map(({ address }) => address);

it("holds everything where nothing is said", () => {
  expect(addresses()).toHaveLength(5);
  expect(planOnly().warnings).toEqual([]);
});

it("holds what matches and what that depends on", () => {
  expect(addresses("assignment/111111111111/*")).toEqual([
    "permissionSet/Admin",
    "assignment/111111111111/Admin/group:Devs",
  ]);
});

it("takes the union of several", () => {
  expect(addresses("group/*", "permissionSet/*")).toEqual(["group/Ops", "permissionSet/Admin"]);
});

it("deletes only together with what replaces", () => {
  expect(addresses("assignment/222222222222/Read/group:Devs")).toEqual([
    "group/Ops",
    "assignment/222222222222/Read/group:Ops",
    "assignment/222222222222/Read/group:Devs",
  ]);
});

it("says what it leaves out, and has a digest of its own", () => {
  const plan = planOnly("group/*");
  expect(plan.warnings.map(({ code, message }) => ({ code, message }))).toEqual([
    {
      code: "partial-plan",
      message: "This plan holds 1 of 5 changes: those that match group/*, and what they depend on",
    },
  ]);
  expect(plan.counts).toEqual({ create: 1, update: 0, delete: 0, provision: 0 });
  expect(plan.digest).not.toBe(planOnly().digest);
});

it("is judged by what it carries out: who joins a group gains what the rest of the plan would have taken from it", () => {
  const made = (only: readonly string[]) => {
    const { plan } = makePlan(
      desired({
        users: ["jane"],
        groups: ["Admins"],
        memberships: ["Admins/jane"],
        permissionSets: [{ name: "Admin", managedPolicies: ["arn:aws:iam::aws:policy/AdministratorAccess"] }],
        mode: "exclusive",
        guards: { approval: "broadening" },
      }),
      live({
        users: ["jane"],
        groups: ["Admins"],
        permissionSets: [{ name: "Admin", managedPolicies: ["arn:aws:iam::aws:policy/AdministratorAccess"] }],
        assignments: ["111111111111/Admin/group:Admins"],
      }),
      { toolVersion: "0", only, unattended: true },
    );
    if (plan === null) throw new Error("There is no plan.");
    return plan;
  };
  const partial = made(["membership/*"]);
  expect(partial.changes.map(({ address, risk }) => [address, risk])).toEqual([
    [
      "membership/Admins/jane",
      {
        direction: "broadening",
        reasons: ["administrator", "first-access"],
        accounts: ["111111111111"],
        administratorAccounts: ["111111111111"],
      },
    ],
  ]);
  expect(partial.guards.map(({ guard, verdict }) => [guard, verdict])).toEqual([["approval", "refused"]]);
});
