import equal from "fast-deep-equal";
import { describe, expect, test } from "vitest";
import {
  canonicalisePolicy,
  inlinePolicyFromText,
  parsePolicyText,
  policySize,
} from "../../../src/model/policy.ts";

const withCondition = (condition: unknown): unknown => ({
  Version: "2012-10-17",
  Statement: { Effect: "Allow", Action: "s3:*", Resource: "*", Condition: condition },
});

const isSame = (a: unknown, b: unknown): boolean => equal(canonicalisePolicy(a), canonicalisePolicy(b));

describe("canonicalisePolicy", () => {
  test("gives one plain form", () => {
    expect(
      canonicalisePolicy({
        Statement: {
          Resource: "*",
          Action: ["S3:GetObject", "ec2:*", "s3:getobject"],
          Effect: "Allow",
          Condition: { Bool: { "AWS:SecureTransport": true }, StringEquals: { "aws:x": ["b", "a"] } },
        },
        Version: "2012-10-17",
      }),
    ).toEqual({
      Statement: [
        {
          Action: ["ec2:*", "s3:getobject"],
          Condition: [
            ["Bool", "aws:securetransport", ["true"]],
            ["StringEquals", "aws:x", ["a", "b"]],
          ],
          Effect: "Allow",
          Resource: ["*"],
        },
      ],
      Version: "2012-10-17",
    });
  });

  test.each<[string, unknown, unknown]>([
    ["an absent Version is the old one", { Statement: [] }, { Version: "2008-10-17", Statement: [] }],
    [
      "an empty Condition is none",
      withCondition({}),
      { Version: "2012-10-17", Statement: { Effect: "Allow", Action: "s3:*", Resource: "*" } },
    ],
    [
      "principals are sets",
      { Statement: { Principal: { AWS: ["1", "2"], Service: "a" } } },
      { Statement: [{ Principal: { Service: ["a"], AWS: ["2", "1", "1"] } }] },
    ],
    [
      "twins of one condition key in any case stay two conditions",
      withCondition({ StringEquals: { "aws:A": "x", "AWS:a": "y" } }),
      withCondition({ StringEquals: { "aws:a": "y", "aws:A": "x" } }),
    ],
  ])("%s", (_, a, b) => {
    expect(isSame(a, b)).toBe(true);
  });

  test.each<[string, unknown, unknown]>([
    ["Version", { Statement: [] }, { Version: "2012-10-17", Statement: [] }],
    ["no statements or an empty list", { Statement: [] }, {}],
    ["an empty list or an empty text", { Statement: { Action: [] } }, { Statement: { Action: "" } }],
    ["a list in a list", { Statement: { Action: ["a"] } }, { Statement: { Action: [["a"]] } }],
    ["case of resources", { Statement: { Resource: "a" } }, { Statement: { Resource: "A" } }],
    ["case of the effect", { Statement: { Effect: "Allow" } }, { Statement: { Effect: "allow" } }],
    ["case of an element", { Statement: { Action: "a" } }, { Statement: { action: "a" } }],
    [
      "two twins and one key with two values",
      withCondition({ StringEquals: { "aws:A": "x", "AWS:a": "y" } }),
      withCondition({ StringEquals: { "aws:a": ["x", "y"] } }),
    ],
    ["an operator without keys", withCondition({ Bool: {} }), withCondition({})],
    [
      "a null value",
      withCondition({ Null: { "aws:a": null } }),
      withCondition({ Null: { "aws:a": "null" } }),
    ],
    [
      "a value in a list",
      withCondition({ Bool: { "aws:a": [["x"]] } }),
      withCondition({ Bool: { "aws:a": "x" } }),
    ],
    ["letters of other scripts", { Statement: { Action: "\u212a" } }, { Statement: { Action: "k" } }],
    [
      "anyone, and any AWS principal",
      { Statement: { Principal: "*" } },
      { Statement: { Principal: { AWS: "*" } } },
    ],
    ["text or the object it looks like", "{}", {}],
    ["unknown elements", { Statement: [], Extra: 1 }, { Statement: [], Extra: 2 }],
    ["a key named like the form of no policy", { malformed: "5" }, 5],
  ])("keeps apart: %s", (_, a, b) => {
    expect(isSame(a, b)).toBe(false);
  });

  test.each([null, 5, "text", [], [{}], { Statement: null }, { Statement: [null, 5, "x"] }, { Version: {} }])(
    "%j has a form, and equals itself",
    (document) => {
      expect(isSame(document, structuredClone(document))).toBe(true);
    },
  );

  test("keys that objects inherit are keys like any other", () => {
    const text = '{"Statement":{"__proto__":1,"valueOf":2,"Condition":{"toString":{"__proto__":"x"}}}}';
    const other = text.replace('"x"', '"y"');
    const [a, b] = [text, other].map((json) => inlinePolicyFromText(json).canonical);
    expect(equal(a, inlinePolicyFromText(text).canonical)).toBe(true);
    expect(equal(a, b)).toBe(false);
  });
});

