import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { checkPolicyGrammar } from "../../../src/manifest/policy-grammar.ts";
import { type PolicyCode, policyCodes } from "../../../src/manifest/policy-problem.ts";

const allow = { Effect: "Allow", Action: "s3:GetObject", Resource: "*" };
const policy = (...statements: unknown[]): unknown => ({ Version: "2012-10-17", Statement: statements });
const withStatement = (change: object): unknown => policy({ ...allow, ...change });
const without = (element: keyof typeof allow, change: object = {}): unknown => {
  const { [element]: _, ...rest } = allow;
  return policy({ ...rest, ...change });
};
const withCondition = (condition: unknown): unknown => withStatement({ Condition: condition });

describe("what IAM takes has no problems", () => {
  test.each<[string, unknown]>([
    ["one statement", { Version: "2012-10-17", Statement: allow }],
    ["the old version, an Id", { Version: "2008-10-17", Id: "x-1", Statement: [allow] }],
    ["opposites", policy({ Effect: "Deny", NotAction: ["iam:*"], NotResource: ["arn:aws:s3:::b"] })],
    ["everything", withStatement({ Action: "*", Sid: "Everything1" })],
    ["every action of every service", withStatement({ Action: "*:*" })],
    ["an empty Sid", withStatement({ Sid: "" })],
    [
      "wildcards in actions",
      withStatement({ Action: ["s3:Get*", "ec2:?escribe*", "kafka-cluster:Connect"] }),
    ],
    [
      "account and region left open",
      withStatement({ Resource: ["arn:aws:s3:::b/*", "arn:aws-cn:iam::1:role/x"] }),
    ],
    ["a wildcard partition", withStatement({ Resource: "arn:*:s3:::b" })],
    ["variables", withStatement({ Resource: "arn:aws:s3:::b/${aws:username}/*" })],
    [
      "conditions",
      withCondition({
        StringEquals: { "aws:RequestedRegion": ["eu-west-1", "eu-west-2"], "aws:PrincipalTag/Team": "x" },
        "ForAllValues:StringLikeIfExists": { "aws:TagKeys": "team*" },
        "ForAnyValue:ArnLike": { "aws:PrincipalArn": "arn:aws:iam::*:role/x" },
        Bool: { "aws:MultiFactorAuthPresent": true },
        NumericLessThan: { "s3:max-keys": 10 },
        Null: { "aws:TokenIssueTime": "true" },
        IpAddress: { "aws:SourceIp": "10.0.0.0/8" },
      }),
    ],
  ])("%s", (_, document) => {
    expect(checkPolicyGrammar(document)).toEqual([]);
  });

  test.each([
    "examples/getting-started/policies/developer.json",
    "examples/organization/policies/developer.json",
  ])("%s", (file) => {
    expect(checkPolicyGrammar(JSON.parse(readFileSync(file, "utf8")))).toEqual([]);
  });
});

