/** A remark at a place in the repository, as CI systems show them. Not yet escaped. */
export interface Annotation {
  readonly level: "error" | "warning" | "notice";
  readonly title: string;
  readonly message: string;
  /** Of the repository's root. */
  readonly file?: string;
  /** From 1. */
  readonly line?: number;
  readonly column?: number;
}
