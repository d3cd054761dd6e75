import equal from "fast-deep-equal";
import { compareText } from "../model/address.ts";

/**
 * Equality of canonical values: plain JSON whose keys are ours. Names that somebody else chose are never keys there
 * (policy.ts), because a key called valueOf or toString would be taken for a method.
 */
export const isSame = (a: unknown, b: unknown): boolean => equal(a, b);

/** Tags may be called anything, so they are compared as lists. */
export const sameTags = (a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean =>
  equal(entriesOf(a), entriesOf(b));

const entriesOf = (tags: Readonly<Record<string, string>>): readonly (readonly [string, string])[] =>
  Object.entries(tags).sort(([a], [b]) => compareText(a, b));
