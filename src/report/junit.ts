import type { Finding, Position } from "../model/finding.ts";
import type { Plan } from "../plan/plan.ts";
import type { PlaceOf } from "./annotations.ts";
import { changeSentence } from "./change-sentence.ts";
import { guardLines } from "./guard-lines.ts";
import type { AccountNames } from "./labels.ts";
import { element, xmlText, type XmlElement } from "./xml.ts";

/**
 * JUnit's XML, for the test reports of CI systems. The suites are always the same four: guards (a refusal is a failure),
 * warnings, changes (they pass: to be changed is no mistake) and unchecked (skipped: nobody knows).
 */
export const planJunit = (plan: Plan, names: AccountNames, placeOf: PlaceOf): string =>
  report("reconcile plan", [
    suite(
      "reconcile.guards",
      plan.guards.map((verdict): Case => {
        const [head, ...more] = guardLines({ ...plan, guards: [verdict] }, names).map(({ text }) => text);
        const { kind, permissionSet } = verdict.args;
        return {
          name: [verdict.guard, kind, permissionSet].filter((part) => part !== undefined).join(" "),
          outcome: verdict.verdict === "refused" ? "failure" : "passed",
          message: head ?? verdict.guard,
          detail: more.join("\n"),
        };
      }),
    ),
    suite(
      "reconcile.warnings",
      plan.warnings.map((warning) => findingCase(warning, placeOf)),
    ),
    suite(
      "reconcile.changes",
      plan.changes.map(
        (change): Case => ({
          name: `${change.action} ${change.address}`,
          outcome: "passed",
          message: changeSentence(change, names),
          detail: change.position === null ? "" : placeText(change.position, placeOf),
        }),
      ),
    ),
    suite(
      "reconcile.unchecked",
      plan.unchecked.map(
        ({ scope, reason }): Case => ({
          name: scope,
          outcome: "skipped",
          message: reason,
          detail: "",
        }),
      ),
    ),
  ]);

/** One suite: an error in the manifest is a failure. */
export const findingsJunit = (findings: readonly Finding[], placeOf: PlaceOf): string => {
  const valid: Case = {
    name: "the manifest is valid",
    outcome: "passed",
    message: "",
    detail: "",
  };
  const cases = findings.length === 0 ? [valid] : findings.map((finding) => findingCase(finding, placeOf));
  return report("reconcile validate", [suite("reconcile.validate", cases)]);
};

interface Case {
  readonly name: string;
  readonly outcome: "passed" | "failure" | "skipped";
  readonly message: string;
  readonly detail: string;
}

const findingCase = (
  { code, severity, message, details = [], hint, position }: Finding,
  placeOf: PlaceOf,
): Case => ({
  name: position === undefined ? code : `${code} ${placeText(position, placeOf)}`,
  outcome: severity === "error" ? "failure" : "passed",
  message,
  detail: [...details, ...(hint === undefined ? [] : [hint])].join("\n"),
});

const placeText = ({ file, line, column }: Position, placeOf: PlaceOf): string =>
  `${placeOf(file)}:${line}:${column}`;

interface Suite {
  readonly counts: Counts;
  readonly xml: XmlElement;
}

type Counts = Readonly<Record<"tests" | "failures" | "errors" | "skipped", number>>;

const suite = (name: string, cases: readonly Case[]): Suite => {
  const count = (outcome: Case["outcome"]): number => cases.filter((each) => each.outcome === outcome).length;
  const counts = { tests: cases.length, failures: count("failure"), errors: 0, skipped: count("skipped") };
  const children = cases.map((each) => caseXml(name, each));
  return { counts, xml: element("testsuite", { name, ...counts, time: 0 }, children) };
};

const caseXml = (classname: string, { name, outcome, message, detail }: Case) => {
  const text = [message, detail].filter((part) => part !== "").join("\n");
  const outcomes = {
    passed: () => (text === "" ? [] : [element("system-out", {}, [text])]),
    failure: () => [element("failure", { message, type: "error" }, [text])],
    skipped: () => [element("skipped", {}, [text])],
  };
  return element("testcase", { classname, name, time: 0 }, outcomes[outcome]());
};

const report = (name: string, suites: readonly Suite[]): string => {
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
