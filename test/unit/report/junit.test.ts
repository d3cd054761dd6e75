import { describe, expect, it } from "vitest";
import { createResult, type Outcome } from "../../../src/apply/result.ts";
import { applyJunit } from "../../../src/report/apply-junit.ts";
import { driftJunit } from "../../../src/report/drift-junit.ts";
import { findingsJunit, planJunit } from "../../../src/report/junit.ts";
import { plan, position } from "../plan/builders.ts";
import { mixedResult } from "./mixed-result.ts";
import { driftOf, richDrift } from "./rich-drift.ts";
import { policiesPlan } from "./policies-plan.ts";
import { accountNames, removalPlan, richPlan } from "./rich-plan.ts";
import { type Node, parseReport, schemaErrors } from "./support/junit-reader.ts";
import { hostileAccounts, hostilePlan } from "./support/hostile-plan.ts";

const asItIs = (file: string): string => file;
const suites = (root: Node): (string | undefined)[] => root.children.map(({ attributes }) => attributes.name);
const fourSuites = ["reconcile.guards", "reconcile.warnings", "reconcile.changes", "reconcile.unchecked"];

it("golden file: removals", async () => {
  const xml = planJunit(removalPlan(), accountNames, asItIs);
  await parseReport(xml);
  await expect(xml).toMatchFileSnapshot("golden/removals.golden.junit.xml");
});

it("golden file: policies", async () => {
  const xml = planJunit(policiesPlan(), accountNames, asItIs);
  await parseReport(xml);
  await expect(xml).toMatchFileSnapshot("golden/policies.golden.junit.xml");
});

it("golden file: a plan with a change of each kind", async () => {
  await expect(planJunit(richPlan(), accountNames, asItIs)).toMatchFileSnapshot(
    "golden/rich-plan.golden.junit.xml",
  );
});

it("the schema finds what does not belong there", async () => {
  const broken = planJunit(richPlan(), accountNames, asItIs).replace("<testcase ", '<testcase line="1" ');
  expect(await schemaErrors(broken)).toEqual([expect.stringContaining("'line' is not allowed")]);
});

describe("of a plan", () => {
  it("the suites are always the same", async () => {
    expect(suites(await parseReport(planJunit(richPlan(), accountNames, asItIs)))).toEqual(fourSuites);
    expect(suites(await parseReport(planJunit(plan({}, {}), accountNames, asItIs)))).toEqual(fourSuites);
  });

  it("a refusal is a failure, a change is none, what was not read is skipped", async () => {
    const made = richPlan();
    const root = await parseReport(planJunit(made, accountNames, asItIs));
    const refused = made.guards.filter(({ verdict }) => verdict === "refused").length;
    expect(refused).toBeGreaterThan(0);
    expect(root.attributes.failures).toBe(String(refused));
    expect(root.children[2]?.children).toHaveLength(made.changes.length);
    expect(root.children[3]?.attributes.skipped).toBe(String(made.unchecked.length));
  });

  it("a change has its address and its place", async () => {
    const made = plan({ groups: ["New"], origins: { "group/New": { position: position(12) } } }, {});
    const root = await parseReport(planJunit(made, accountNames, (file) => `infra/${file}`));
    const [change] = root.children[2]?.children ?? [];
    expect(change?.attributes.name).toBe("create group/New");
    expect(change?.children[0]?.text).toBe("Creates group New\ninfra/access.yaml:12:3");
  });

  it("names change nothing of its structure", async () => {
    const made = hostilePlan();
    const root = await parseReport(planJunit(made, hostileAccounts, asItIs));
    expect(root.children[2]?.children).toHaveLength(made.changes.length);
    const texts = root.children[2]?.children.map(({ children }) => children[0]?.text);
    expect(texts).toContain("Creates user <img src=x onerror=alert(1)>");
    expect(texts).toContain("Creates user x]]>&amp;&#64;y{0}");
    expect(texts).toContain("Creates user a\\u202egro.elpmaxe\\u202c \\u200bhidden\\u0000\\u001b[2J");
  });

  it("holds only characters that XML has", async () => {
    const made = plan({ groups: ["\uFFFE\uFFFF\uD800"] }, {});
    const report = await parseReport(planJunit(made, accountNames, asItIs));
    expect(report.children[2]?.children[0]?.children[0]?.text).toBe("Creates group \uFFFD\uFFFD\\ud800");
  });
});

