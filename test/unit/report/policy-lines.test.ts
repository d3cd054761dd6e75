import { expect, it } from "vitest";
import { policyLines } from "../../../src/report/policy-lines.ts";
import { allow, policy } from "../plan/builders.ts";

const lines = (
  ...args: Parameters<typeof policyLines> extends [number, ...infer Rest] ? Rest : never
): string[] =>
  policyLines(0, ...args).map(({ depth, mark, text }) => `${"  ".repeat(depth)}${mark ?? " "} ${text}`);

const document = (...statements: object[]) => policy({ Version: "2012-10-17", Statement: statements });

it("a new policy", () => {
  expect(lines(null, document(allow(["s3:*", "ec2:*"], "*", "Build")))).toEqual([
    "+ statement Build",
    "  + Effect: Allow",
    "  + Action: ec2:*, s3:*",
    "  + Resource: *",
  ]);
});

it("a policy that goes", () => {
  expect(lines(document(allow("s3:*")), null)).toEqual([
    "- statement",
    "  - Effect: Allow",
    "  - Action: s3:*",
    "  - Resource: *",
  ]);
});

it("within a statement only entries that differ are marked", () => {
  expect(
    lines(
      document(allow(["a:One", "a:Two"], "*", "S")),
      document({
        ...allow(["a:One", "a:Three"], "*", "S"),
        Condition: { Bool: { "aws:x": ["true", "false"] } },
      }),
    ),
  ).toEqual([
    "~ statement S",
    "    Effect: Allow",
    "    Action: a:One",
    "  - Action: a:Two",
    "  + Action: a:Three",
    "    Resource: *",
    "  + Condition: Bool aws:x = false or true",
  ]);
});

it("another version of the language", () => {
  const statement = [allow("s3:*")];
  expect(
    lines(
      policy({ Version: "2008-10-17", Statement: statement }),
      policy({ Version: "2012-10-17", Statement: statement }),
    ),
  ).toEqual(["~ Version: 2008-10-17 -> 2012-10-17"]);
});

it("text that is no policy", () => {
  expect(lines({ canonical: {}, text: "not JSON" }, document(allow("s3:*"))).slice(0, 3)).toEqual([
    "~ Version: none -> 2012-10-17",
    "- statement",
    "  - Document: not JSON",
  ]);
});
