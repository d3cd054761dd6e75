import type { Annotation } from "../model/annotation.ts";
import type { Finding, Position } from "../model/finding.ts";
import type { Plan } from "../plan/plan.ts";
import { changeSentence } from "./change-sentence.ts";
import { guardLines } from "./guard-lines.ts";
import type { AccountNames } from "./labels.ts";
import { noteLines } from "./note-sections.ts";
import { riskLevel } from "./risk-level.ts";

/** From a file as in positions to the file in the repository. */
export type PlaceOf = (file: string) => string;

/**
 * What a reviewer has to see beside the lines of the manifest: refusals, what nobody knows, what gives most, what is
 * doubtful.
 */
export const planAnnotations = (plan: Plan, names: AccountNames, placeOf: PlaceOf): Annotation[] => [
  ...plan.guards.flatMap((verdict): Annotation[] => {
    const lines = guardLines({ ...plan, guards: [verdict] }, names);
    const message = lines.map(({ text }) => text).join("\n");
    const level = {
      refused: "error",
      "refused-now": "warning",
      "needs-review": "notice",
      allowed: "warning",
    } as const;
    return [{ level: level[verdict.verdict], title: `Guard ${verdict.guard}`, message }];
  }),
  ...uncheckedAnnotations(plan),
  ...plan.changes
    .filter((change) => riskLevel(change) === "high")
    .map(
      (change): Annotation => ({
        level: "warning",
        title: "Look at this first",
        message: changeSentence(change, names),
        ...place(change.position, placeOf),
      }),
    ),
  ...findingAnnotations(plan.warnings, placeOf),
];

/** One, however much it is: a level has room for ten. */
const uncheckedAnnotations = ({ unchecked }: Plan): Annotation[] => {
  if (unchecked.length === 0) return [];
  const lines = noteLines(unchecked.map(({ scope, reason }) => ({ address: scope, reason })));
  const message = [
    "Nobody knows whether this is as declared, and nothing of it is created or deleted:",
    ...lines.map(({ text }) => text),
  ].join("\n");
  return [{ level: "warning", title: "Not checked", message }];
};

export const findingAnnotations = (findings: readonly Finding[], placeOf: PlaceOf): Annotation[] =>
  findings.map(({ severity, code, message, details = [], hint, position }) => ({
    level: severity,
    title: code,
    message: [message, ...details, ...(hint === undefined ? [] : [hint])].join("\n"),
    ...place(position ?? null, placeOf),
  }));

const place = (position: Position | null, placeOf: PlaceOf): Pick<Annotation, "file" | "line" | "column"> =>
  position === null ? {} : { file: placeOf(position.file), line: position.line, column: position.column };