describe("of findings", () => {
  it("an error is a failure with its hint, a warning passes", async () => {
    const root = await parseReport(
      findingsJunit(
        [
          { code: "a", severity: "error", message: "wrong", hint: "do this", position: position(3) },
          { code: "b", severity: "warning", message: "doubtful" },
        ],
        asItIs,
      ),
    );
    expect(suites(root)).toEqual(["reconcile.validate"]);
    const [error, warning] = root.children[0]?.children ?? [];
    expect(error?.attributes.name).toBe("a access.yaml:3:3");
    expect(error?.children[0]?.attributes.message).toBe("wrong");
    expect(error?.children[0]?.text).toBe("wrong\ndo this");
    expect(warning?.children[0]?.name).toBe("system-out");
  });

  it("none is one test that passes, since an empty report looks like one that was lost", async () => {
    const root = await parseReport(findingsJunit([], asItIs));
    expect(root.attributes).toMatchObject({ tests: "1", failures: "0" });
    const nothing = await parseReport(planJunit(plan({}, {}), accountNames, asItIs));
    expect(nothing.attributes).toMatchObject({ tests: "1", failures: "0" });
  });
});

describe("of an apply", () => {
  const outcome = (address: string, more: Partial<Outcome> = {}): Outcome => ({
    address,
    action: "create",
    status: "done",
    ...more,
  });

  it("golden file: what is done passes, what failed is a failure, what was not attempted is skipped", async () => {
    const xml = applyJunit(mixedResult());
    const root = await parseReport(xml);
    expect(suites(root)).toEqual(["reconcile.changes", "reconcile.converged"]);
    expect(root.attributes).toMatchObject({ tests: "6", failures: "2" });
    expect(root.children[0]?.attributes).toMatchObject({ failures: "1", skipped: "2" });
    await expect(xml).toMatchFileSnapshot("golden/apply.golden.junit.xml");
  });

  it("nothing to do is a test that passes", async () => {
    const root = await parseReport(applyJunit(createResult("d".repeat(64), [], [])));
    expect(root.attributes).toMatchObject({ tests: "1", failures: "0" });
  });

  it("names change nothing of its structure", async () => {
    const address = "group/]]></failure><testcase name='x'/>\u001b[2J\n";
    const failed = outcome(address, { status: "failed", failureReason: "<b>&no\u0000" });
    const root = await parseReport(applyJunit(createResult("d".repeat(64), [failed], [])));
    expect(root.attributes).toMatchObject({ tests: "2", failures: "1" });
    expect(root.children[0]?.children[0]?.children[0]?.text).toContain("<b>&no\\u0000");
  });
});

describe("of a drift", () => {
  it("golden file: every finding is a failure, what was not read is skipped", async () => {
    const drift = richDrift();
    const xml = driftJunit(drift, accountNames);
    const root = await parseReport(xml);
    expect(suites(root)).toEqual([
      "reconcile.changed",
      "reconcile.missing",
      "reconcile.unmanaged",
      "reconcile.unchecked",
    ]);
    expect(root.attributes.failures).toBe(String(drift.findings.length));
    expect(root.children[3]?.attributes).toMatchObject({ skipped: String(drift.unchecked.length) });
    await expect(xml).toMatchFileSnapshot("golden/rich-drift.golden.junit.xml");
  });

  it("none is a test that passes", async () => {
    const root = await parseReport(driftJunit(driftOf({ groups: ["A"] }, { groups: ["A"] }), accountNames));
    expect(root.attributes).toMatchObject({ tests: "1", failures: "0" });
  });
});
