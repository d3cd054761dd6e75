import { expect, it } from "vitest";
import { canonicalJson } from "../../../src/model/canonical-json.ts";

it("sorts keys by code unit at every level, and writes no blanks", () => {
  expect(canonicalJson({ b: [{ z: 1, a: 2 }], "\u{1F600}": 1, "\uFB33": 2, a: null })).toBe(
    '{"a":null,"b":[{"a":2,"z":1}],"\u{1F600}":1,"\uFB33":2}',
  );
});

it("leaves out what is undefined, as JSON does", () => {
  expect(canonicalJson({ a: undefined, b: 1 })).toBe('{"b":1}');
});

it("takes any key for a name", () => {
  const hostile = JSON.parse('{"toString":1,"__proto__":2,"constructor":3}') as unknown;
  expect(canonicalJson(hostile)).toBe('{"__proto__":2,"constructor":3,"toString":1}');
});

it.each([Number.NaN, Number.POSITIVE_INFINITY, undefined, () => 1, Symbol("x"), 1n])(
  "refuses %s",
  (value) => {
    expect(() => canonicalJson({ value: [value] })).toThrow(TypeError);
  },
);
