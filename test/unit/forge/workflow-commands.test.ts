import { expect, test } from "vitest";
import type { Annotation } from "../../../src/model/annotation.ts";
import {
  annotationLines,
  escapeWorkflowText,
  groupEnd,
  groupStart,
} from "../../../src/forge/workflow-commands.ts";

const annotation = (more: Partial<Annotation> = {}): Annotation => ({
  level: "error",
  title: "t",
  message: "m",
  ...more,
});

test("an annotation with its place", () => {
  expect(
    annotationLines([annotation({ file: "access/a.yaml", line: 3, column: 7, title: "unknown-group" })]),
  ).toEqual(["::error file=access/a.yaml,line=3,col=7,title=unknown-group::m"]);
});

test("properties and messages can not end early", () => {
  const [line] = annotationLines([
    annotation({
      level: "warning",
      file: "a,b:c%.yaml",
      title: "x::y\r\nz",
      message: "50%\r\n::error::no, really: %0A",
    }),
  ]);
  expect(line).toBe(
    "::warning file=a%2Cb%3Ac%25.yaml,title=x%3A%3Ay\\r\\nz::50%25\\r%0A::error::no, really: %250A",
  );
});

test("ten of a level are shown; of more, nine and how many are left", () => {
  const many = (level: Annotation["level"], count: number): Annotation[] =>
    Array.from({ length: count }, (_, index) => annotation({ level, message: String(index) }));
  expect(annotationLines(many("error", 10)).at(-1)).toBe("::error title=t::9");
  const lines = annotationLines([...many("notice", 11), ...many("warning", 2), ...many("error", 57)]);
  expect(lines).toHaveLength(22);
  expect(lines[8]).toBe("::error title=t::8");
  expect(lines[9]).toBe("::error title=48 more::48 more errors: the log of this step has them all");
  expect(lines.at(-1)).toBe("::notice title=2 more::2 more notices: the log of this step has them all");
});

test("groups", () => {
  expect([groupStart("a\n::error::b"), groupEnd]).toEqual(["::group::a%0A::error::b", "::endgroup::"]);
});

/** As the runner reads a line: `::` after any blanks, or `##[` anywhere. */
const isCommand = (line: string): boolean =>
  line.replace(/^[\s\u0085\p{Cf}]+/u, "").startsWith("::") || line.includes("##[");

test.each([
  ["::error::x", ": :error::x"],
  ["a\n \t::set-output name=a::b", "a\n \t: :set-output name=a::b"],
  ["a\r\u0085\u2003::add-mask::x", "a\r\u0085\u2003: :add-mask::x"],
  ["\u200b::x::", "\u200b: :x::"],
  ["\n\n\n::x::", "\n\n\n: :x::"],
  ["text ##[error]x", "text ## [error]x"],
  ["##[##[x]", "## [## [x]"],
  [":::", ": ::"],
])("text that looks like a command: %j", (text, expected) => {
  expect(escapeWorkflowText(text)).toBe(expected);
  expect(expected.split(/\r\n|\r|\n/).some(isCommand)).toBe(false);
});

test("other text stays as it is", () => {
  const text = "arn:aws:iam::aws:policy/ReadOnlyAccess\n### heading [x]\n  a::b\n";
  expect(escapeWorkflowText(text)).toBe(text);
});

test("long blank text does not slow it down", () => {
  const text = `${" \t\u200b".repeat(50_000)}x\n`.repeat(2);
  expect(escapeWorkflowText(text)).toBe(text);
});
