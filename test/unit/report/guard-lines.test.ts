import { expect, it } from "vitest";
import { guardLines, refusals } from "../../../src/report/guard-lines.ts";
import { planMarkdown } from "../../../src/report/plan-markdown.ts";
import { type DesiredSketch, type LiveSketch, plan, position } from "../plan/builders.ts";

const admin = { name: "Admin", managedPolicies: ["arn:aws:iam::aws:policy/AdministratorAccess"] };
const accountsOf = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => String(100_000_000_000 + index));
const emptied = (count: number, allow: ReadonlyMap<string, string> = new Map()) => {
  const accounts = accountsOf(count);
  const live: LiveSketch = {
    users: ["jane"],
    groups: ["Admins"],
    permissionSets: [admin],
    memberships: ["Admins/jane"],
    assignments: accounts.map((id) => `${id}/Admin/group:Admins`),
  };
  const desired: DesiredSketch = {
    ...live,
    memberships: [],
    managedMembers: ["Admins"],
    guards: { minAdministrators: [{ accounts, people: 1, position: position(9) }] },
  };
  return plan(desired, live, allow);
};

it("an option is shown whole while anybody could read it", () => {
  const made = emptied(40);
  expect(guardLines(made, new Map())[1]?.text).toBe(`if that is meant, add ${made.guards[0]?.override}`);
});

it("one that names thousands of accounts leaves room for the rest, and the refusal is never left out", () => {
  const made = emptied(6000);
  const option = "--allow min-administrators=100000000000:1,100000000001:1,100000000002:1";
  expect(made.guards[0]?.override).toContain(`${option},100000000003:1`);
  const markdown = planMarkdown(made, new Map());
  expect(markdown).toContain("Refused by guard min-administrators");
  expect(markdown).toContain("6000 parts; plan --format json has all of them");
  expect(markdown.length).toBeLessThan(65_536);
  expect(refusals(made, new Map())[0]?.hint).toContain("6000 parts");

  const value = made.guards[0]?.override.split("=")[1] ?? "";
  const allowed = emptied(6000, new Map([["min-administrators", value]]));
  expect(allowed.guards.map(({ verdict }) => verdict)).toEqual(["allowed"]);
  expect(planMarkdown(allowed, new Map()).length).toBeLessThan(65_536);
});

it("in Markdown an option is copied as it is, and nothing else is code", () => {
  const now = Date.UTC(2026, 11, 24);
  const time = { kind: "once", from: now, to: now + 90_000 } as const;
  const freeze = [{ name: "year-end", reason: "use --allow nothing=`1` to pass @all", time }];
  const made = plan({ groups: ["Team"], guards: { freeze } }, {}, new Map(), { now });
  const markdown = planMarkdown(made, new Map());
  expect(markdown).toContain("add `--allow freeze=year-end:2026-12-24T00:01:30Z`\n");
  expect(markdown).toContain("(use `` --allow nothing=`1` `` to pass @&#8203;all");
});
