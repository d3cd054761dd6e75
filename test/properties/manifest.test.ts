import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { manifestCodes } from "../../src/manifest/codes.ts";
import { loadManifest } from "../../src/manifest/load.ts";
import { policyCodes } from "../../src/manifest/policy-problem.ts";
import { renderFindings } from "../../src/report/findings.ts";

const known = new Set(Object.keys({ ...manifestCodes, ...policyCodes }));
let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "manifest-properties-"));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

/** A second is what it may take; the rest is for machines that are busy with other tests. */
const longest = 5000;

/** Whatever a file holds, the answer is a manifest or findings with codes and places that exist, in short time. */
const answers = async (access: string | Uint8Array, policy: string | Uint8Array = "{}"): Promise<void> => {
  writeFileSync(join(cwd, "access.yaml"), access);
  writeFileSync(join(cwd, "policy.json"), policy);
  const start = performance.now();
  const { manifest, findings, sources } = await loadManifest(undefined, { cwd, now: 0 });
  const text = renderFindings(findings, { sources, colour: false });
  expect(performance.now() - start).toBeLessThan(longest);

  expect(manifest === null).toBe(findings.some(({ severity }) => severity === "error"));
  for (const { code, position } of findings) {
    expect(known).toContain(code);
    if (position === undefined) continue;
    const line = sources.get(position.file)?.split("\n")[position.line - 1];
    if (code !== "not-utf8") expect(line).toBeDefined();
    expect(position.column).toBeGreaterThan(0);
    expect(position.endColumn).toBeGreaterThan(position.column);
  }
  expect(text).not.toMatch(
    /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/,
  );
};

const soup = fc
  .array(
    fc.constantFrom(
      ..."version users groups permissionSets assignments accounts ignore removed mode inlinePolicy policy.json members external".split(
        " ",
      ),
      ...": , - ? | > & * ! % @ ` # { } [ ] \" ' << --- ... ~ null true 1 012 1e999 .nan \\ \t \n".split(" "),
      "\n",
      "\n  ",
      "\n    ",
      "- ",
      ": ",
      "&a ",
      "*a ",
      "\r\n",
      "\u{1F600}",
      "__proto__",
      "\u200b",
    ),
    { maxLength: 80 },
  )
  .map((parts) => parts.join(""));

/** Values as a hurried author might write them into a manifest, of the right and of the wrong types. */
const value = fc.letrec((tie) => ({
  leaf: fc.oneof(
    fc.constantFrom(
      "jane",
      "Dev",
      "*",
      "PT8H",
      "policy.json",
      "111111111111",
      "2026-02-30T00:00:00Z",
      "../x.json",
      "",
    ),
    fc.string(),
    fc.constantFrom(null, true, false, 0, -1, 1.5, 1e21, 12345678901),
  ),
  tree: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    tie("leaf"),
    fc.array(tie("tree"), { maxLength: 4 }),
    fc.dictionary(
      fc.oneof(
        fc.constantFrom(
          ..."version name mode instance defaults accounts users groups permissionSets assignments removed ignore guards external description members previously sessionDuration managedPolicies customerManagedPolicies inlinePolicy permissionsBoundary tags givenName familyName email address names ou except until reason protect Statement Version Effect Action Resource Condition".split(
            " ",
          ),
        ),
        fc.string(),
      ),
      tie("tree"),
      { maxKeys: 5 },
    ),
  ),
})).tree;

describe("loadManifest never fails to answer", () => {
  it("to bytes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), (bytes) => answers(bytes, bytes)),
      {
        numRuns: 300,
      },
    );
  });

  it("to what looks like YAML", async () => {
    await fc.assert(
      fc.asyncProperty(soup, soup, (access, policy) => answers(access, policy)),
      { numRuns: 500 },
    );
  });

  it("to sections of any shape", async () => {
    const sections =
      "accounts users groups permissionSets assignments removed ignore guards mode instance".split(" ");
    const manifest = fc.record(Object.fromEntries(sections.map((section) => [section, value])), {
      requiredKeys: [],
    });
    await fc.assert(
      fc.asyncProperty(manifest, value, (body, policy) =>
        answers(JSON.stringify({ version: 1, ...body }), JSON.stringify(policy)),
      ),
      { numRuns: 500 },
    );
  });

  it("to objects of any shape in the sections", async () => {
    const section = fc.dictionary(fc.constantFrom("jane", "Dev", "Jane"), value, { maxKeys: 3 });
    const manifest = fc.record({
      users: section,
      groups: section,
      permissionSets: section,
      assignments: fc.array(value, { maxLength: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(manifest, value, (body, policy) =>
        answers(JSON.stringify({ version: 1, ...body }), JSON.stringify(policy)),
      ),
      { numRuns: 500 },
    );
  });

  it.each([
    ["brackets", "[".repeat(100_000)],
    ["braces", "{a: ".repeat(100_000)],
    ["dashes", "- ".repeat(100_000)],
    ["questions", "? ".repeat(100_000)],
    ["indents", Array.from({ length: 400 }, (_, index) => `${" ".repeat(index)}a:`).join("\n")],
    ["quotes", '"'.repeat(100_000)],
    ["escapes", `a: "${"\\x".repeat(50_000)}"`],
    ["anchors", "&a ".repeat(20_000)],
    ["stars", `a: &a 1\nb: [${"*a,".repeat(50_000)}]`],
    ["documents", "---\n".repeat(100_000)],
    ["directives", "%a\n".repeat(30_000)],
    ["one long line", "x".repeat(1_000_000)],
    ["one long JSON text", `"${"x".repeat(1_000_000)}"`],
  ])("to a flood of %s", async (_, text) => {
    await answers(text, text);
    await answers("version: 1\npermissionSets: {Dev: {inlinePolicy: policy.json}}\n", text);
  });
});
