/** In which order the blocks of Changes stand, and who loses room first: the rule is in change-blocks.ts. */
import { describe, expect, it } from "vitest";
import type { Plan } from "../../../src/plan/plan.ts";
import { changeBlocks } from "../../../src/report/change-blocks.ts";
import { planMarkdown } from "../../../src/report/plan-markdown.ts";
import { riskRank } from "../../../src/report/risk-level.ts";
import { viewPlan } from "../../../src/report/view.ts";
import { plan, user } from "../plan/builders.ts";
import { removalPlan, richPlan } from "./rich-plan.ts";
import { hostilePlan } from "./support/hostile-plan.ts";
import { hugePlan } from "./support/huge-plan.ts";

const admin = "arn:aws:iam::aws:policy/AdministratorAccess";
const names = new Map([
  ["111111111111", "zeta"],
  ["222222222222", "alpha"],
]);
const blocksOf = (made: Plan) => changeBlocks(viewPlan(made, names).changes);
const titlesOf = (made: Plan): string[] => blocksOf(made).map(({ title }) => title);

const mixed = (): Plan =>
  plan(
    {
      users: ["ann", user("bob", { title: "New" })],
      groups: ["Admins", "Team"],
      memberships: ["Team/ann"],
      permissionSets: [
        { name: "Zoo" },
        { name: "Ape", sessionDuration: 7200 },
        { name: "Root", managedPolicies: [admin] },
      ],
      assignments: [
        "111111111111/Zoo/group:Team",
        "222222222222/Ape/group:Team",
        "222222222222/Root/group:Admins",
        "111111111111/Root/group:Admins",
      ],
    },
    { users: ["ann", user("bob", { title: "Old" })], permissionSets: [{ name: "Ape" }, { name: "Zoo" }] },
  );

describe("the order", () => {
  it("is by risk, then accounts, permission sets, groups, users; accounts by name", () => {
    expect(titlesOf(mixed())).toEqual([
      "Account alpha (222222222222): 2 changes",
      "Account zeta (111111111111): 2 changes",
      "Permission set: update Ape",
      "Permission set: create Root",
      "Groups and their members: 3 changes",
      "Users: 1 change",
    ]);
  });

  it("within an account is by risk, too: the set that gives most stands first", () => {
    const [alpha] = blocksOf(mixed());
    expect(alpha?.lines.map(({ text }) => text)).toEqual([
      "Root",
      "assign group Admins",
      "Ape",
      "assign group Team",
    ]);
  });

  it.each<[string, () => Plan]>([
    ["a plan of everything", richPlan],
    ["removals", removalPlan],
    ["hostile names", hostilePlan],
    ["5,000 changes", hugePlan],
  ])("never has a worse block after a better one: %s", (_, made) => {
    const ranks = blocksOf(made()).map(({ level }) => riskRank[level]);
    expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
  });

  it("loses no section, whatever it is called", () => {
    const other = { title: "Something new", lines: [{ depth: 0, mark: null, text: "x" }] };
    expect(changeBlocks([other]).map(({ title }) => title)).toEqual(["Something new: 0 changes"]);
  });
});

describe("where not all have room", () => {
  const made = hugePlan();
  const worst = blocksOf(made).filter(({ level }) => level === "high");

  it.each([4_000, 8_000, 16_000, 65_536])("at %d characters the worst are kept first", (limit) => {
    const text = planMarkdown(made, names, { limit });
    const shown = [...text.matchAll(/<summary>(⚠️ )?(Account|Permission set|Groups|Users)/g)];
    const isWorst = shown.map(([, mark]) => mark !== undefined);
    // Nothing better is shown as long as a worse one is left out.
    if (isWorst.includes(false)) expect(isWorst.filter(Boolean)).toHaveLength(worst.length);
    expect(isWorst).toEqual([...isWorst].sort((a, b) => Number(b) - Number(a)));
    if (limit >= 16_000) expect(isWorst.filter(Boolean)).toHaveLength(worst.length);
  });
});
