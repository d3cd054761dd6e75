import { expect } from "vitest";
import { validate } from "../../src/generated/validate-findings.js";
import type { Finding } from "../../src/model/finding.ts";

export interface FindingsReport {
  readonly errors: number;
  readonly warnings: number;
  readonly findings: readonly Finding[];
}

/** Findings as JSON, which fit their schema and are counted right. */
export const parseFindings = (text: string): FindingsReport => {
  const report: unknown = JSON.parse(text);
  expect(validate(report), JSON.stringify(validate.errors)).toBe(true);
  const { errors, warnings, findings } = report as FindingsReport;
  const count = (wanted: Finding["severity"]): number =>
    findings.filter(({ severity }) => severity === wanted).length;
  expect([errors, warnings]).toEqual([count("error"), count("warning")]);
  return { errors, warnings, findings };
};
