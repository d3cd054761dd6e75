import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { globMatcher, isGlob } from "../../../src/model/glob.ts";

describe("globMatcher", () => {
  test.each([
    ["sandbox-*", "sandbox-1", true],
    ["sandbox-*", "sandbox-", true],
    ["sandbox-*", "my-sandbox-1", false],
    ["*-prod", "app-prod", true],
    ["*-prod", "app-prod-2", false],
    ["a*b*c", "a1b2b3c", true],
    ["a*b*c", "a1c2b", false],
    ["acc?", "acc1", true],
    ["acc?", "acc", false],
    ["acc?", "acc12", false],
    ["acc?", "acc😀", true],
    ["?*?", "😀", false],
    ["*??", "😀", false],
    ["*", "", true],
    ["**", "x", true],
    ["?", "", false],
    ["a*", "", false],
    ["*a", "aaaa", true],
    ["Prod", "prod", false],
    ["*Prod", "prod", false],
    ["x[12](a|b)/!{c}.*", "x[12](a|b)/!{c}.d", true],
    ["x[12]*", "x1", false],
    [".*", "hidden", false],
    ["a.c*", "abc", false],
    ["a*b", "a\nb", true],
    ["plain", "plain", true],
    ["plain", "plainer", false],
  ])("%j against %j: %s", (pattern, text, expected) => {
    expect(globMatcher(pattern)(text)).toBe(expected);
  });

  test("a pattern made to explode ends soon", () => {
    const matches = globMatcher(`${"a*".repeat(200)}b`);
    const start = performance.now();
    expect(matches("a".repeat(20_000))).toBe(false);
    expect(performance.now() - start).toBeLessThan(2000);
  });

  test("agrees with a regular expression", () => {
    const letters = fc.array(fc.constantFrom("a", "b", "*", "?", "."), { maxLength: 8 });
    const names = fc.array(fc.constantFrom("a", "b", "."), { maxLength: 8 });
    fc.assert(
      fc.property(letters, names, (pattern, name) => {
        const expression = pattern.map((c) => (c === "*" ? ".*" : c === "?" ? "." : c === "." ? "\\." : c));
        const expected = new RegExp(`^${expression.join("")}$`, "s").test(name.join(""));
        expect(globMatcher(pattern.join(""))(name.join(""))).toBe(expected);
      }),
      { numRuns: 1000 },
    );
  });
});

test("only * and ? make a pattern", () => {
  expect(["a*", "?", "a[b]", "(x)", "!a", "plain"].map(isGlob)).toEqual([
    true,
    true,
    false,
    false,
    false,
    false,
  ]);
});
