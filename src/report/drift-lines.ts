import type { Deed, DriftFinding } from "../drift/drift.ts";
import { reasonText } from "../plan/reason-text.ts";
import type { PlaceOf } from "./annotations.ts";
import { accountLabel, type AccountNames, accountsLabel, principalLabel } from "./labels.ts";
import { type Line, line, type Mark } from "./lines.ts";
import { permissionSetLines, userLines } from "./object-lines.ts";

/** One finding: what, where it is declared, what differs (declared -> live), and who did it last. */
export const findingLines = (
  finding: DriftFinding,
  names: AccountNames,
  placeOf: PlaceOf = (file) => file,
): Line[] => [
  line(0, marks[finding.bucket], subjectOf(finding, names), noteOf(finding, placeOf)),
  ...detailLines(finding, names),
  ...(finding.who ?? []).slice(0, 1).map((deed) => line(1, null, deedText(deed))),
];

/** The same in one line that is read alone, without what differs and who. */
export const findingSentence = (finding: DriftFinding, names: AccountNames): string => {
  const note = noteOf(finding, (file) => file);
  return `${bucketWords[finding.bucket]}: ${subjectOf(finding, names)}${note === "" ? "" : `  (${note})`}`;
};

const bucketWords: Readonly<Record<DriftFinding["bucket"], string>> = {
  changed: "not as declared",
  missing: "declared, and not live",
  unmanaged: "live, and not declared",
};

const marks: Readonly<Record<DriftFinding["bucket"], Mark>> = { changed: "~", missing: "-", unmanaged: "+" };

const subjectOf = (finding: DriftFinding, names: AccountNames): string => {
  switch (finding.kind) {
    case "user":
      return `user ${(finding.live ?? finding.declared)?.userName ?? ""}`;
    case "group": {
      const { live, declared } = finding;
      const renamed = live !== null && declared !== null && live.displayName !== declared.displayName;
      return renamed
        ? `group ${declared.displayName} (live as ${live.displayName})`
        : `group ${(live ?? declared)?.displayName ?? ""}`;
    }
    case "permissionSet":
      return `permission set ${(finding.live ?? finding.declared)?.name ?? ""}`;
    case "provisioning":
      return `permission set ${finding.permissionSet}`;
    case "membership": {
      const membership = finding.live ?? finding.declared;
      return `member ${membership?.user ?? ""} of group ${membership?.group ?? ""}`;
    }
    case "assignment": {
      const assignment = finding.live ?? finding.declared;
      if (assignment === null) return "";
      const who =
        assignment.orphan === true ? `deleted ${principalLabel(assignment)}` : principalLabel(assignment);
      return `assignment of ${assignment.permissionSet} to ${who} in ${accountLabel(assignment.accountId, names)}`;
    }
  }
};

/** Why, where the bucket does not say it, and where the manifest has it. */
const noteOf = (finding: DriftFinding, placeOf: PlaceOf): string =>
  [whyText(finding), finding.repair === "none" ? "apply leaves it alone" : "", placeText(finding, placeOf)]
    .filter((part) => part !== "")
    .join("; ");

/** What is not declared itself has the place of what it was added to. */
const placeText = ({ kind, declared, reason, position }: DriftFinding, placeOf: PlaceOf): string => {
  if (position === null) return "";
  const place = `${placeOf(position.file)}:${position.line}:${position.column}`;
  // An entry that has expired still stands there.
  if (declared !== null || kind === "provisioning" || reason.code === "expired")
    return `declared at ${place}`;
  const parent = kind === "assignment" ? "permission set" : kind === "membership" ? "group" : null;
  return parent === null ? `see ${place}` : `its ${parent} is declared at ${place}`;
};

const whyText = ({ bucket, reason }: DriftFinding): string => {
  const { code, detail } = reason;
  if (code === "differs" || code === "missing") return "";
  if (code === "withheld") return `${detail ?? "not declared"}, kept by mode additive`;
  const text = code === "not-declared" && detail !== undefined ? detail : reasonText({ ...reason, code });
  return bucket === "unmanaged" && text === reasonText({ code: "not-declared" }) ? "" : text;
};

const detailLines = (finding: DriftFinding, names: AccountNames): Line[] => {
  switch (finding.kind) {
    case "user":
      return finding.live === null || finding.declared === null
        ? []
        : userLines(1, finding.declared, finding.live);
    case "group":
      return finding.differences
        .filter(({ attribute }) => attribute === "description")
        .map(({ declared, live }) => line(1, "~", `description: ${textOf(declared)} -> ${textOf(live)}`));
    case "permissionSet":
      // What an undeclared set allows matters as much as that it is there.
      return finding.live === null ? [] : permissionSetLines(1, finding.declared, finding.live);
    case "provisioning":
      return [line(1, null, `in ${accountsLabel(finding.accounts, names)}`)];
    case "membership":
    case "assignment":
      return [];
  }
};

const textOf = (value: unknown): string => (typeof value === "string" ? value : "none");

const deedText = ({ time, event, actor, from }: Deed): string =>
  `CloudTrail: ${event} by ${actor}, ${time}${from === null ? "" : `, from ${from}`}`;
