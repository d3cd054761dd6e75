import { compareText } from "../model/address.ts";
import type { Finding } from "../model/finding.ts";

/** Sorted by file and place, nothing said twice. */
export const tidyFindings = (findings: readonly Finding[]): readonly Finding[] => {
  const better = new Set(
    findings.filter(({ code, severity }) => severity === "error" && !fromSchema.has(code)).map(placeKey),
  );
  const seen = new Set<string>();
  return findings
    .filter((finding) => {
      // A rule knows more about a value than the schema does: where it has spoken, the schema has nothing to add.
      if (fromSchema.has(finding.code) && finding.position !== undefined && better.has(placeKey(finding)))
        return false;
      // An alias brings the same value to several places.
      const key = `${placeKey(finding)} ${finding.code} ${finding.message}`;
      return !seen.has(key) && seen.add(key);
    })
    .sort(byPlace);
};

const fromSchema: ReadonlySet<string> = new Set([
  "unknown-property",
  "missing-property",
  "wrong-type",
  "invalid-value",
  "empty-value",
  "too-long",
  "duplicate-item",
]);

const placeKey = ({ position }: Finding): string =>
  position === undefined ? "" : `${position.file}:${position.line}:${position.column}`;

const byPlace = (a: Finding, b: Finding): number =>
  compareText(a.position?.file ?? "", b.position?.file ?? "") ||
  (a.position?.line ?? 0) - (b.position?.line ?? 0) ||
  (a.position?.column ?? 0) - (b.position?.column ?? 0) ||
  compareText(a.code, b.code) ||
  compareText(a.message, b.message);
