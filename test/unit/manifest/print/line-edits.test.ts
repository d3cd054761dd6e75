import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { array, assert, boolean, constantFrom, nat, property, record, uniqueArray } from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LineEdit, linesOf, patchOf } from "../../../../src/manifest/print/line-edits.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "reconcile-patch-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const byGit = (text: string, patch: string): string => {
  writeFileSync(join(folder, "a.yaml"), text);
  writeFileSync(join(folder, "a.patch"), patch);
  const { status, stderr } = spawnSync("git", ["apply", "a.patch"], { cwd: folder, encoding: "utf8" });
  if (status !== 0) throw new Error(stderr + patch);
  return readFileSync(join(folder, "a.yaml"), "utf8");
};

const edited = (lines: readonly string[], edits: readonly LineEdit[]): string => {
  const after = [...lines];
  for (const { start, end, lines: fresh } of edits.toSorted((a, b) => b.start - a.start)) {
    after.splice(start, end - start, ...fresh);
  }
  return after.join("");
};

const line = constantFrom("a\n", "b\n", "c\n", "\n", "- x\n", "+y\n", "@@ z\n");

describe("a patch", () => {
  it("makes what the edits make, wherever they are", () => {
    const cases = record({
      lines: array(line, { minLength: 25, maxLength: 40 }),
      ended: boolean(),
      cuts: uniqueArray(nat(40), { minLength: 6, maxLength: 6 }),
      fresh: array(array(line, { maxLength: 4 }), { minLength: 3, maxLength: 3 }),
    });
    assert(
      property(cases, ({ lines: given, ended, cuts, fresh }) => {
        const text = ended ? given.join("") : `${given.join("")}the end`;
        const lines = linesOf(text);
        const places = cuts.filter((cut) => cut < given.length).sort((a, b) => a - b);
        const edits: LineEdit[] = [];
        for (let at = 0; at + 1 < places.length; at += 2) {
          edits.push({ start: places[at] ?? 0, end: places[at + 1] ?? 0, lines: fresh[at / 2] ?? [] });
        }
        const patch = patchOf("a.yaml", lines, edits);
        const wanted = edited(lines, edits);
        if (patch === "") expect(wanted).toBe(text);
        // Without any line left, git takes the file away.
        else if (wanted !== "") expect(byGit(text, patch)).toBe(wanted);
      }),
      { numRuns: 60 },
    );
  });

  it("shows no more than what differs, with three lines around", () => {
    const lines = Array.from({ length: 20 }, (_, index) => `${index}\n`);
    const edits = [{ start: 5, end: 9, lines: ["5\n", "six\n", "7\n", "8\n"] }];
    expect(patchOf("access.yaml", lines, edits)).toBe(
      "--- a/access.yaml\n+++ b/access.yaml\n@@ -4,7 +4,7 @@\n 3\n 4\n 5\n-6\n+six\n 7\n 8\n 9\n",
    );
  });

  it("is empty where nothing differs", () => {
    expect(patchOf("a", ["x\n"], [{ start: 0, end: 1, lines: ["x\n"] }])).toBe("");
  });
});
