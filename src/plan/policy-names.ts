import { globMatcher } from "../model/glob.ts";
import { listOf, type Statement } from "./power.ts";

/** Of actions or resources: a name or pattern, or everything but some (NotAction, NotResource). */
export type Names = Pattern | { readonly allBut: readonly Pattern[] };

interface Pattern {
  readonly name: string;
  /** Whether it stands for all that a name, or another pattern, stands for. */
  readonly covers: (name: string) => boolean;
}

/** A statement without any stands for all: it is taken for more than it may be worth, never for less. */
export const namesOf = (names: unknown, allBut: unknown): Names[] =>
  names === undefined ? [{ allBut: listOf(allBut).map(patternOf) }] : listOf(names).map(patternOf);

/** As they stand in a statement. */
export const namesWritten = (key: string, notKey: string, names: readonly Names[]): Statement => {
  const [first] = names;
  return first !== undefined && "allBut" in first
    ? { [notKey]: first.allBut.map(({ name }) => name) }
    : { [key]: names.flatMap((each) => ("name" in each ? each.name : [])) };
};

export const isCovered = (narrow: Names, wides: readonly Names[]): boolean =>
  wides.some((wide) => covers(wide, narrow));

const covers = (wide: Names, narrow: Names): boolean => {
  if ("name" in wide) return "name" in narrow ? wide.covers(narrow.name) : /^\*+$/.test(wide.name);
  return "name" in narrow
    ? wide.allBut.every((left) => areApart(left, narrow))
    : wide.allBut.every(({ name }) => narrow.allBut.some((left) => left.covers(name)));
};

const patternOf = (name: string): Pattern => {
  // In a variable, such as ${*}, a star stands for itself.
  const matches = name.includes("${") ? () => false : globMatcher(name);
  const oneCharacter = name.includes("?");
  return {
    name,
    // One character is not any number of them.
    covers: (other) => other === name || (matches(other) && !(oneCharacter && other.includes("*"))),
  };
};

export const everything: Names = patternOf("*");

/** Whether two have nothing in common, as far as their beginnings tell. */
const areApart = (one: Pattern, other: Pattern): boolean => {
  const [a, b] = [beginning(one.name), beginning(other.name)];
  if (!a.startsWith(b) && !b.startsWith(a)) return true;
  return b === other.name && !one.name.includes("${") && !one.covers(b);
};

/** What stands before the first pattern or variable. */
const beginning = (pattern: string): string => pattern.split(/[*?]|\$\{/)[0] ?? "";