const first = ["Statement", 0];
const cases: readonly [PolicyCode, string, unknown, readonly (string | number)[], RegExp?][] = [
  ["policy-type", "a policy that is text", "x", []],
  ["policy-type", "a policy that is a list", [], []],
  ["policy-type", "a policy that is null", null, []],
  ["policy-type", "an Id that is a number", { Version: "2012-10-17", Id: 5, Statement: allow }, ["Id"]],
  ["policy-type", "a statement that is null", { Version: "2012-10-17", Statement: null }, ["Statement"]],
  ["policy-type", "a statement that is text", policy("Allow"), first],
  ["policy-type", "an action that is null", withStatement({ Action: null }), [...first, "Action"]],
  ["policy-type", "an action that is a number", withStatement({ Action: ["*", 5] }), [...first, "Action", 1]],
  ["policy-type", "a Sid that is a number", withStatement({ Sid: 1 }), [...first, "Sid"]],
  ["policy-type", "a condition that is a list", withCondition([]), [...first, "Condition"]],
  ["policy-type", "an operator without keys", withCondition({ Bool: true }), [...first, "Condition", "Bool"]],
  [
    "policy-type",
    "a value that is null",
    withCondition({ Null: { "aws:x": null } }),
    [...first, "Condition", "Null", "aws:x"],
  ],
  [
    "policy-type",
    "a value that is an object",
    withCondition({ StringLike: { "aws:x": ["a", {}] } }),
    [...first, "Condition", "StringLike", "aws:x", 1],
  ],
  [
    "policy-unknown-element",
    "an element of policies",
    { Version: "2012-10-17", Statements: allow, Statement: allow },
    ["Statements"],
    /did you mean Statement\?/,
  ],
  [
    "policy-unknown-element",
    "the case of an element",
    withStatement({ condition: {} }),
    [...first, "condition"],
    /Condition/,
  ],
  [
    "policy-unknown-element",
    "an element like no other",
    withStatement({ Zzzzzzzzz: 1 }),
    [...first, "Zzzzzzzzz"],
    /known here: Sid/,
  ],
  ["policy-missing-element", "no Statement", { Version: "2012-10-17" }, []],
  ["policy-missing-element", "no Effect", without("Effect"), first],
  ["policy-missing-element", "no Action", without("Action"), first],
  ["policy-missing-element", "no Resource", without("Resource"), first],
  [
    "policy-both-elements",
    "Action and NotAction",
    withStatement({ NotAction: "s3:*" }),
    [...first, "NotAction"],
  ],
  [
    "policy-both-elements",
    "Resource and NotResource",
    withStatement({ NotResource: "*" }),
    [...first, "NotResource"],
  ],
  ["policy-empty", "no statements", policy(), ["Statement"]],
  ["policy-empty", "no actions", withStatement({ Action: [] }), [...first, "Action"]],
  ["policy-empty", "an empty resource", withStatement({ Resource: "" }), [...first, "Resource"]],
  [
    "policy-empty",
    "no values",
    withCondition({ Bool: { "aws:x": [] } }),
    [...first, "Condition", "Bool", "aws:x"],
  ],
  ["policy-version-missing", "no Version", { Statement: allow }, []],
  [
    "policy-version",
    "a Version of its own",
    { Version: "2012-10-18", Statement: allow },
    ["Version"],
    /"2012-10-17"/,
  ],
  ["policy-version", "a Version that is a number", { Version: 2012, Statement: allow }, ["Version"]],
  [
    "policy-effect",
    "the case of an Effect",
    withStatement({ Effect: "allow" }),
    [...first, "Effect"],
    /mean Allow/,
  ],
  ["policy-effect", "an Effect that is none", withStatement({ Effect: true }), [...first, "Effect"]],
  ["policy-principal", "a Principal", withStatement({ Principal: "*" }), [...first, "Principal"]],
  [
    "policy-principal",
    "a NotPrincipal",
    withStatement({ NotPrincipal: { AWS: "1" } }),
    [...first, "NotPrincipal"],
  ],
  ["policy-sid", "a Sid with a blank", withStatement({ Sid: "Allow read" }), [...first, "Sid"]],
  [
    "policy-duplicate-sid",
    "two of one Sid",
    policy({ ...allow, Sid: "A" }, { ...allow, Sid: "A", Action: "*" }),
    ["Statement", 1, "Sid"],
  ],
  [
    "policy-duplicate-sid",
    "the same statement with a Sid",
    policy({ ...allow, Sid: "A" }, { ...allow, Sid: "A" }),
    ["Statement", 1, "Sid"],
  ],
  [
    "policy-duplicate-statement",
    "the same statement in other words",
    policy(allow, { ...allow, Action: ["S3:getobject"] }),
    ["Statement", 1],
  ],
  [
    "policy-duplicate-item",
    "an action in another case",
    withStatement({ Action: ["s3:*", "S3:*"] }),
    [...first, "Action", 1],
  ],
  ["policy-duplicate-item", "a resource", withStatement({ Resource: ["*", "*"] }), [...first, "Resource", 1]],
  [
    "policy-duplicate-item",
    "a value",
    withCondition({ Bool: { "aws:x": [true, "true"] } }),
    [...first, "Condition", "Bool", "aws:x", 1],
  ],
  [
    "policy-duplicate-item",
    "a condition key",
    withCondition({ Bool: { "aws:x": true, "AWS:X": true } }),
    [...first, "Condition", "Bool", "AWS:X"],
  ],
  [
    "policy-action",
    "no colon",
    withStatement({ Action: "s3GetObject" }),
    [...first, "Action"],
    /did you mean s3:GetObject\?/,
  ],
  [
    "policy-action",
    "a dot",
    withStatement({ Action: ["s3.GetObject"] }),
    [...first, "Action", 0],
    /did you mean s3:GetObject\?/,
  ],
  [
    "policy-action",
    "a wildcard in the service",
    withStatement({ Action: "s*:GetObject" }),
    [...first, "Action"],
    /service cannot have wildcards/,
  ],
  [
    "policy-action",
    "a blank",
    withStatement({ Action: "s3:Get Object" }),
    [...first, "Action"],
    /service:Action/,
  ],
  [
    "policy-action",
    "a word",
    withStatement({ NotAction: "read", Action: "s3:*" }),
    [...first, "NotAction"],
    /service:Action/,
  ],
  [
    "policy-resource",
    "a bucket's name",
    withStatement({ Resource: "my-bucket" }),
    [...first, "Resource"],
    /arn:partition/,
  ],
  [
    "policy-resource",
    "an ARN that is too short",
    withStatement({ Resource: ["arn:aws:s3"] }),
    [...first, "Resource", 0],
  ],
  [
    "policy-resource",
    "an unknown partition",
    withStatement({ Resource: "arn:awss:s3:::b" }),
    [...first, "Resource"],
    /arn:partition/,
  ],
  [
    "policy-resource-unclear",
    "an ARN cut short",
    withStatement({ Resource: "arn:aws:s3*" }),
    [...first, "Resource"],
  ],
  [
    "policy-resource-unclear",
    "a wildcard in front",
    withStatement({ Resource: "*bucket" }),
    [...first, "Resource"],
  ],
  [
    "policy-operator",
    "a mistyped operator",
    withCondition({ StringEqual: { "aws:x": "y" } }),
    [...first, "Condition", "StringEqual"],
    /did you mean StringEquals\?/,
  ],
  [
    "policy-operator",
    "the case of an operator",
    withCondition({ "ForAnyValue:stringlikeIfExists": { "aws:x": "y" } }),
    [...first, "Condition", "ForAnyValue:stringlikeIfExists"],
    /did you mean ForAnyValue:StringLikeIfExists\?/,
  ],
  [
    "policy-operator",
    "Null if exists",
    withCondition({ NullIfExists: { "aws:x": "true" } }),
    [...first, "Condition", "NullIfExists"],
    /did you mean Null\?/,
  ],
  [
    "policy-operator",
    "an operator like no other",
    withCondition({ Zzzzzz: { "aws:x": "y" } }),
    [...first, "Condition", "Zzzzzz"],
    /ArnLike/,
  ],
  [
    "policy-condition-key",
    "a key without service",
    withCondition({ Bool: { SecureTransport: true } }),
    [...first, "Condition", "Bool", "SecureTransport"],
  ],
  ["policy-empty-condition", "an empty Condition", withCondition({}), [...first, "Condition"]],
  [
    "policy-empty-condition",
    "an empty operator",
    withCondition({ Bool: {} }),
    [...first, "Condition", "Bool"],
  ],
];

