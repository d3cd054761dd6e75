import { SaxesParser } from "saxes";
import { describe, expect, it } from "vitest";
import { findingsJunit, planJunit } from "../../../src/report/junit.ts";
import { plan, position } from "../plan/builders.ts";
import { accountNames, richPlan } from "./rich-plan.ts";
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

/** What the schema of Jenkins's xUnit plugin (junit-10.xsd) lets an element have; no other is published and kept. */
const attributesOf: Readonly<Record<string, readonly string[]>> = {
  testsuites: ["name", "time", "tests", "failures", "errors"],
  testsuite: [
    "name",
    "time",
    "tests",
    "failures",
    "errors",
    "skipped",
    "timestamp",
    "hostname",
    "id",
    "package",
  ],
  testcase: ["name", "time", "classname"],
  failure: ["type", "message"],
  skipped: ["type", "message"],
  "system-out": [],
};
const expectKnownAttributes = ({ name, attributes, children }: Node): void => {
  for (const attribute of Object.keys(attributes)) expect(attributesOf[name]).toContain(attribute);
  for (const child of children) expectKnownAttributes(child);
};

/** What the readers of such files (Jenkins, GitLab, GitHub actions) agree on. */
const parseReport = (xml: string): Node => {
  const root = parseXml(xml);
  expect(root.name).toBe("testsuites");
  expectKnownAttributes(root);
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

it("golden file: a plan with a change of each kind", async () => {
  await expect(planJunit(richPlan(), accountNames, asItIs)).toMatchFileSnapshot(
    "golden/rich-plan.golden.junit.xml",
  );
});

describe("of a plan", () => {
  it("the suites are always the same", () => {
    expect(suites(parseReport(planJunit(richPlan(), accountNames, asItIs)))).toEqual(fourSuites);
    expect(suites(parseReport(planJunit(plan({}, {}), accountNames, asItIs)))).toEqual(fourSuites);
  });

  it("a refusal is a failure, a change is none, what was not read is skipped", () => {
    const made = richPlan();
    const root = parseReport(planJunit(made, accountNames, asItIs));
    const refused = made.guards.filter(({ verdict }) => verdict === "refused").length;
    expect(refused).toBeGreaterThan(0);
    expect(root.attributes.failures).toBe(String(refused));
    expect(root.children[2]?.children).toHaveLength(made.changes.length);
    expect(root.children[3]?.attributes.skipped).toBe(String(made.unchecked.length));
  });

  it("a change has its address and its place", () => {
    const made = plan({ groups: ["New"], origins: { "group/New": { position: position(12) } } }, {});
    const root = parseReport(planJunit(made, accountNames, (file) => `infra/${file}`));
    const [change] = root.children[2]?.children ?? [];
    expect(change?.attributes.name).toBe("create group/New");
    expect(change?.children[0]?.text).toBe("Creates group New\ninfra/access.yaml:12:3");
  });

  it("names change nothing of its structure", () => {
    const made = hostilePlan();
    const root = parseReport(planJunit(made, hostileAccounts, asItIs));
    expect(root.children[2]?.children).toHaveLength(made.changes.length);
    const texts = root.children[2]?.children.map(({ children }) => children[0]?.text);
    expect(texts).toContain("Creates user <img src=x onerror=alert(1)>");
    expect(texts).toContain("Creates user x]]>&amp;&#64;y{0}");
    expect(texts).toContain("Creates user a\\u202egro.elpmaxe\\u202c \\u200bhidden\\u0000\\u001b[2J");
  });

  it("holds only characters that XML has", () => {
    const made = plan({ groups: ["\uFFFE\uFFFF\uD800"] }, {});
    expect(
      parseReport(planJunit(made, accountNames, asItIs)).children[2]?.children[0]?.children[0]?.text,
    ).toBe("Creates group \uFFFD\uFFFD\\ud800");
  });
});

describe("of findings", () => {
  it("an error is a failure with its hint, a warning passes", () => {
    const root = parseReport(
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

  it("none is one test that passes, since an empty report looks like one that was lost", () => {
    const root = parseReport(findingsJunit([], asItIs));
    expect(root.attributes).toMatchObject({ tests: "1", failures: "0" });
  });
});
