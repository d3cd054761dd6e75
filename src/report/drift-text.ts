import { styleText } from "node:util";
import type { DriftFacts, DriftView } from "./drift-view.ts";
import { escapeTerminal } from "./escape.ts";
import type { Line, Mark } from "./lines.ts";
import { wrap } from "./wrap.ts";

/** For a terminal or a log. The last line is DriftView.lastLine. */
export const driftText = (
  view: DriftView,
  options: { readonly colour: boolean; readonly columns: number },
): string => {
  const { columns } = options;
  const paint = (format: Style, text: string): string =>
    options.colour ? styleText(format, text, { validateStream: false }) : text;
  const plain = (text: string, lead: string, format?: Style): string[] =>
    hang(escapeTerminal(text), lead, lead.length, columns).map((part) =>
      format === undefined ? part : paint(format, part),
    );
  const marked = (each: Line): string[] =>
    hang(textOf(each), leadOf(each), leadOf(each).length + 2, columns).map((part) =>
      each.mark === null ? part : paint(markStyles[each.mark], part),
    );
  const titled = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : [paint("bold", title), ...lines];
  const blocks = [
    headerOf(view.facts).flatMap((text) => plain(text, "")),
    titled(
      "Look at these first",
      view.alarms.flatMap(({ tone, text }) => plain(text, "  ! ", toneStyles[tone])),
    ),
    ...view.buckets.map(({ title, findings }) => titled(title, findings.flat().flatMap(marked))),
    ...view.notes.map(({ title, lines }) => titled(title, lines.flatMap(marked))),
    titled(
      "Who did it: not everything could be told",
      view.untold.flatMap((text) => plain(text, "  ! ", "yellow")),
    ),
    titled(
      "What to do",
      view.steps.flatMap((text) => plain(text, "  - ")),
    ),
    [paint("bold", view.lastLine)],
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
};

const headerOf = ({
  result,
  fingerprint,
  name,
  where,
  instanceArn,
  counts,
  coverage,
}: DriftFacts): string[] => [
  `Manifest${name} against ${where} (${instanceArn})`,
  ...(result === "clean" ? [] : [`${counts}; ${coverage}`, `Fingerprint of this drift: ${fingerprint}`]),
  ...(result === "unchecked" ? ["No drift in what was read; the rest is not known."] : []),
  ...(result === "drift" ? ["Read as: declared -> live."] : []),
];

type Style = "bold" | "red" | "green" | "yellow" | "cyan";

const toneStyles = { gain: "red", loss: "yellow", notice: "yellow" } as const;
const markStyles: Readonly<Record<Mark, Style>> = { "+": "green", "-": "red", "~": "yellow", "*": "cyan" };

const leadOf = ({ depth, mark }: Line): string =>
  `${"  ".repeat(depth + 1)}${mark === null ? "" : `${mark} `}`;

const textOf = ({ text, note }: Line): string =>
  escapeTerminal(text) + (note === undefined ? "" : `  (${escapeTerminal(note)})`);

/** Lines after the first stand `indent` blanks in. */
const hang = (text: string, lead: string, indent: number, columns: number): string[] =>
  wrap(text, columns - indent).map((part, index) => `${index === 0 ? lead : " ".repeat(indent)}${part}`);