describe("what IAM refuses, or nobody means, is one problem at its place", () => {
  test.each(cases)("%s: %s", (code, _, document, path, hint) => {
    const problem = checkPolicyGrammar(document).find((candidate) => candidate.code === code);
    expect(problem).toMatchObject({ path, severity: policyCodes[code].severity });
    if (hint !== undefined) expect(problem?.hint).toMatch(hint);
  });

  test("every code has a case", () => {
    expect(new Set(cases.map(([code]) => code))).toEqual(new Set(Object.keys(policyCodes)));
  });

  test("one mistake is one problem", () => {
    const lone = cases.filter(([, name]) => !["a word", "an empty operator"].includes(name));
    for (const [code, name, document] of lone) {
      expect({ name, codes: checkPolicyGrammar(document).map((problem) => problem.code) }).toEqual({
        name,
        codes: [code],
      });
    }
  });

  test("all problems come at once", () => {
    const document = { Version: "2012", Statement: [{ Effect: "Alow", Action: "x", Resource: "y" }, null] };
    expect(checkPolicyGrammar(document).map(({ code }) => code)).toEqual([
      "policy-version",
      "policy-effect",
      "policy-action",
      "policy-resource",
      "policy-type",
    ]);
  });

  test("messages are short sentences on one line", () => {
    for (const [, , document] of cases) {
      for (const { message } of checkPolicyGrammar(document)) expect(message).toMatch(/^[^\n]{1,160}[^.\n]$/);
    }
  });
});
