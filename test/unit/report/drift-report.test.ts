import { describe, expect, it } from "vitest";
import { builtInRules } from "../../../src/drift/built-in-rules.ts";
import type { Drift } from "../../../src/drift/drift.ts";
import { validate } from "../../../src/generated/validate-drift.js";
import { renderBuiltInRules } from "../../../src/report/drift-built-in-rules.ts";
import { driftMarkdown } from "../../../src/report/drift-markdown.ts";
import { driftMessage, driftTitle } from "../../../src/report/drift-message.ts";
import { renderDrift } from "../../../src/report/drift-renderers.ts";
import { viewDrift } from "../../../src/report/drift-view.ts";
import { parse } from "yaml";
import { administrator, driftOf, richDrift } from "./rich-drift.ts";

const accountNames = new Map([
  ["111111111111", "production"],
  ["222222222222", "development"],
]);
const options = { colour: false, columns: 100, accountNames };

describe("golden files", () => {
  it("text", async () => {
    await expect(renderDrift(richDrift(), "text", options)).toMatchFileSnapshot(
      "golden/rich-drift.golden.txt",
    );
  });

  it("Markdown", async () => {
    await expect(renderDrift(richDrift(), "markdown", options)).toMatchFileSnapshot(
      "golden/rich-drift.golden.md",
    );
  });
});

it("JSON fits its schema", () => {
  expect(
    validate(JSON.parse(renderDrift(richDrift(), "json", options))),
    JSON.stringify(validate.errors),
  ).toBe(true);
});

describe("the last line is stable", () => {
  it.each<[string, Drift, string]>([
    ["drift", richDrift(), "Drift: 6 changed, 3 missing, 5 unmanaged, 1 unchecked. Coverage 93.7 %."],
    ["clean", driftOf({ groups: ["A"] }, { groups: ["A"] }), "No drift. Coverage 100 %."],
    [
      "only unchecked",
      driftOf({ groups: ["A"] }, { groups: ["A"], unread: [{ scope: "user/*", reason: "denied" }] }),
      "Drift: 0 changed, 0 missing, 0 unmanaged, 1 unchecked. Coverage 66.6 %.",
    ],
  ])("%s", (_name, drift, line) => {
    const text = renderDrift(drift, "text", options);
    expect(text.trimEnd().split("\n").at(-1)).toBe(line);
    expect(text.endsWith(`\n\n${line}\n`)).toBe(true);
  });
});

describe("Markdown", () => {
  const many = (count: number): Drift =>
    driftOf(
      {},
      {
        groups: ["G"],
        permissionSets: Array.from({ length: count }, (_, index) => ({
          name: `Set-${index}`,
          managedPolicies: [administrator],
        })),
        assignments: Array.from({ length: count }, (_, index) => `222222222222/Set-${index}/group:G`),
      },
    );

  it("is never longer than its limit, and says what is left out", () => {
    for (const limit of [3000, 10_000, 65_536]) {
      const text = driftMarkdown(viewDrift(many(3000), accountNames), limit);
      expect(text.length).toBeLessThanOrEqual(limit);
      expect(text).toContain("no room here");
      expect(text.startsWith("## Drift: 0 changed, 0 missing, 6001 unmanaged, 0 unchecked.")).toBe(true);
    }
  });

  it("counts what is left out right", () => {
    const text = driftMarkdown(viewDrift(many(3000), accountNames), 20_000);
    const shown = text.split("\n").filter((line) => /^\+ (?:Set|permission set|group)/.test(line)).length;
    const [, left] = /(\d+) more findings/.exec(text) ?? [];
    expect(shown + Number(left)).toBe(6001);
  });
});

describe("the message for a chat", () => {
  it("is a line that says what and where, and data", () => {
    const message = driftMessage(richDrift(), "production <!channel>", accountNames, "https://ci.example/1");
    expect(message).toMatchObject({
      result: "drift",
      counts: { changed: 6 },
      run: "https://ci.example/1",
    });
    const [first, second, last] = message.text.split("\n");
    expect(first).toBe(
      "Access in production &lt;!channel&gt; is not as declared. Drift: 6 changed, 3 missing, 5 unmanaged, 1 unchecked. Coverage 93.7 %.",
    );
    expect(second).toContain("has administrator access to");
    expect(last).toBe("https://ci.example/1");
  });

  it("does not call it drift where nothing is known", () => {
    const unread = driftOf({}, { unread: [{ scope: "user/*", reason: "denied" }] });
    expect(driftTitle(unread, "production")).toBe("Access in production could not be checked");
  });
});

it("prints the built-in rules as a manifest would have them", () => {
  const { ignore } = parse(renderBuiltInRules(builtInRules)) as { ignore: Record<string, unknown>[] };
  expect(ignore).toHaveLength(builtInRules.length);
  expect(ignore[0]).toMatchObject({ groups: builtInRules[0]?.names, reason: "made by AWS Control Tower" });
});
