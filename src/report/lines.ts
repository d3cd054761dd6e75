import type { RiskLevel } from "./risk-level.ts";

/** One line of output before it has a format: text and Markdown are made from the same lines. Not yet escaped. */
export interface Line {
  /** Level of indentation, from 0. */
  readonly depth: number;
  readonly mark: Mark | null;
  readonly text: string;
  /** Said after a dash: why. */
  readonly note?: string;
  /** Only on the first line of a change. */
  readonly level?: RiskLevel;
}

/** What happens: created or added, deleted or removed, changed, provisioned. */
export type Mark = "+" | "-" | "~" | "*";

export const line = (depth: number, mark: Mark | null, text: string, note?: string | null): Line => ({
  depth,
  mark,
  text,
  ...(note === undefined || note === null || note === "" ? {} : { note }),
});

export const actionMark = { create: "+", update: "~", delete: "-", provision: "*" } as const;
