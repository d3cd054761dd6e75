import type { Assignment } from "../../model/access-state.ts";
import { acceptAssignments } from "./accept-assignments.ts";
import { acceptObject } from "./accept-declarations.ts";
import { acceptMember } from "./accept-members.ts";
import { type Accepted, type AcceptedOf, whyNotAccepted } from "./accepted.ts";
import { editManifest, type ManifestText, NotEditable } from "./manifest-editor.ts";

/** A patch after which the manifest says what is live. */
export interface AcceptPatch {
  /** A unified diff for `git apply` or `patch -p1`, after comments that say what it does not cover. */
  readonly text: string;
  /** How many of the findings it covers, in whole. */
  readonly covered: number;
  /** The others: one sentence for each, without a full stop. */
  readonly notCovered: readonly string[];
}

/**
 * What differs in attributes, what is missing, what is not declared: whatever of it a manifest can say. An object that
 * was to be removed and stands there is declared again, with what hangs on it.
 */
export const acceptPatch = (findings: readonly Accepted[], manifest: ManifestText): AcceptPatch => {
  const editor = editManifest(manifest);
  const accepted = new Set<string>();
  const notCovered: string[] = [];
  const acceptEach = <T extends Accepted>(
    some: readonly T[],
    edit: (finding: T) => readonly string[],
  ): void => {
    for (const finding of some) {
      const why = whyNotAccepted(finding, manifest.manifest, accepted);
      const reasons = why === null ? attempt(() => edit(finding)) : [why];
      if (reasons.length === 0) accepted.add(finding.address);
      else notCovered.push(`${finding.address}: ${reasons.join("; ")}`);
    }
  };
  acceptEach(findings.filter(isObject), (finding) => acceptObject(finding, editor, manifest.manifest));
  const memberships = pick(findings, "membership");
  const isNotDeclared = ({ reason }: Accepted): boolean => reason.code === "not-declared";
  // First those that make a list of members necessary, in which the others must then stand as well.
  for (const some of [
    memberships.filter(isNotDeclared),
    memberships.filter((each) => !isNotDeclared(each)),
  ]) {
    acceptEach(some, (finding) => acceptMember(finding, editor, manifest.manifest));
  }
  acceptEach(pick(findings, "provisioning"), () => []);
  // Entries are changed once for all of their assignments.
  const assignments: AcceptedOf<"assignment">[] = [];
  acceptEach(pick(findings, "assignment"), (finding) => {
    assignments.push(finding);
    return [];
  });
  const problems = attempt(() => {
    acceptAssignments(side(assignments, "declared"), side(assignments, "live"), editor, manifest);
    return [];
  });
  if (problems.length > 0) {
    for (const { address } of assignments) notCovered.push(`${address}: ${problems.join("; ")}`);
  }
  const unsaid = notCovered.sort();
  return {
    text: [...headOf(unsaid), editor.patch()].join(""),
    covered: findings.length - unsaid.length,
    notCovered: unsaid,
  };
};

const isObject = (finding: Accepted): finding is AcceptedOf<"user" | "group" | "permissionSet"> =>
  finding.kind === "user" || finding.kind === "group" || finding.kind === "permissionSet";

const attempt = (edit: () => readonly string[]): readonly string[] => {
  try {
    return edit();
  } catch (error) {
    if (error instanceof NotEditable) return [error.message];
    throw error;
  }
};

const pick = <K extends Accepted["kind"]>(findings: readonly Accepted[], kind: K): AcceptedOf<K>[] =>
  findings.filter((finding): finding is AcceptedOf<K> => finding.kind === kind);

const side = (findings: readonly AcceptedOf<"assignment">[], which: "declared" | "live"): Assignment[] =>
  findings.flatMap((finding) => finding[which] ?? []);

const headOf = (notCovered: readonly string[]): string[] => [
  "# Makes the manifest say what is live. Read it before you apply it: it accepts what was changed by hand.\n",
  "# Apply it with: git apply FILE\n",
  ...(notCovered.length === 0 ? [] : ["#\n", "# Not covered, to be decided by hand:\n"]),
  ...notCovered.map((text) => `# - ${text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]/gu, " ")}\n`),
];
