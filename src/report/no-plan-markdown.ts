import type { Finding } from "../model/finding.ts";
import type { PlaceOf } from "./annotations.ts";
import { codeSpan, escapeMarkdown } from "./escape-markdown.ts";
import { fitParts, type Part, renderPart } from "./fit-parts.ts";
import { counted } from "./labels.ts";
import { longestComment } from "./markdown-document.ts";
import { commitText, factsLine, type RunFacts, runLink, timeText } from "./run-facts.ts";

/** Why there is no plan. */
export type NoPlan =
  | { readonly kind: "invalid"; readonly findings: readonly Finding[] }
  | { readonly kind: "failed"; readonly message: string; readonly hint: string | null };

export interface NoPlanOptions extends RunFacts {
  /** Characters; at least 4,000. Default: longestComment. */
  readonly limit?: number;
  /** Where files are in the repository. */
  readonly placeOf: PlaceOf;
  readonly toolVersion: string;
}

/** What stands in a pull request's comment instead of a plan, so that no earlier one passes for that of this commit. */
export const noPlanMarkdown = (why: NoPlan, options: NoPlanOptions): string => {
  const { title, next, part } = why.kind === "invalid" ? invalid(why.findings, options) : failed(why);
  const { validAt, commit, runUrl, toolVersion } = options;
  const head = `## ${title}\n\n**There is no plan for this commit.** What an earlier one would have changed is not shown any more.\n`;
  const facts = factsLine([
    commitText(commit),
    validAt === undefined ? null : timeText(validAt),
    runLink(runUrl),
    escapeMarkdown(`reconcile ${toolVersion}`),
  ]);
  const foot = `\n---\n\n**Next step:** ${next}\n\n${facts}`;
  const [kept = 0] = fitParts(
    [part],
    (options.limit ?? longestComment) - head.length - foot.length,
    omission,
  );
  return head + renderPart(part, kept, omission) + foot;
};

const omission = (count: number, noun: string): string =>
  `\n**${counted(count, `more ${noun}`)}** ${count === 1 ? "has" : "have"} no room here. The log of the run has everything.\n`;

interface Told {
  readonly title: string;
  /** A sentence. */
  readonly next: string;
  readonly part: Part;
}

const invalid = (findings: readonly Finding[], { placeOf }: NoPlanOptions): Told => {
  const errors = findings.filter(({ severity }) => severity === "error");
  const others = findings.filter(({ severity }) => severity !== "error");
  return {
    title: `The manifest is not valid: ${counted(errors.length, "error")}`,
    next: "Correct the manifest and push. The plan then takes the place of this comment.",
    part: list([...errors, ...others].map((finding) => findingText(finding, placeOf))),
  };
};

/** Where, what, which code; what to do about it below. */
const findingText = (
  { severity, code, message, hint, position, related }: Finding,
  placeOf: PlaceOf,
): string => {
  const place = ({ file, line, column }: NonNullable<typeof position>): string =>
    escapeMarkdown(`${placeOf(file)}:${line}:${column}`);
  const where = position === undefined ? "" : `**${place(position)}** `;
  const kind = severity === "error" ? "" : "warning: ";
  const more = [
    ...(related === undefined ? [] : [`${escapeMarkdown(related.message)}: ${place(related.position)}`]),
    ...(hint === undefined ? [] : [escapeMarkdown(hint)]),
  ];
  return `${where}${kind}${escapeMarkdown(message)} (${codeSpan(code)})${more.map((text) => `<br>→ ${text}`).join("")}`;
};

const failed = ({ message, hint }: Extract<NoPlan, { kind: "failed" }>): Told => ({
  title: "The plan could not be made",
  next: "See to what stands above, and run this workflow again.",
  part: list([
    message.split("\n").map(escapeMarkdown).join("<br>") +
      (hint === null ? "" : `<br>→ ${escapeMarkdown(hint)}`),
  ]),
});

const list = (texts: readonly string[]): Part => ({
  before: "\n",
  items: texts.map((text) => ({ text: `- ${text}\n`, counts: 1 })),
  after: "",
  rank: 0,
  share: 1,
  noun: "finding",
});
