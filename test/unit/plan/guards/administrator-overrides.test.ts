import { describe, expect, it } from "vitest";
import type { BreakGlassRule, Guards } from "../../../../src/model/guards.ts";
import { makePlan } from "../../../../src/plan/make-plan.ts";
import { type DesiredSketch, desired, live, type LiveSketch, plan, position } from "../builders.ts";

const admin = { name: "Admin", managedPolicies: ["arn:aws:iam::aws:policy/AdministratorAccess"] };
const prod = "111111111111";
const dev = "222222222222";

const rule = (more: Partial<BreakGlassRule>): Partial<Guards> => ({
  breakGlass: [
    { users: [], groups: ["Glass"], permissionSets: null, accounts: [prod], position: position(9), ...more },
  ],
});

describe("an override of break-glass", () => {
  const access = {
    users: ["jane"],
    groups: ["Glass"],
    permissionSets: [admin],
    memberships: ["Glass/jane"],
  };
  const ways = [`${prod}/Admin/user:jane`, `${dev}/Admin/user:jane`];
  const both = rule({ users: ["jane"], accounts: [prod, dev] });
  const judged = (assignments: string[], allow?: string) =>
    plan(
      { ...access, assignments, guards: both },
      { ...access, assignments: ways },
      new Map(allow === undefined ? [] : [["break-glass", allow]]),
    ).guards.filter(({ guard }) => guard === "break-glass");

  it("names each way in, of those that the rule declares, as one word", () => {
    const [refusal] = judged([]);
    expect(refusal?.args).toMatchObject({ count: 2, population: 4 });
    expect(refusal?.override).toBe(`--allow break-glass=user:jane@${prod},user:jane@${dev}`);
  });

  it("fits no other way in", () => {
    const verdicts = (assignments: string[], allow: string) =>
      judged(assignments, allow).map(({ verdict }) => verdict);
    expect(verdicts([ways[0] ?? ""], `user:jane@${dev}`)).toEqual(["allowed"]);
    expect(verdicts([ways[0] ?? ""], `user:jane@${prod}`)).toEqual(["refused"]);
    expect(verdicts([ways[0] ?? ""], `group:jane@${dev}`)).toEqual(["refused"]);
    expect(verdicts([], `user:jane@${dev}`)).toEqual(["refused"]);
    expect(verdicts([], `user:jane@${dev},user:jane@${prod}`)).toEqual(["allowed"]);
  });

  it("whatever the name is", () => {
    const name = "Ops & Glass, 'a@b' (24)!";
    const there = { ...access, groups: [name], memberships: [`${name}/jane`] };
    const wanted = { ...there, assignments: [], guards: rule({ groups: [name] }) };
    const now = { ...there, assignments: [`${prod}/Admin/group:${name}`] };
    const judge = (allow: ReadonlyMap<string, string>) =>
      plan(wanted, now, allow).guards.find(({ guard }) => guard === "break-glass");
    const override = judge(new Map())?.override ?? "";
    expect(override).toMatch(/^--allow break-glass=group:[\w%.@-]+@\d{12}$/);
    expect(judge(new Map([["break-glass", override.split("=")[1] ?? ""]]))?.verdict).toBe("allowed");
  });
});

describe("an override of min-administrators", () => {
  const stage = "333333333333";
  const both: Partial<Guards> = {
    minAdministrators: [
      { accounts: [prod, dev], people: 2, position: position(9) },
      { accounts: [stage], people: 1, position: position(10) },
    ],
  };
  const assigned = (group: string, ...ids: string[]) => ids.map((id) => `${id}/Admin/group:${group}`);
  const access = {
    users: ["a", "b", "c"],
    groups: ["Admins", "Stage"],
    permissionSets: [admin],
    memberships: ["Admins/a", "Admins/b", "Stage/c"],
    managedMembers: ["Admins", "Stage"],
    assignments: [...assigned("Admins", prod, dev), ...assigned("Stage", stage)],
    guards: both,
  };
  const verdicts = (allow: string | undefined, more: DesiredSketch) =>
    plan({ ...access, ...more }, access, new Map(allow === undefined ? [] : [["min-administrators", allow]]))
      .guards.filter(({ guard }) => guard === "min-administrators")
      .map(({ verdict, args, override }) => [verdict, args.count, args.accounts, override] as const);

  const emptier = { memberships: ["Admins/a"] };
  const words = `--allow min-administrators=${prod}:1,${dev}:1`;
  const stageWords = `--allow min-administrators=${stage}:1`;

  it("names each account with what is missing there", () => {
    expect(verdicts(undefined, emptier)).toEqual([
      ["refused", 1, [prod, dev], words],
      ["refused", 1, [stage], stageWords],
    ]);
  });

  it("does so for each account by itself, and cannot be spent on another", () => {
    const left = (allow: string, more = emptier) => verdicts(allow, more).map(([verdict]) => verdict);
    expect(left(`${prod}:1,${dev}:1`)).toEqual(["allowed", "refused"]);
    expect(left(`${prod}:1`)).toEqual(["refused", "refused"]);
    expect(left(`${prod}:3`)).toEqual(["refused", "refused"]);
    expect(left(`${stage}:1`)).toEqual(["refused", "allowed"]);
    expect(left(`${prod}:1,${dev}:1,${stage}:1`)).toEqual(["allowed", "allowed"]);
    expect(left(`${prod}:1,${dev}:1,${stage}:1`, { memberships: [] })).toEqual(["refused", "allowed"]);
  });

  it("still does when a part of the plan is done", () => {
    const left = (there: LiveSketch) =>
      plan(
        { ...access, assignments: assigned("Stage", stage) },
        there,
        new Map([["min-administrators", `${prod}:2,${dev}:2`]]),
      ).guards.flatMap(({ guard, verdict, args }) =>
        guard === "min-administrators" ? [`${verdict} ${args.accounts?.join()}`] : [],
      );
    expect(left(access)).toEqual([`allowed ${prod},${dev}`]);
    expect(
      left({ ...access, assignments: [...assigned("Admins", dev), ...assigned("Stage", stage)] }),
    ).toEqual([`allowed ${dev}`]);
  });

  it.each(["2", "111:1", prod, `${prod}:x`])("%s is a mistake", (value) => {
    const allow = new Map([["min-administrators", value]]);
    const result = makePlan(desired(access), live(access), { toolVersion: "0", allow });
    expect(result.findings).toMatchObject([{ code: "bad-allowance" }]);
  });
});
