import type { Position } from "../model/finding.ts";

/** Looks up the line of a position. Each file is cut into lines once, and only if a finding is in it. */
export const sourceLines = (
  sources: ReadonlyMap<string, string>,
): ((position: Position) => string | undefined) => {
  const cut = new Map<string, readonly string[]>();
  return ({ file, line }) => {
    let lines = cut.get(file);
    if (lines === undefined) {
      lines = sources.get(file)?.split(/\r?\n/) ?? [];
      cut.set(file, lines);
    }
    return lines[line - 1];
  };
};
