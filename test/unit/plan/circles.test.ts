import * as fc from "fast-check";
import { expect, it } from "vitest";
import { withoutCircles } from "../../../src/plan/circles.ts";

const names = ["a", "b", "c", "d"];
const layer = (waits: Readonly<Record<string, string>>): string[][] =>
  names.map((name) => (waits[name] ?? "").split("").sort());

it("keeps of a later layer what closes no circle", () => {
  expect(withoutCircles(names, layer({ b: "a" }), layer({ c: "b", a: "b" }))).toEqual(
    layer({ b: "a", c: "b" }),
  );
});

it("prefers earlier layers, and leaves out all of a layer that lies on one circle", () => {
  expect(withoutCircles(names, layer({ b: "a" }), layer({ c: "b" }), layer({ a: "c", d: "c" }))).toEqual(
    layer({ b: "a", c: "b", d: "c" }),
  );
  expect(withoutCircles(names, layer({}), layer({ a: "b", b: "a", c: "ab" }))).toEqual(layer({ c: "ab" }));
});

it("says each address once, where two layers hold it", () => {
  expect(withoutCircles(names, layer({ b: "a" }), layer({ b: "a" }))).toEqual(layer({ b: "a" }));
});

it("takes a chain that is longer than the call stack", () => {
  const many = Array.from({ length: 50_000 }, (_, index) => `n${index}`);
  const chain = many.map((_, index) => (index === 0 ? [] : [`n${index - 1}`]));
  const back = many.map((_, index) => (index === 0 ? [`n${many.length - 1}`] : []));
  expect(withoutCircles(many, chain, back)).toEqual(chain);
});

it("never leaves a circle, and never gives up the first layer", () => {
  const some = fc.array(fc.subarray(names), { minLength: names.length, maxLength: names.length });
  const first = some.map((lists) => lists.map((list, index) => list.filter((_, at) => at < index && at < 3)));
  fc.assert(
    fc.property(first, fc.array(some, { maxLength: 3 }), (lists, further) => {
      const ordered = lists.map((list, index) => list.filter((name) => names.indexOf(name) < index));
      const waits = withoutCircles(names, ordered, ...further);
      for (const [index, list] of ordered.entries()) {
        expect(waits[index]).toEqual(expect.arrayContaining(list));
      }
      let left = names.map((name, index) => ({ name, waits: new Set(waits[index]) }));
      for (let round = 0; round < names.length; round += 1) {
        const open = new Set(left.map(({ name }) => name));
        left = left.filter((each) => [...each.waits].some((name) => open.has(name)));
      }
      expect(left).toEqual([]);
    }),
  );
});
