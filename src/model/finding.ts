/** Something to tell the user, as data. Prose for each code is made late, by `report`. */
export interface Finding {
  /** Stable, kebab-case: unknown-property, duplicate-name, selector-matches-nothing, ... */
  readonly code: string;
  readonly severity: "error" | "warning";
  /** One sentence without a full stop: what is wrong, with the names in question. Not yet escaped. */
  readonly message: string;
  /** More lines on what is wrong. Not yet escaped. */
  readonly details?: readonly string[];
  /** What to do about it, one sentence without a full stop. Not yet escaped. */
  readonly hint?: string;
  readonly position?: Position;
  /** A second place, such as the first of two declarations. */
  readonly related?: { readonly message: string; readonly position: Position };
  /** Address of the object concerned, where there is one. */
  readonly address?: string;
}

export interface Position {
  /** As the user named it, relative to the working directory, with forward slashes. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 code units. */
  readonly column: number;
  /** Column after the last character on that line; column + 1 where only a point is known. */
  readonly endColumn: number;
}

export const hasErrors = (findings: readonly Finding[]): boolean =>
  findings.some((finding) => finding.severity === "error");
