import { escapeTerminal } from "./escape.ts";
import type { Line } from "./lines.ts";
import { wrap } from "./wrap.ts";

/**
 * A line inside of a block of code that is coloured as a diff, for which the mark stands first. Broken where a comment
 * would have to be scrolled sideways, first before its note; each part has the mark, and stands deeper than what could
 * be a line of its own.
 */
export const diffLines = ({ depth, mark, text, note }: Line): string[] => {
  const sign = mark === "~" || mark === "*" ? "!" : (mark ?? " ");
  const indent = "  ".repeat(depth);
  const width = widest - indent.length;
  const noted = note === undefined ? "" : `(${escapeTerminal(note)})`;
  const whole = `${escapeTerminal(text)}${noted === "" ? "" : `  ${noted}`}`;
  const [first = "", ...more] =
    noted === "" || whole.length <= width
      ? wrap(whole, width)
      : [...wrap(escapeTerminal(text), width), ...wrap(noted, width - hanging.length)];
  return [`${sign} ${indent}${first}`, ...more.map((part) => `${sign} ${indent}${hanging}${part}`)];
};

/** Characters: a comment shows about a hundred beside each other on a desktop. */
const widest = 84;
const hanging = " ".repeat(8);
