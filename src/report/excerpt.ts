import type { Position } from "../model/finding.ts";
import { escapeTerminal } from "./escape.ts";

export interface ExcerptOptions {
  readonly mark: "^" | "-";
  /** Blanks, as wide as the longest line number beside it. */
  readonly gutter: string;
  readonly paint: (mark: string) => string;
}

/**
 * The source line, with its number, and a mark below; nothing where the file's text is not at hand. Escaped for a
 * terminal.
 */
export const excerpt = (
  position: Position,
  line: string | undefined,
  { mark, gutter, paint }: ExcerptOptions,
): string[] => {
  if (line === undefined) return [];
  const { text, start, length } = window(line, position);
  const number = String(position.line).padStart(gutter.length);
  return [
    `  ${number} | ${text}`.trimEnd(),
    `  ${gutter} | ${" ".repeat(start)}${paint(mark.repeat(length))}`,
  ];
};

const widest = 100;
const tab = "    ";

/**
 * The part of the line around the position, escaped, tabs as blanks, and where in it the mark goes. Long lines are cut
 * on both sides.
 */
const window = (line: string, position: Position): { text: string; start: number; length: number } => {
  const show = (text: string): string =>
    text
      .split("\t")
      .map((part) => escapeTerminal(part))
      .join(tab);
  const from = Math.min(position.column - 1, line.length);
  const to = Math.max(from, Math.min(position.endColumn - 1, line.length));
  const before = show(line.slice(Math.max(0, from - widest), from));
  const marked = show(line.slice(from, Math.min(to, from + widest)));
  const after = show(line.slice(to, to + widest));
  const room = Math.max(20, widest - width(marked));
  const cutBefore = width(before) > room / 2 || from > widest ? `...${tail(before, room / 2)}` : before;
  const cutAfter = width(after) > room / 2 ? `${after.slice(0, room / 2)}...` : after;
  return {
    text: cutBefore + marked + cutAfter,
    start: width(cutBefore),
    length: Math.max(1, width(marked)),
  };
};

const tail = (text: string, length: number): string => text.slice(Math.max(0, text.length - length));

/** Columns on a terminal: East Asian characters and emoji take two, combining marks none. */
const width = (text: string): number => {
  let columns = 0;
  for (const character of text) {
    if (/[\p{Mn}\p{Me}\uFE0F]/u.test(character)) continue;
    columns += wide.test(character) ? 2 : 1;
  }
  return columns;
};

const wide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303F\uFF01-\uFF60]/u;
