import type { Assignment } from "../../model/access-state.ts";
import { acceptAssignments } from "./accept-assignments.ts";
import { acceptObject } from "./accept-declarations.ts";
import { acceptMember } from "./accept-members.ts";
import { type Accepted, type AcceptedOf, whyNotDeclarable } from "./accepted.ts";
import { editManifest, type ManifestText, NotEditable } from "./manifest-editor.ts";

/** A patch after which the manifest says what is live. */
export interface AcceptPatch {
  /** A unified diff for `git apply` or `patch -p1`, after comments that say what it does not cover. */
  readonly text: string;
  /** How many of the findings it covers, in whole. */
  readonly covered: number;
  /** One sentence each, without a full stop. */
  readonly notCovered: readonly string[];
}

/** What differs in attributes, what is missing, what is not declared: whatever of it a manifest can say. */
export const acceptPatch = (findings: readonly Accepted[], manifest: ManifestText): AcceptPatch => {
  const editor = editManifest(manifest);
  const notCovered: string[] = [];
  const accept = (about: readonly Accepted[], edit: () => readonly string[]): void => {
    for (const why of attempt(edit)) {
      notCovered.push(about.length === 1 ? `${about[0]?.address ?? ""}: ${why}` : why);
    }
  };
  const declarable = findings.filter((finding) => {
    const why = whyNotDeclarable(finding);
    if (why !== null) notCovered.push(`${finding.address}: ${why}`);
    return why === null;
  });
  for (const finding of declarable) {
    if (isObject(finding)) accept([finding], () => acceptObject(finding, editor, manifest.manifest));
  }
  for (const finding of declarable) {
    if (finding.kind === "membership") accept([finding], () => acceptMember(finding, editor));
  }
  const assignments = declarable.filter((finding) => finding.kind === "assignment");
  accept(assignments, () => {
    acceptAssignments(pick(assignments, "declared"), pick(assignments, "live"), editor, manifest);
    return [];
  });
  const unsaid = notCovered.sort();
  return {
    text: [...headOf(unsaid), editor.patch()].join(""),
    covered: Math.max(0, findings.length - unsaid.length),
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

const pick = (findings: readonly AcceptedOf<"assignment">[], side: "declared" | "live"): Assignment[] =>
  findings.flatMap((finding) => finding[side] ?? []);

const headOf = (notCovered: readonly string[]): string[] => [
  "# Makes the manifest say what is live. Read it before you apply it: it accepts what was changed by hand.\n",
  "# Apply it with: git apply FILE\n",
  ...(notCovered.length === 0 ? [] : ["#\n", "# Not covered, to be decided by hand:\n"]),
  ...notCovered.map((text) => `# - ${text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]/gu, " ")}\n`),
];
