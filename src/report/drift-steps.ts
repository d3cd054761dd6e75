import type { Drift, DriftFinding } from "../drift/drift.ts";
import { counted } from "./labels.ts";

/** What to do about it, one sentence or two each: fixed words and numbers, with commands in backticks. */
export const driftSteps = (drift: Drift): string[] => {
  if (drift.result === "clean") return [];
  const read =
    drift.unchecked.length === 0
      ? []
      : ["Let the role read what is listed as unchecked: nobody knows whether it is as declared."];
  if (drift.result === "unchecked") return read;
  return [
    findingOut(drift),
    ...undoing(drift),
    "Or take it over: `reconcile drift --accept FILE` writes a patch of the manifest, to be reviewed like any change.",
    ...read,
  ];
};

const findingOut = ({ who, findings }: Drift): string => {
  if (who === undefined) return "Find out who changed this, and why; with `--who`, drift asks CloudTrail.";
  const isKnown = findings.every((finding) => finding.who !== undefined);
  return isKnown ? "Ask those whom CloudTrail names why they did it." : "Find out who changed this, and why.";
};

/** Only as much is promised as apply keeps. */
const undoing = ({ findings, refusedBy }: Drift): string[] => {
  const left = findings.filter(({ repair }) => repair === "none");
  const undone = findings.length - left.length;
  const notDeclared = left.filter(({ reason }) => reason.code === "not-declared");
  const members = notDeclared.filter(isOfDeclaredGroup);
  return [
    undoneText(undone, findings.length, refusedBy),
    ...(members.length > 0
      ? [
          "Out of a declared group without `members`, apply takes nobody: list in the manifest who is to be in it.",
        ]
      : []),
    ...(notDeclared.length > members.length
      ? [
          "What is neither declared nor part of something declared, apply leaves alone: take it away by hand, name it under `removed` in the manifest, or under `ignore` with a reason.",
        ]
      : []),
    ...(left.some(({ reason }) => reason.code !== "not-declared")
      ? ["What mode additive keeps has to be taken away by hand: in this mode apply deletes nothing."]
      : []),
  ];
};

/** It has the place of the group; what hangs on nothing declared has none. */
const isOfDeclaredGroup = ({ kind, position }: DriftFinding): boolean =>
  kind === "membership" && position !== null;

const undoneText = (undone: number, all: number, refusedBy: Drift["refusedBy"]): string => {
  if (undone === 0) return "`reconcile apply` undoes nothing of this.";
  const some =
    all === 1 ? "it" : undone === all ? "all of it" : `${undone} of the ${counted(all, "finding")}`;
  if (refusedBy.length === 0) return `To undo ${some}: \`reconcile apply\`.`;
  const guards = `${refusedBy.length === 1 ? "guard" : "guards"} ${refusedBy.join(", ")}`;
  return `\`reconcile apply\` could undo ${some}, and refuses as things are (${guards}). \`reconcile plan\` says why, and which option lets it through if that is meant.`;
};
