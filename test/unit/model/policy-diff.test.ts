import { describe, expect, test } from "vitest";
import { inlinePolicyFromText } from "../../../src/model/policy.ts";
import { diffStatements } from "../../../src/model/policy-diff.ts";

const policy = (statements: unknown, rest: object = { Version: "2012-10-17" }) =>
  inlinePolicyFromText(JSON.stringify({ ...rest, Statement: statements }));

const read = { Effect: "Allow", Action: ["s3:GetObject", "s3:ListBucket"], Resource: "*" };
const denyIam = { Sid: "NoIam", Effect: "Deny", Action: "iam:*", Resource: "*" };

describe("diffStatements", () => {
  test("equal policies differ in nothing, whatever their spelling", () => {
    const respelt = { Resource: ["*"], Action: ["S3:listbucket", "s3:GetObject"], Effect: "Allow" };
    expect(diffStatements(policy([read, denyIam]), policy([denyIam, respelt]))).toEqual({
      elements: [],
      removed: [],
      added: [],
      changed: [],
    });
  });

  test("without a policy before, or after, every statement is added, or removed", () => {
    const statement = { sid: "NoIam", document: denyIam };
    expect(diffStatements(null, policy(denyIam)).added).toEqual([statement]);
    expect(diffStatements(policy(denyIam), null).removed).toEqual([statement]);
    expect(diffStatements(null, null).added).toEqual([]);
  });

  test("statements of one Sid are one that changed, however little they share", () => {
    const other = { Sid: "NoIam", Effect: "Allow", NotAction: "x:*", Resource: "arn:aws:x:::y" };
    const { changed, added, removed } = diffStatements(policy(denyIam), policy(other));
    expect(changed).toEqual([
      { before: { sid: "NoIam", document: denyIam }, after: { sid: "NoIam", document: other } },
    ]);
    expect([...added, ...removed]).toEqual([]);
  });

  test("without Sids the most similar ones belong together", () => {
    const wider = { ...read, Action: [...read.Action, "s3:PutObject"] };
    const exact = { ...read, Action: ["ec2:*"] };
    const { changed, added } = diffStatements(policy([read]), policy([exact, wider]));
    expect(changed.map(({ after }) => after.document)).toEqual([
      { ...wider, Action: ["s3:GetObject", "s3:ListBucket", "s3:PutObject"] },
    ]);
    expect(added.map(({ document }) => document)).toEqual([{ ...exact, Action: "ec2:*" }]);
  });

  test("statements that share less than half are one removed and one added", () => {
    const { removed, added, changed } = diffStatements(
      policy(read),
      policy({ Effect: "Allow", Action: "kms:Decrypt", Resource: "arn:aws:kms:::key" }),
    );
    expect([removed.length, added.length, changed.length]).toEqual([1, 1, 0]);
  });

  test("a Sid that a policy repeats identifies nothing", () => {
    const twins = [denyIam, { ...denyIam, Action: "sts:*" }];
    const { changed, removed } = diffStatements(policy(twins), policy([{ ...denyIam, Effect: "Allow" }]));
    expect([changed.length, removed.length]).toEqual([1, 1]);
  });

  test("Version and Id are shown where they differ", () => {
    const before = policy(read, { Id: "x" });
    expect(diffStatements(before, policy(read)).elements).toEqual([
      { name: "Version", before: "2008-10-17", after: "2012-10-17" },
      { name: "Id", before: "x", after: null },
    ]);
  });

  test("shown statements are tidy: usual order of elements, sorted lists, a list of one as one", () => {
    const messy = {
      Resource: ["*"],
      Condition: { StringLike: { "aws:b": ["y", "x", "x"] }, Bool: { "aws:a": [true] } },
      Zebra: 1,
      Action: ["b:B", "a:A"],
      Effect: "Deny",
      Sid: "S",
    };
    const [statement] = diffStatements(null, policy(messy)).added;
    expect(JSON.stringify(statement?.document)).toBe(
      JSON.stringify({
        Sid: "S",
        Effect: "Deny",
        Action: ["a:A", "b:B"],
        Resource: "*",
        Condition: { Bool: { "aws:a": true }, StringLike: { "aws:b": ["x", "y"] } },
        Zebra: 1,
      }),
    );
  });

  test("text that is no policy is shown as it is", () => {
    expect(diffStatements(inlinePolicyFromText("{broken"), policy(denyIam)).removed).toEqual([
      { sid: null, document: "{broken" },
    ]);
  });
});
