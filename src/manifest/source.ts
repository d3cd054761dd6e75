import type { Position } from "../model/finding.ts";

/** The text of one file, and how offsets in it become lines and columns. */
export interface Source {
  /** As shown to the user. */
  readonly file: string;
  /** Absolute, without symbolic links. */
  readonly path: string;
  /** Without byte order mark. */
  readonly text: string;
  /** Offset of the first character of each line. */
  readonly lineStarts: readonly number[];
}

/** A stretch of a source: offsets in UTF-16 code units, `end` excluded. */
export interface Place {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
}

export const createSource = (file: string, path: string, text: string): Source => {
  const lineStarts = [0];
  for (let index = text.indexOf("\n"); index >= 0; index = text.indexOf("\n", index + 1)) {
    lineStarts.push(index + 1);
  }
  return { file, path, text, lineStarts };
};

/** The place as line and columns; a place of several lines is cut at the end of its first. */
export const positionOf = ({ source, start, end }: Place): Position => {
  const line = lineAt(source.lineStarts, start);
  const lineStart = source.lineStarts[line - 1] ?? 0;
  const nextLine = source.lineStarts[line];
  const lineEnd = nextLine === undefined ? source.text.length : nextLine - 1;
  const visible = source.text.slice(start, Math.min(end, lineEnd)).trimEnd();
  const column = start - lineStart + 1;
  return { file: source.file, line, column, endColumn: column + Math.max(1, visible.length) };
};

/** Number of the line, from 1, by binary search. */
const lineAt = (lineStarts: readonly number[], offset: number): number => {
  let low = 0;
  let high = lineStarts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return low + 1;
};
