import { compareText } from "../model/address.ts";
import type { Finding } from "../model/finding.ts";

/** Sorted by file and place, nothing said twice. */
export const tidyFindings = (findings: readonly Finding[]): readonly Finding[] => {
  const better = errorsOfRules(findings);
  const seen = new Set<string>();
  return findings
    .filter((finding) => {
      if (fromSchema.has(finding.code) && isSaidBetter(finding, better)) return false;
      // An alias brings the same value to several places.
      const { position } = finding;
      const key = `${lineKey(finding)}:${position?.column} ${finding.code} ${finding.message}`;
      return !seen.has(key) && seen.add(key);
    })
    .sort(byPlace);
};

/** Codes of schema-findings.ts. */
const fromSchema: ReadonlySet<string> = new Set([
  "unknown-property",
  "missing-property",
  "wrong-type",
  "invalid-value",
  "empty-value",
  "too-long",
]);

/** Columns of what is no schema error, by line. */
const errorsOfRules = (findings: readonly Finding[]): ReadonlyMap<string, readonly number[]> => {
  const columns = new Map<string, number[]>();
  for (const finding of findings) {
    if (finding.severity !== "error" || fromSchema.has(finding.code) || finding.position === undefined)
      continue;
    const key = lineKey(finding);
    const line = columns.get(key);
    if (line === undefined) columns.set(key, [finding.position.column]);
    else line.push(finding.position.column);
  }
  return columns;
};

/** A rule knows more about a value than the schema does: where it has spoken, the schema has nothing to add. */
const isSaidBetter = (finding: Finding, better: ReadonlyMap<string, readonly number[]>): boolean => {
  const { code, position } = finding;
  if (position === undefined) return false;
  const columns = better.get(lineKey(finding)) ?? [];
  // Rules point at the very character that a pattern does not allow.
  return code === "invalid-value"
    ? columns.some((column) => column >= position.column && column < position.endColumn)
    : columns.includes(position.column);
};

const lineKey = ({ position }: Finding): string => `${position?.file}:${position?.line}`;

const byPlace = (a: Finding, b: Finding): number =>
  compareText(a.position?.file ?? "", b.position?.file ?? "") ||
  (a.position?.line ?? 0) - (b.position?.line ?? 0) ||
  (a.position?.column ?? 0) - (b.position?.column ?? 0) ||
  compareText(a.code, b.code) ||
  compareText(a.message, b.message);
