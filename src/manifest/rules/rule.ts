import type { Position } from "../../model/finding.ts";
import type { Report } from "../codes.ts";
import type { Located, LocatedMap } from "../located.ts";

/**
 * A rule looks at the merged manifest and says what the schema cannot. It meets values of the wrong type too, and
 * passes over them: they have been reported. What it says about a value replaces what the schema says about it.
 */
export type Rule = (input: RuleInput, report: Report) => void;

export interface RuleInput {
  readonly root: LocatedMap;
  /** By permission set name. */
  readonly policies: ReadonlyMap<string, PolicySource>;
  /** Epoch milliseconds. */
  readonly now: number;
  /** false: a file could not be read, so that what is missing here may stand there. */
  readonly complete: boolean;
}

export interface PolicySource {
  readonly document: Located;
  /** Where the permission set names it, or holds it. */
  readonly position: Position;
}
