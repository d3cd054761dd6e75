import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { SaxesParser } from "saxes";
import { expect } from "vitest";
import { validateXML } from "xmllint-wasm";
import { root as folder } from "../../../support/reconcile.ts";

export interface Node {
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
export const schemaErrors = async (xml: string): Promise<string[]> => {
  const { errors } = await validateXML({
    xml: [{ fileName: "report.xml", contents: xml }],
    schema: [schema],
  });
  return errors.map(({ rawMessage }) => rawMessage);
};

/** What the readers of such files (Jenkins, GitLab, GitHub actions) agree on. */
export const parseReport = async (xml: string): Promise<Node> => {
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
