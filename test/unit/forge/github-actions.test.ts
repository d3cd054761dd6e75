import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { appendOutputs, appendSummary } from "../../../src/forge/github-actions.ts";

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "forge-"));
  file = join(folder, "file");
});

afterEach(() => rmSync(folder, { recursive: true }));

const text = (): string => readFileSync(file, "utf8");

/** As the runner reads the file. */
const parse = (): Record<string, string> => {
  const outputs: Record<string, string> = {};
  const lines = text().split("\n");
  for (let at = 0; at < lines.length - 1; at += 1) {
    const [name = "", delimiter] = lines[at]?.split("<<") ?? [];
    const end = lines.indexOf(delimiter ?? "", at + 1);
    outputs[name] = lines.slice(at + 1, end).join("\n");
    at = end;
  }
  return outputs;
};

test("outputs are appended, of any text", () => {
  appendOutputs(file, { "has-changes": "true" }, () => 0.5);
  appendOutputs(file, { risk: "a\nother=1\nEOF\nx<<EOF", digest: "" }, () => 0.25);
  expect(parse()).toEqual({ "has-changes": "true", risk: "a\nother=1\nEOF\nx<<EOF", digest: "" });
});

test("a delimiter that the value holds is not taken", () => {
  appendOutputs(file, { a: "first" }, () => 0);
  const guessed = text().split("\n")[2] ?? "";
  const numbers = [0, 0, 0, 0, 0.5, 0.5, 0.5, 0.5];
  appendOutputs(file, { b: `x\n${guessed}\nc=evil` }, () => numbers.shift() ?? 0);
  expect(parse()).toEqual({ a: "first", b: `x\n${guessed}\nc=evil` });
});

test.each(["a\nb", "a=b", "a<<b", "", "1a"])("%j is no name for an output", (name) => {
  expect(() => appendOutputs(file, { [name]: "x" }, () => 0)).toThrow(TypeError);
});

test("summaries follow one another, up to a MiB of bytes", () => {
  expect([appendSummary(file, "# one\n\n\n"), appendSummary(file, "two")]).toEqual([true, true]);
  expect(text()).toBe("# one\n\ntwo\n\n");
  expect(appendSummary(file, "ü".repeat(524_282))).toBe(false);
  expect(text()).toBe("# one\n\ntwo\n\n");
  expect(appendSummary(file, "ü".repeat(524_281))).toBe(true);
});
