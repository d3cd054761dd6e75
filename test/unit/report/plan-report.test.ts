import { describe, expect, it } from "vitest";
import { parsePlan } from "../../../src/plan/plan-file.ts";
import { longestComment } from "../../../src/report/plan-markdown.ts";
import { renderPlan } from "../../../src/report/renderers.ts";
import { lastLine } from "../../../src/report/view.ts";
import { plan, user } from "../plan/builders.ts";
import { accountNames, richPlan } from "./rich-plan.ts";

const options = { colour: false, accountNames, columns: 100 };

describe("golden files", () => {
  it("text", async () => {
    await expect(renderPlan(richPlan(), "text", options)).toMatchFileSnapshot("golden/rich-plan.golden.txt");
  });

  it("Markdown", async () => {
    await expect(renderPlan(richPlan(), "markdown", options)).toMatchFileSnapshot(
      "golden/rich-plan.golden.md",
    );
  });

  it("no changes", async () => {
    const made = plan({ groups: ["Team"] }, { groups: ["Team", "Other"] });
    await expect(renderPlan(made, "text", options)).toMatchFileSnapshot("golden/no-changes.golden.txt");
  });
});

it("JSON is the plan file", () => {
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
    expect(lastLine(counts)).toBe(text);
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
    expect(Math.max(...lines.map((text) => text.length))).toBeLessThanOrEqual(100);
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

describe("Markdown", () => {
  const huge = plan(
    {
      groups: ["Team"],
      permissionSets: ["Dev"],
      users: Array.from({ length: 1500 }, (_, index) => `user-${index}`),
      assignments: Array.from({ length: 1500 }, (_, index) => `${100_000_000_000 + index}/Dev/group:Team`),
    },
    { organizationSource: "manifest" },
  );

  it("is never longer than a comment may be, and says how much is missing", () => {
    const text = renderPlan(huge, "markdown", options);
    expect(text.length).toBeLessThanOrEqual(longestComment);
    expect(text.length).toBeGreaterThan(longestComment * 0.9);
    expect(text).toMatch(/\*\*\d+ more lines left out\*\*/);
    expect(text).toContain(lastLine(huge.counts));
    expect(text.match(/<details/g)?.length).toBe(text.match(/<\/details>/g)?.length);
  });

  it("what is left out and what is shown make the whole", () => {
    const text = renderPlan(huge, "markdown", options);
    const shown = text.split("\n").filter((each) => /^\+ {3}displayName/.test(each)).length;
    expect(shown).toBeGreaterThan(0);
    const leftOut = [...text.matchAll(/\*\*(\d+) more lines? left out/g)].map(([, count]) => Number(count));
    const lines = text.split("\n").filter((each) => /^[-+! ] /.test(each)).length;
    // 4 lines a user, 3 an assignment, 1 a group, 2 a permission set, 1 what is to do by hand.
    expect(lines + leftOut.reduce((sum, count) => sum + count, 0)).toBe(1500 * 4 + 1500 * 3 + 1 + 2 + 1);
  });

  it("backticks cannot end the block that shows changes", () => {
    const made = plan({ groups: [{ displayName: "````</details>@everyone", description: "x" }] }, {});
    const text = renderPlan(made, "markdown", options);
    expect(text).toContain("`````diff\n+ create ````</details>@everyone");
  });
});
