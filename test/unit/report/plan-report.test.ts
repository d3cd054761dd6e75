import { describe, expect, it } from "vitest";
import type { ReasonCode } from "../../../src/plan/plan.ts";
import { parsePlan } from "../../../src/plan/plan-file.ts";
import { renderPlan } from "../../../src/report/renderers.ts";
import { lastLine } from "../../../src/report/view.ts";
import { plan, user } from "../plan/builders.ts";
import { policiesPlan } from "./policies-plan.ts";
import { accountNames, removalPlan, richPlan } from "./rich-plan.ts";

const options = { colour: false, accountNames, columns: 100 };

describe("golden files", () => {
  it("text", async () => {
    await expect(renderPlan(richPlan(), "text", options)).toMatchFileSnapshot("golden/rich-plan.golden.txt");
  });

  it("removals", async () => {
    await expect(renderPlan(removalPlan(), "text", options)).toMatchFileSnapshot(
      "golden/removals.golden.txt",
    );
  });

  it("policies", async () => {
    await expect(renderPlan(policiesPlan(), "text", options)).toMatchFileSnapshot(
      "golden/policies.golden.txt",
    );
  });

  const all = [richPlan(), removalPlan(), policiesPlan()];

  it("show each kind of change", () => {
    const kinds = new Set(
      all.flatMap(({ changes }) => changes.map(({ kind, action }) => `${kind} ${action}`)),
    );
    const objects = ["user", "group", "permissionSet"].flatMap((kind) =>
      ["create", "update", "delete"].map((action) => `${kind} ${action}`),
    );
    const pairs = ["membership", "assignment"].flatMap((kind) => [`${kind} create`, `${kind} delete`]);
    expect([...kinds].sort()).toEqual([...objects, ...pairs, "provisioning provision"].sort());
  });

  it("show each reason, each verdict of a guard, and each list of what is left", () => {
    const reasons = {
      declared: true,
      differs: true,
      renamed: true,
      "not-declared": true,
      removed: true,
      exclusive: true,
      expired: true,
      orphaned: true,
      "owner-mark": true,
      "parent-deleted": true,
      stale: true,
    } as const satisfies Record<ReasonCode, true>;
    const shown = new Set(all.flatMap(({ changes }) => changes.map(({ reason }) => reason.code)));
    expect([...shown].sort()).toEqual(Object.keys(reasons).sort());
    const verdicts = new Set(all.flatMap(({ guards }) => guards.map(({ verdict }) => verdict)));
    expect([...verdicts].sort()).toEqual(["allowed", "needs-review", "refused"]);
    for (const list of ["unmanaged", "ignored", "withheld", "unchecked", "skipped", "warnings"] as const)
      expect([list, all.some((made) => made[list].length > 0)]).toEqual([list, true]);
  });

  it.each([
    ["relay state", "+-~"],
    ["AWS managed policy", "+-"],
    ["customer managed policy", "+-"],
    ["inline policy", "+-~"],
    ["permissions boundary", "+-~"],
    ["tag team", "+-~"],
    ["description", "+~"],
    ["session duration", "~"],
  ])("show how a set's %s comes, goes and changes", (what, marks) => {
    const lines = renderPlan(policiesPlan(), "text", options).split("\n");
    const found = lines.flatMap((each) => (each.slice(6).startsWith(what) ? [each.charAt(4)] : []));
    expect([...new Set(found)].sort()).toEqual(marks.split("").sort());
  });

  it("no changes", async () => {
    const made = plan({ groups: ["Team"] }, { groups: ["Team", "Other"] });
    await expect(renderPlan(made, "text", options)).toMatchFileSnapshot("golden/no-changes.golden.txt");
  });
});

it("JSON is the plan file", async () => {
  await expect(renderPlan(richPlan(), "json", options)).toMatchFileSnapshot("golden/rich-plan.golden.json");
  expect(parsePlan(renderPlan(richPlan(), "json", options)).digest).toBe(richPlan().digest);
});

describe("the last line is stable", () => {
  it.each([
    [{ create: 3, update: 1, delete: 2, provision: 0 }, "Plan: 3 to create, 1 to update, 2 to delete."],
    [
      { create: 0, update: 0, delete: 1, provision: 2 },
      "Plan: 0 to create, 0 to update, 1 to delete, 2 to provision.",
    ],
    [{ create: 0, update: 0, delete: 0, provision: 0 }, "No changes."],
  ])("%j", (counts, text) => {
    expect(lastLine({ counts, unchecked: [] })).toBe(text);
  });

  it("never takes what could not be read for unchanged", () => {
    const counts = { create: 0, update: 0, delete: 0, provision: 0 };
    const unchecked = [{ scope: "assignment/111111111111/*", reason: "access denied" }];
    expect(lastLine({ counts, unchecked })).toBe("No changes in what could be read.");
  });

  it("and really the last one", () => {
    expect(renderPlan(richPlan(), "text", options)).toMatch(/\n\nPlan: [^\n]*\.\n$/);
    expect(renderPlan(plan({}, {}), "text", options)).toMatch(/\n\nNo changes\.\n$/);
  });
});

describe("text", () => {
  it("colours change nothing else", () => {
    // biome-ignore lint: escape sequences are what is looked for
    const escapes = /\u001B\[\d+m/g;
    const coloured = renderPlan(richPlan(), "text", { ...options, colour: true });
    expect(coloured).toMatch(escapes);
    expect(coloured.replace(escapes, "")).toBe(renderPlan(richPlan(), "text", options));
  });

  it("keeps to the width of the terminal where words allow", () => {
    const lines = renderPlan(richPlan(), "text", options).split("\n");
    const wider = lines.filter((text) => text.length > 100);
    // An option is copied, and so is not broken.
    expect(wider.filter((text) => !/^ +--allow \S+$/.test(text))).toEqual([]);
  });

  it("every change is in it", () => {
    const text = renderPlan(richPlan(), "text", options);
    const marked = text
      .split("\n")
      .filter((each) => /^ +[-+~*] (?:create|update|delete|provision|assign|remove|add) /.test(each));
    expect(marked).toHaveLength(richPlan().changes.length);
  });

  it("names that try to write to the terminal are shown as they are", () => {
    const evil = "evil\u001B[2J\u202Egro\nPlan: 0 to create";
    const made = plan(
      { groups: [{ displayName: evil, description: evil }], users: [user("a", { title: evil })] },
      {},
    );
    const text = renderPlan(made, "text", options);
    expect(text).not.toContain("\u001B");
    expect(text).not.toContain("\u202E");
    expect(text.split("\n").filter((each) => each.startsWith("Plan:"))).toHaveLength(1);
  });
});