describe("inlinePolicyFromText", () => {
  test("text that is no JSON equals only itself", () => {
    const [a, b] = ["{not json", "{not json "].map(inlinePolicyFromText);
    expect(a?.canonical).not.toEqual(b?.canonical);
    expect(a).toEqual(inlinePolicyFromText("{not json"));
  });

  test("text of any depth is read", () => {
    const deep = `${"[".repeat(10_000)}${"]".repeat(10_000)}`;
    expect(inlinePolicyFromText(deep).text).toBe(deep);
  });
});

describe("parsePolicyText", () => {
  test("returns the document", () => {
    expect(parsePolicyText('{"Statement":[5, "5", true, -1.5]}')).toEqual({
      document: { Statement: [5, "5", true, -1.5] },
    });
  });

  test("__proto__ is a key, not a prototype", () => {
    const parsed = parsePolicyText('{"__proto__":{"polluted":true}}');
    expect("document" in parsed && Object.hasOwn(parsed.document as object, "__proto__")).toBe(true);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test("numbers that would lose digits stay what they are", () => {
    const [a, b] = ["12345678901234567890", "12345678901234567891"].map((value) =>
      canonicalisePolicy(withCondition({ NumericEquals: { "aws:a": value } })),
    );
    const parsed = parsePolicyText(
      JSON.stringify(withCondition({ NumericEquals: { "aws:a": "@" } })).replace(
        '"@"',
        "12345678901234567890",
      ),
    );
    expect("document" in parsed && canonicalisePolicy(parsed.document)).toEqual(a);
    expect(a).not.toEqual(b);
    expect(parsePolicyText('{"a\\"12345678901234567890":1e400}')).toEqual({
      document: { 'a"12345678901234567890': "1e400" },
    });
  });

  test.each([
    '{"Statement":[],"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}',
    '{"Statement":[{"Effect":"Deny","Sid":"a:{","Effect":"Allow"}]}',
    '{"Statement":{"Condition":{"Bool":{"aws:a":"true","aws\\u003aa":"false"}}}}',
    '{"a\\"b":1,"c":[{"d":2}],"a\\"b":3}',
  ])("a key that is there twice is an error, and the policy equals only itself: %s", (policy) => {
    expect(parsePolicyText(policy)).toEqual({ error: expect.stringContaining("there twice") });
    expect(inlinePolicyFromText(policy).canonical).toHaveProperty("malformed");
  });

  test.each([
    '{"Statement":[{"Sid":"a","Action":"a"},{"Sid":"a","Action":"b"}],"Id":"Statement"}',
    '{"a":{"a":{"a":["a","a"]}},"b":"a"}',
  ])("keys of different objects, and values, may be alike: %s", (policy) => {
    expect(parsePolicyText(policy)).toEqual({ document: JSON.parse(policy) });
  });

  test.each(["", "{", "{'a': 1}", "{} {}", "undefined"])("%j is an error", (text) => {
    expect(parsePolicyText(text)).toHaveProperty("error");
  });

  test("what is nested without end is an error", () => {
    expect(parsePolicyText(`${"[".repeat(65)}${"]".repeat(65)}`)).toHaveProperty("error");
    expect(parsePolicyText(`${"[".repeat(64)}${"]".repeat(64)}`)).toHaveProperty("document");
  });
});

test("white space does not count towards the size, and other characters count in bytes", () => {
  expect(policySize('{ "a":\t"b c"\r\n}')).toBe('{"a":"bc"}'.length);
  expect(policySize("é")).toBe(2);
});
