import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { SaxesParser } from "saxes";
import { describe, expect, it } from "vitest";
import { validateXML } from "xmllint-wasm";
import { findingsJunit, planJunit } from "../../../src/report/junit.ts";
import { root as folder } from "../../support/reconcile.ts";
import { plan, position } from "../plan/builders.ts";
import { accountNames, removalPlan, richPlan } from "./rich-plan.ts";
import { hostileAccounts, hostilePlan } from "./support/hostile-plan.ts";

interface Node {
  readonly name: string;
  readonly attributes: Record<string, string>;
  readonly children: Node[];
  text: string;
}

/** Throws where it is not well-formed. */
const parseXml = (xml: string): Node => {
  const top: Node = { name: "", attributes: {}, children: [], text: "" };
  const open = [top];
  const parser = new SaxesParser();
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name, attributes }) => {
    const node: Node = { name, attributes, children: [], text: "" };
    open.at(-1)?.children.push(node);
    open.push(node);
  });
  parser.on("text", (text) => {
    const node = open.at(-1);
    if (node !== undefined) node.text += text;
  });
  parser.on("closetag", () => void open.pop());
  parser.write(xml).close();
  const [root] = top.children;
  if (root === undefined) throw new Error("no element");
  return root;
};

const schema = await readFile(join(folder, "test/fixtures/junit/jenkins-junit.xsd"), "utf8");
const schemaErrors = async (xml: string): Promise<string[]> => {
  const { errors } = await validateXML({
    xml: [{ fileName: "report.xml", contents: xml }],
    schema: [schema],
  });
  return errors.map(({ rawMessage }) => rawMessage);
};

/** What the readers of such files (Jenkins, GitLab, GitHub actions) agree on. */
const parseReport = async (xml: string): Promise<Node> => {
  expect(await schemaErrors(xml)).toEqual([]);
  const root = parseXml(xml);
  expect(root.name).toBe("testsuites");
  const sum = (nodes: readonly Node[], key: string): number =>
    nodes.reduce((total, { attributes }) => total + Number(attributes[key]), 0);
  for (const key of ["tests", "failures", "errors"])
    expect(Number(root.attributes[key])).toBe(sum(root.children, key));
  for (const suite of root.children) {
    expect(suite.name).toBe("testsuite");
    const cases = suite.children;
    const having = (name: string): number =>
      cases.filter(({ children }) => children.some((child) => child.name === name)).length;
    expect(Number(suite.attributes.tests)).toBe(cases.length);
    expect(Number(suite.attributes.failures)).toBe(having("failure"));
    expect(Number(suite.attributes.skipped)).toBe(having("skipped"));
    for (const each of cases) {
      expect(each.name).toBe("testcase");
      expect(each.attributes.name).not.toBe("");
      expect(each.attributes.classname).toBe(suite.attributes.name);
      for (const { name } of each.children) expect(["failure", "skipped", "system-out"]).toContain(name);
    }
  }
  return root;
};

const asItIs = (file: string): string => file;
const suites = (root: Node): (string | undefined)[] => root.children.map(({ attributes }) => attributes.name);
const fourSuites = ["reconcile.guards", "reconcile.warnings", "reconcile.changes", "reconcile.unchecked"];

it("golden file: removals", async () => {
  const xml = planJunit(removalPlan(), accountNames, asItIs);
  await parseReport(xml);
  await expect(xml).toMatchFileSnapshot("golden/removals.golden.junit.xml");
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
  });
});
