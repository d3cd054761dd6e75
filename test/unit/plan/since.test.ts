import { expect, it } from "vitest";
import { makePlan } from "../../../src/plan/make-plan.ts";
import { type DesiredSketch, desired, type LiveSketch, live } from "./builders.ts";

const label = "main (1a2b3c)";

const planSince = (
  before: DesiredSketch | null,
  now: DesiredSketch,
  there: LiveSketch,
  only: readonly string[] = [],
) => {
  const since = { desired: before === null ? null : desired(before), label };
  const { plan } = makePlan(desired(now), live(there), { toolVersion: "0", since, only });
  if (plan === null) throw new Error("There is no plan.");
  return plan;
};
const changes = (...args: Parameters<typeof planSince>) =>
  planSince(...args).changes.map(({ address, action }) => `${action} ${address}`);

const base: DesiredSketch = {
  users: ["jane", "max"],
  groups: ["Devs", "Ops"],
  managedMembers: ["Devs", "Ops"],
  memberships: ["Devs/jane"],
  permissionSets: ["Read"],
  assignments: ["111111111111/Read/group:Devs"],
};
const drifted: LiveSketch = {
  users: ["jane", "max"],
  groups: ["Devs", "Ops"],
  memberships: ["Devs/max"],
  permissionSets: [{ name: "Read", sessionDuration: 7200 }],
  assignments: ["222222222222/Read/group:Ops"],
};

it("leaves out drift, and what waits to be applied", () => {
  expect(changes(base, base, drifted)).toEqual([]);
  expect(changes(base, { ...base, memberships: ["Devs/jane", "Ops/jane"] }, drifted)).toEqual([
    "create membership/Ops/jane",
  ]);
});

it("says how many changes are not of the branch, and is a partial plan with a digest of its own", () => {
  const now = { ...base, memberships: ["Devs/jane", "Ops/jane"] };
  const plan = planSince(base, now, drifted);
  expect(plan.warnings.map(({ code, message, hint }) => ({ code, message, hint }))).toEqual([
    {
      code: "partial-plan",
      message: `This plan holds 1 of 6 changes: those of this branch, and what they depend on; the other 5 are not of this branch: the manifest at ${label} would make them as well`,
      hint: "Run without --since to see all of them",
    },
  ]);
  const whole = makePlan(desired(now), live(drifted), { toolVersion: "0" }).plan;
  expect(plan.digest).not.toBe(whole?.digest);
  expect(planSince(base, base, drifted).warnings.map(({ message }) => message)).toEqual([
    `There are no changes of this branch: all 5 are left out, because the manifest at ${label} would make them as well`,
  ]);
});

it("is the whole plan, and says nothing, where every change is of the branch", () => {
  const asDeclared: LiveSketch = { ...base, permissionSets: ["Read"] };
  const now = { ...base, memberships: [] };
  const plan = planSince(base, now, asDeclared);
  expect(plan.warnings).toEqual([]);
  expect(plan.digest).toBe(makePlan(desired(now), live(asDeclared), { toolVersion: "0" }).plan?.digest);
});

it("holds everything where there was no manifest, and says so", () => {
  const plan = planSince(null, base, drifted);
  expect(plan.changes).toHaveLength(5);
  expect(plan.warnings.map(({ code }) => code)).toEqual(["since-no-manifest"]);
});

it("shows what is no longer declared as going", () => {
  const there: LiveSketch = { ...base, permissionSets: ["Read"] };
  expect(changes(base, { ...base, assignments: [] }, there)).toEqual([
    "delete assignment/111111111111/Read/group:Devs",
  ]);
});

it("counts a value that differs, though the object is in need of change either way", () => {
  const longer = { ...base, permissionSets: [{ name: "Read", sessionDuration: 14_400 }] };
  expect(changes(base, longer, drifted)).toEqual(["update permissionSet/Read"]);
});

it("counts what a mode, an ignore rule and `removed` come to", () => {
  const there: LiveSketch = { ...base, groups: ["Devs", "Ops", "Old"], permissionSets: ["Read"] };
  expect(changes(base, { ...base, modes: { groups: "exclusive" } }, there)).toEqual(["delete group/Old"]);
  expect(changes(base, { ...base, removed: { groups: ["Old"] } }, there)).toEqual(["delete group/Old"]);
  const ignoring = { ...base, ignore: [{ groups: ["Ops"] }] };
  expect(changes(ignoring, base, drifted)).toEqual(["delete assignment/222222222222/Read/group:Ops"]);
});

it("counts what a declaration does to others: access made by hand through a set that is declared now", () => {
  const there: LiveSketch = {
    ...base,
    permissionSets: ["Read", "Hand"],
    assignments: ["111111111111/Read/group:Devs", "222222222222/Hand/group:Ops"],
  };
  expect(changes(base, { ...base, permissionSets: ["Read", "Hand"] }, there)).toEqual([
    "delete assignment/222222222222/Hand/group:Ops",
  ]);
});

it("brings along what its changes need, be it not of the branch", () => {
  const waiting = { ...base, groups: ["Devs", "Ops", "New"] };
  const now = { ...waiting, assignments: ["111111111111/Read/group:Devs", "111111111111/Read/group:New"] };
  const there: LiveSketch = { ...base, permissionSets: ["Read"] };
  expect(changes(waiting, now, there)).toEqual([
    "create group/New",
    "create assignment/111111111111/Read/group:New",
  ]);
});

it("brings the rename of a group along that waits for both, and shows one of the branch", () => {
  const there: LiveSketch = { ...base, permissionSets: ["Read"] };
  const renamed: DesiredSketch = {
    ...base,
    groups: ["Engineers", "Ops"],
    managedMembers: ["Engineers", "Ops"],
    memberships: ["Engineers/jane"],
    assignments: ["111111111111/Read/group:Engineers"],
    previously: { groups: { Engineers: ["Devs"] } },
  };
  expect(changes(base, renamed, there)).toEqual(["update group/Engineers"]);
  expect(changes(renamed, renamed, there)).toEqual([]);
  const more = { ...renamed, memberships: ["Engineers/jane", "Engineers/max"] };
  expect(changes(renamed, more, there)).toEqual([
    "update group/Engineers",
    "create membership/Engineers/max",
  ]);
});

it("takes with --only those of the branch that match", () => {
  const now = { ...base, memberships: ["Devs/jane", "Ops/jane"], permissionSets: ["Read", "Write"] };
  const plan = planSince(base, now, drifted, ["membership/*"]);
  expect(plan.changes.map(({ address }) => address)).toEqual(["membership/Ops/jane"]);
  expect(plan.warnings.map(({ message, hint }) => ({ message, hint }))).toEqual([
    {
      message:
        "This plan holds 1 of 7 changes: those of this branch that match membership/*, and what they depend on",
      hint: "Run without --only and --since to see all of them",
    },
  ]);
});

it("does not fail where the earlier manifest is at odds with what is live", () => {
  const odd = { ...base, external: { groups: ["Gone"] }, assignments: ["111111111111/Read/group:Gone"] };
  const there: LiveSketch = { ...base, permissionSets: ["Read"] };
  expect(changes(odd, base, there)).toEqual([]);
  expect(changes(odd, { ...base, users: ["jane", "max", "sam"] }, there)).toEqual(["create user/sam"]);
});
