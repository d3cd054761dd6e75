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

it("brings the rename of a group along, whatever is done to the group", () => {
  const renamed = (...only: string[]) => {
    const { plan } = makePlan(
      desired({
        users: ["jane", "max"],
        groups: ["New"],
        permissionSets: ["Admin"],
        previously: { groups: { New: ["Old"] } },
        memberships: ["New/jane"],
        managedMembers: ["New"],
      }),
      live({
        users: ["jane", "max"],
        groups: ["Old"],
        permissionSets: ["Admin"],
        memberships: ["Old/max"],
        assignments: ["111111111111/Admin/group:Old"],
      }),
      { toolVersion: "0", only },
    );
    return plan?.changes.map(({ address }) => address);
  };
  expect(renamed("membership/New/jane")).toEqual(["group/New", "membership/New/jane"]);
  expect(renamed("membership/New/max")).toContain("group/New");
  expect(renamed("assignment/*")).toEqual(["group/New", "assignment/111111111111/Admin/group:New"]);
  expect(renamed("user/*")).toEqual([]);
});

it("brings no deletion along that what is given would wait for, and does not wait for it then", () => {
  const admin = { name: "Dev", managedPolicies: ["arn:aws:iam::aws:policy/AdministratorAccess"] };
  const made = (...only: string[]) => {
    const { plan } = makePlan(
      desired({
        groups: ["Devs", "Guests"],
        permissionSets: [admin],
        assignments: ["111111111111/Dev/group:Devs"],
      }),
      live({
        groups: ["Devs", "Guests"],
        permissionSets: ["Dev"],
        assignments: ["111111111111/Dev/group:Devs", "222222222222/Dev/group:Guests"],
      }),
      { toolVersion: "0", only },
    );
    return plan?.changes.map(({ address, dependsOn, risk }) => ({
      address,
      dependsOn,
      accounts: risk.accounts,
    }));
  };
  expect(made()?.find(({ address }) => address === "permissionSet/Dev")?.dependsOn).toEqual([
    "assignment/222222222222/Dev/group:Guests",
  ]);
  // It is told to reach what stays as well.
  expect(made("permissionSet/*")).toEqual([
    { address: "permissionSet/Dev", dependsOn: [], accounts: ["111111111111", "222222222222"] },
  ]);
  expect(made("*")).toEqual(made());
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
