import { styleText } from "node:util";
import { escapeTerminal } from "./escape.ts";
import type { Line } from "./lines.ts";
import type { PlanView } from "./view.ts";
import { wrap } from "./wrap.ts";

export interface TextOptions {
  readonly colour: boolean;
  /** Width of the terminal; longer lines are broken between words. */
  readonly columns: number;
}

/** For a terminal or a log. The last line is PlanView.lastLine. */
export const planText = (view: PlanView, options: TextOptions): string => {
  const paint = painter(options.colour);
  const blocks: string[][] = [
    view.header.flatMap((text) => plain(text, "", options)),
    titled(
      "Look at these first",
      view.risks.map(({ tone, text }) => plain(text, "  ! ", options, paint[tone])),
      paint,
    ),
    ...view.changes.map(({ title, lines }) =>
      titled(
        title,
        lines.map((each) => changeLine(each, options, paint)),
        paint,
      ),
    ),
    ...view.notes.map(({ title, lines }) =>
      titled(
        title,
        lines.map((each) => changeLine(each, options, paint)),
        paint,
      ),
    ),
    titled(
      "Warnings",
      view.warnings.map((text) => plain(text, "  ! ", options, paint.notice)),
      paint,
    ),
    titled(
      "To do by hand",
      view.followUps.map((text) => plain(text, "  * ", options)),
      paint,
    ),
    titled(
      "Guards",
      view.guards.map((each) => changeLine(each, options, paint)),
      paint,
    ),
    [paint.title(view.lastLine)],
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
};

type Paint = (text: string) => string;

interface Painter {
  readonly title: Paint;
  readonly note: Paint;
  readonly gain: Paint;
  readonly loss: Paint;
  readonly notice: Paint;
  readonly mark: Readonly<Record<NonNullable<Line["mark"]>, Paint>>;
}

const painter = (colour: boolean): Painter => {
  const style = (format: Parameters<typeof styleText>[0]): Paint =>
    colour ? (text) => styleText(format, text, { validateStream: false }) : (text) => text;
  return {
    title: style("bold"),
    note: style("dim"),
    gain: style("red"),
    loss: style("yellow"),
    notice: style("yellow"),
    mark: { "+": style("green"), "-": style("red"), "~": style("yellow"), "*": style("cyan") },
  };
};

const titled = (title: string, items: readonly (readonly string[])[], paint: Painter): string[] =>
  items.length === 0 ? [] : [paint.title(title), ...items.flat()];

const plain = (
  text: string,
  lead: string,
  { columns }: TextOptions,
  paint: Paint = (same) => same,
): string[] =>
  wrap(escapeTerminal(text), columns - lead.length).map((part, index) =>
    paint(`${index === 0 ? lead : " ".repeat(lead.length)}${part}`),
  );

const changeLine = (
  { depth, mark, text, note }: Line,
  { columns }: TextOptions,
  paint: Painter,
): string[] => {
  const lead = `${"  ".repeat(depth + 1)}${mark === null ? "" : `${mark} `}`;
  const whole = escapeTerminal(text) + (note === undefined ? "" : `  (${escapeTerminal(note)})`);
  const colour = mark === null ? (same: string) => same : paint.mark[mark];
  return wrap(whole, columns - lead.length - 2).map((part, index) =>
    colour(index === 0 ? `${lead}${part}` : `${" ".repeat(lead.length + 2)}${part}`),
  );
};
