import type { Unread } from "../model/live-state.ts";
import { escapeTerminal } from "./escape.ts";
import { element, xmlText, type XmlElement } from "./xml.ts";

/** JUnit's XML, for the test reports of CI systems. Texts are not yet escaped. */
export interface JunitCase {
  readonly name: string;
  readonly outcome: "passed" | "failure" | "skipped";
  /** One line, like each of the details: a line break in a name is shown as an escape. */
  readonly message: string;
  readonly details: readonly string[];
}

export interface JunitSuite {
  readonly counts: Counts;
  readonly xml: XmlElement;
}

type Counts = Readonly<Record<"tests" | "failures" | "errors" | "skipped", number>>;

export const junitSuite = (name: string, cases: readonly JunitCase[]): JunitSuite => {
  const count = (outcome: JunitCase["outcome"]): number =>
    cases.filter((each) => each.outcome === outcome).length;
  const counts = { tests: cases.length, failures: count("failure"), errors: 0, skipped: count("skipped") };
  const children = cases.map((each) => caseXml(name, each));
  return { counts, xml: element("testsuite", { name, ...counts, time: 0 }, children) };
};

const caseXml = (classname: string, { name, outcome, ...said }: JunitCase) => {
  const message = escapeTerminal(said.message);
  const text = [message, ...said.details.map(escapeTerminal)].filter((part) => part !== "").join("\n");
  const outcomes = {
    passed: () => (text === "" ? [] : [element("system-out", {}, [text])]),
    failure: () => [element("failure", { message, type: "error" }, [text])],
    skipped: () => [element("skipped", {}, [text])],
  };
  return element("testcase", { classname, name: escapeTerminal(name), time: 0 }, outcomes[outcome]());
};

export const junitReport = (name: string, suites: readonly JunitSuite[]): string => {
  const sum = (key: keyof Counts): number => suites.reduce((total, { counts }) => total + counts[key], 0);
  const counts = { tests: sum("tests"), failures: sum("failures"), errors: 0 };
  return xmlText(
    element(
      "testsuites",
      { name, ...counts, time: 0 },
      suites.map(({ xml }) => xml),
    ),
  );
};

/** What could not be read is skipped. Where all was read one case says so: an empty report looks like one that was lost. */
export const uncheckedSuite = (unchecked: readonly Unread[]): JunitSuite =>
  junitSuite(
    "reconcile.unchecked",
    unchecked.length === 0
      ? [{ name: "everything was read", outcome: "passed", message: "", details: [] }]
      : unchecked.map(({ scope, reason }) => ({
          name: scope,
          outcome: "skipped",
          message: reason,
          details: [],
        })),
  );
