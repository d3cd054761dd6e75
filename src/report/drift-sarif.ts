import type { Drift, DriftFinding } from "../drift/drift.ts";
import type { Unread } from "../model/live-state.ts";
import { findingSentence } from "./drift-lines.ts";
import type { AccountNames } from "./labels.ts";
import { type SarifItem, type SarifOptions, sarifText } from "./sarif-document.ts";
import { driftRule, uncheckedRule } from "./sarif-rules.ts";

/**
 * SARIF 2.1.0, for code scanning, which opens an alert for each finding, and closes it by itself when it is gone: an
 * error is administrator access that nobody declared, a warning any other access that differs or was not looked at.
 */
export const driftSarif = (
  { findings, unchecked, tool }: Drift,
  names: AccountNames,
  options: SarifOptions,
): string =>
  sarifText(
    [...findings.map((finding) => findingItem(finding, names)), ...unchecked.map(uncheckedItem)],
    [],
    tool.version,
    options,
  );

const findingItem = (finding: DriftFinding, names: AccountNames): SarifItem => ({
  rule: driftRule(finding),
  level: levelOf(finding),
  message: findingSentence(finding, names),
  position: finding.position,
  subject: finding.address,
});

const levelOf = ({ risk: { access, administratorAccounts } }: DriftFinding): SarifItem["level"] => {
  if (access === "gained" && administratorAccounts.length > 0) return "error";
  return access === "none" ? "note" : "warning";
};

const uncheckedItem = ({ scope, reason }: Unread): SarifItem => ({
  rule: uncheckedRule,
  level: "warning",
  message: `Could not be read, so that drift there would not be seen: ${scope} (${reason})`,
  position: null,
  subject: scope,
});
