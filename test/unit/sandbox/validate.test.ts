import { describe, expect, it } from "vitest";
import type { Field } from "../../../src/sandbox/service.ts";
import { validate } from "../../../src/sandbox/validate.ts";

const shape = (field: Field) => ({ type: "structure", fields: { Value: field } }) as const;
const check = (field: Field, Value: unknown) => validate(shape(field), { Value });

describe("validate", () => {
  it.each<[string, Field, unknown, string]>([
    ["a missing member", { type: "string", required: true }, undefined, "Member must not be null"],
    ["a null for a required member", { type: "string", required: true }, null, "Member must not be null"],
    ["too short", { type: "string", min: 2 }, "a", "length greater than or equal to 2"],
    ["too long", { type: "string", max: 2 }, "abc", "length less than or equal to 2"],
    [
      "a pattern that holds in part only",
      { type: "string", pattern: /[a-z]+/ },
      "ab1",
      "regular expression pattern: [a-z]+",
    ],
    [
      "an alternative that holds in part only",
      { type: "string", pattern: /a|b/ },
      "ab",
      "regular expression pattern: a|b",
    ],
    ["a value outside the enum", { type: "string", enum: ["A", "B"] }, "C", "enum value set: [A, B]"],
    ["too small", { type: "integer", min: 1 }, 0, "value greater than or equal to 1"],
    ["too large", { type: "integer", max: 100 }, 101, "value less than or equal to 100"],
    [
      "too many items",
      { type: "list", max: 1, of: { type: "string" } },
      ["a", "b"],
      "length less than or equal to 1",
    ],
  ])("refuses %s", (_what, field, value, message) => {
    expect(() => check(field, value)).toThrow(
      expect.objectContaining({ code: "ValidationException", message: expect.stringContaining(message) }),
    );
  });

  it.each<[string, Field, unknown]>([
    ["a number as a string", { type: "string" }, 1],
    ["a string as an integer", { type: "integer" }, "1"],
    ["a fraction as an integer", { type: "integer" }, 1.5],
    ["a string as a boolean", { type: "boolean" }, "true"],
    ["an object as a list", { type: "list", of: { type: "string" } }, {}],
    ["a list as a structure", { type: "structure", fields: {} }, []],
    ["a list as a map", { type: "map", of: { type: "string" } }, []],
  ])("can not read %s", (_what, field, value) => {
    expect(() => check(field, value)).toThrow(expect.objectContaining({ code: "SerializationException" }));
  });

  it("counts characters, not code units", () => {
    expect(check({ type: "string", max: 1 }, "😀")).toEqual({ Value: "😀" });
  });

  it("drops unknown members and nulls, but keeps the null of a document", () => {
    expect(validate(shape({ type: "string" }), { Value: null, Other: 1 })).toEqual({});
    expect(check({ type: "document" }, null)).toEqual({ Value: null });
  });

  it("gives the path of what is wrong in its own spelling", () => {
    const tags: Field = {
      type: "list",
      of: { type: "structure", fields: { Key: { type: "string", required: true } } },
    };
    expect(() => check(tags, [{ Key: "a" }, {}])).toThrow("Value at 'value.2.member.key'");
    expect(() => check({ type: "map", of: { type: "string", max: 1 } }, { k: "ab" })).toThrow(
      "Value at 'value.k'",
    );
  });

  it("wants exactly one member of a union", () => {
    const union: Field = {
      type: "structure",
      union: true,
      fields: { A: { type: "string" }, B: { type: "string" } },
    };
    expect(check(union, { A: "x" })).toEqual({ Value: { A: "x" } });
    for (const value of [{}, { A: "x", B: "y" }])
      expect(() => check(union, value)).toThrow("Exactly one of A, B");
  });
});
