import { describe, expect, it } from "vitest";
import type { Finding, Position } from "../../../src/model/finding.ts";
import { validate as validateApplyResult } from "../../../src/generated/validate-apply-result.js";
import { validate as validateDrift } from "../../../src/generated/validate-drift.js";
import { validate as validateFindings } from "../../../src/generated/validate-findings.js";
import { validate as validatePlan } from "../../../src/generated/validate-plan.js";
import { renderFindings, renderFindingsJson } from "../../../src/report/findings.ts";
import { parseFindings } from "../../support/findings-json.ts";

const at = (line: number, column: number, endColumn: number, file = "access.yaml"): Position => ({
  file,
  line,
  column,
  endColumn,
});
const render = (finding: Partial<Finding>, text: string, file = "access.yaml"): string =>
  renderFindings([{ code: "unknown-property", severity: "error", message: "It is wrong", ...finding }], {
    sources: new Map([[file, text]]),
    colour: false,
  });

describe("renderFindings", () => {
  it("says nothing where there is nothing to say", () => {
    expect(renderFindings([], { sources: new Map(), colour: true })).toBe("");
  });

  it("shows place, code, line, caret and hint", () => {
    const text = render(
      {
        message: "'sesionDuration' is not a property of a permission set",
        hint: "did you mean 'sessionDuration'?",
        position: at(12, 5, 19),
      },
      `${"\n".repeat(11)}    sesionDuration: PT4H\n`,
    );
    expect(text).toBe(
      [
        "access.yaml:12:5: error[unknown-property]: 'sesionDuration' is not a property of a permission set",
        "  12 |     sesionDuration: PT4H",
        "     |     ^^^^^^^^^^^^^^",
        "     = did you mean 'sessionDuration'?",
        "",
        "1 error.",
        "",
      ].join("\n"),
    );
  });

  it("shows the second place below the first", () => {
    const related = { message: "first here", position: at(3, 3, 9, "b.yaml") };
    expect(render({ position: at(100, 3, 9, "a.yaml"), related }, "\n\n  Admins: {}\n", "b.yaml")).toBe(
      [
        "a.yaml:100:3: error[unknown-property]: It is wrong",
        "      = first here: b.yaml:3:3",
        "    3 |   Admins: {}",
        "      |   ------",
        "",
        "1 error.",
        "",
      ].join("\n"),
    );
  });

  it("works without a position, and with one in a file that it does not have", () => {
    expect(render({ severity: "warning" }, "")).toBe(
      "warning[unknown-property]: It is wrong\n\n1 warning.\n",
    );
    expect(render({ position: at(9, 1, 2) }, "one line")).toBe(
      "access.yaml:9:1: error[unknown-property]: It is wrong\n\n1 error.\n",
    );
  });

  it("lets nothing of a file through to the terminal, and keeps the caret below it", () => {
    const text = render(
      { message: "bad\u001b[2J", hint: "\u202e", position: at(1, 9, 11, "a\u0007.yaml") },
      "\t\u001b[31m日:\ud800x",
      "a\u0007.yaml",
    );
    expect(text).toBe(
      [
        "a\\u0007.yaml:1:9: error[unknown-property]: bad\\u001b[2J",
        "  1 |     \\u001b[31m日:\\ud800x",
        "    |                  ^^^^^^^",
        "    = \\u202e",
        "",
        "1 error.",
        "",
      ].join("\n"),
    );
  });

  it("cuts long lines on both sides of the caret", () => {
    const line = `${"a".repeat(5000)}WRONG${"b".repeat(5000)}`;
    const lines = render({ position: at(1, 5001, 5006) }, line).split("\n");
    expect(lines[1]).toMatch(/^ {2}1 \| \.\.\.a{40,50}WRONGb{40,50}\.\.\.$/);
    expect(lines[2]?.indexOf("^")).toBe(lines[1]?.indexOf("WRONG"));
    expect(lines[2]?.endsWith("^^^^^")).toBe(true);
  });

  it("puts a caret after the line where something is missing there", () => {
    expect(render({ position: at(1, 4, 5) }, "abc").split("\n")[2]).toBe("    |    ^");
  });

  it("colours labels and carets, and only where asked", () => {
    const findings: Finding[] = [
      { code: "expired", severity: "warning", message: "Late", position: at(1, 1, 2) },
    ];
    const text = renderFindings(findings, { sources: new Map([["access.yaml", "x"]]), colour: true });
    expect(text).toContain("\u001b[33mwarning[expired]\u001b[39m: Late");
    expect(text).toContain("\u001b[33m^\u001b[39m");
  });

  it("shows the first hundred, errors before warnings, and counts the rest", () => {
    const many = (severity: "error" | "warning", count: number): Finding[] =>
      Array.from({ length: count }, (_, index) => ({ code: "x", severity, message: `${severity} ${index}` }));
    const text = renderFindings([...many("warning", 50), ...many("error", 90)], {
      sources: new Map(),
      colour: false,
    });
    expect(text.match(/^error/gm)).toHaveLength(90);
    expect(text.match(/^warning/gm)).toHaveLength(10);
    expect(text.endsWith("\n... and 40 more.\n\n90 errors, 50 warnings.\n")).toBe(true);
  });
});

describe("renderFindingsJson", () => {
  it("holds all findings as they are, and fits its schema", () => {
    const related = { message: "first declared here", position: at(1, 1, 2) };
    const findings: Finding[] = [
      {
        code: "a",
        severity: "error",
        message: "A\u001b",
        position: at(1, 2, 3),
        related,
        address: "group/A",
      },
      { code: "b", severity: "warning", message: "B", details: ["one", "two"], hint: "Do it" },
    ];
    expect(parseFindings(renderFindingsJson(findings))).toEqual({ errors: 1, warnings: 1, findings });
    expect(parseFindings(renderFindingsJson([]))).toEqual({ errors: 0, warnings: 0, findings: [] });
  });

  it("fits no other schema than its own: nobody takes it for a plan or a drift report", () => {
    const report: unknown = JSON.parse(renderFindingsJson([]));
    for (const validate of [validatePlan, validateDrift, validateApplyResult])
      expect(validate(report)).toBe(false);
    expect(validateFindings({ formatVersion: 1, findings: [] })).toBe(false);
  });
});
