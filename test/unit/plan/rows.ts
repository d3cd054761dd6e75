import { expect } from "vitest";
import { type DesiredSketch, type LiveSketch, plan, summary } from "./builders.ts";

/** A row of the differ's case table: addresses of what is expected; what is not given is expected to be empty. */
export interface Row {
  readonly name: string;
  readonly desired: DesiredSketch;
  readonly live: LiveSketch;
  readonly changes?: readonly string[];
  readonly unmanaged?: readonly string[];
  readonly ignored?: readonly string[];
  readonly withheld?: readonly string[];
  readonly unchecked?: readonly string[];
  readonly skipped?: readonly string[];
}

export const checkRow = (row: Row): void => {
  const made = plan(row.desired, row.live);
  expect({
    changes: summary(made),
    unmanaged: made.unmanaged.map((note) => note.address),
    ignored: made.ignored.map((note) => note.address),
    withheld: made.withheld.map((note) => note.address),
    unchecked: made.unchecked.map(({ scope }) => scope),
    skipped: made.skipped.map(({ subject }) => subject),
  }).toEqual({
    changes: row.changes ?? [],
    unmanaged: row.unmanaged ?? [],
    ignored: row.ignored ?? [],
    withheld: row.withheld ?? [],
    unchecked: row.unchecked ?? [],
    skipped: row.skipped ?? [],
  });
};
