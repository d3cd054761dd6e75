import * as fc from "fast-check";
import { expect, it } from "vitest";
import { jsonText, safeJson } from "../../../src/model/json-text.ts";

it("shows as escapes what would move a cursor, hide or reorder", () => {
  expect(jsonText({ "a\u001b\u009b": "\u202e\u200b\u2028\u007f\u{e0041}é😀" })).toBe(
    String.raw`{"a\u001b\u009b":"\u202e\u200b\u2028\u007f\udb40\udc41é😀"}`,
  );
  expect(jsonText([1], 2)).toBe("[\n  1\n]");
});

it("means the same to whoever reads JSON", () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: "binary" }), (value) => {
      expect(JSON.parse(jsonText(value))).toEqual(JSON.parse(JSON.stringify(value)));
      expect(safeJson(jsonText(value))).toBe(jsonText(value));
    }),
  );
});
