import { describe, expect, it } from "vitest";
import { builtInRules } from "../../../src/plan/built-in-rules.ts";
import type { Drift } from "../../../src/drift/drift.ts";
import { validate } from "../../../src/generated/validate-drift.js";
import { renderBuiltInRules } from "../../../src/report/drift-built-in-rules.ts";
import { driftMarkdown } from "../../../src/report/drift-markdown.ts";
import { driftMessage, driftTitle } from "../../../src/report/drift-message.ts";
import { driftNewsMarkdown } from "../../../src/report/drift-news-markdown.ts";
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
  it("CSV", async () => {
    await expect(renderDrift(richDrift(), "csv", options)).toMatchFileSnapshot(
      "golden/rich-drift.golden.csv",
    );
  });

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

it("CSV has a row for each finding and each part that was not read, each with as many fields", () => {
  const names = ['=HYPERLINK("https://evil.example")', "a,b", 'say "x"', "@all", "line\nbreak"];
  const drift = driftOf({ groups: names }, { unread: [{ scope: "user/*", reason: "denied" }] });
  const [head = "", ...rows] = renderDrift(drift, "csv", options).split("\r\n").slice(0, -1);
  expect(rows).toHaveLength(names.length + 1);
  for (const row of rows) {
    const fields = row.match(/(?<=^|,)(?:"(?:[^"]|"")*"|[^",]*)(?=,|$)/g) ?? [];
    expect(fields).toHaveLength(head.split(",").length);
    // A spreadsheet runs what begins so.
    for (const field of fields) expect(field).not.toMatch(/^"?[=+@-]/);
  }
  expect(rows.at(-1)).toMatch(/^unchecked,,user\/\*,.*denied/);
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
      const text = driftMarkdown(viewDrift(many(3000), accountNames), { limit });
      expect(text.length).toBeLessThanOrEqual(limit);
      expect(text).toContain("no room here");
      expect(text.startsWith("## Drift: 0 changed, 0 missing, 6001 unmanaged, 0 unchecked.")).toBe(true);
    }
  });

  it("has in small print when AWS was read, at which commit and by which run, where that is known", () => {
    const commit = "0123456789abcdef0123456789abcdef01234567";
    const facts = { validAt: Date.UTC(2026, 10, 24, 7, 12), commit, runUrl: "https://ci.example.com/1" };
    const text = driftMarkdown(viewDrift(richDrift(), accountNames), facts);
    expect(text).toContain(`<sub>commit ${commit} · AWS as of 2026-11-24 07:12 UTC · 15 of 16 parts read`);
    expect(text).toMatch(/ · \[run\]\(<https:\/\/ci\.example\.com\/1>\) · reconcile [\w.-]+<\/sub>\n$/);
  });

  it("does not speak of drift where only something could not be read", () => {
    const unread = driftOf(
      { groups: ["A"] },
      { groups: ["A"], unread: [{ scope: "user/*", reason: "denied" }] },
    );
    const text = driftMarkdown(viewDrift(unread, accountNames));
    expect(text).toMatch(/^## No drift in what could be read: 2 of 3 parts read \(66\.6 %\)\n/);
  });

  it("has in a comment how much there is, and the worst of it", () => {
    const text = driftNewsMarkdown(viewDrift(richDrift(), accountNames));
    expect(text).toMatch(/^\*\*Drift: 6 changed, .*\*\*\n\n- Permission set Dev allows more/);
    expect(text).toContain("- User eve\\|\\`x\\` has administrator access");
    const worst = driftNewsMarkdown(viewDrift(many(20), accountNames));
    expect(worst.split("\n").at(-1)).toBe("- And 12 more");
  });

  it("counts what is left out right", () => {
    const text = driftMarkdown(viewDrift(many(3000), accountNames), { limit: 20_000 });
    const shown = text
      .split("\n")
      .filter((line) => /^\+ (?:assignment|permission set|group)/.test(line)).length;
    const [, left] = /(\d+) more findings/.exec(text) ?? [];
    expect(shown + Number(left)).toBe(6001);
  });
});

describe("the message for a chat", () => {
  const told = { names: accountNames, issueUrl: null, runUrl: null };

  it("is lines that say what, where, and what it means, and data", () => {
    const links = { issueUrl: "https://forge.example/7", runUrl: "https://ci.example/1" };
    const message = driftMessage(richDrift(), { ...told, ...links, environment: "production <!channel>" });
    expect(message).toMatchObject({
      environment: "production <!channel>",
      result: "drift",
      counts: { changed: 6 },
      issue: "https://forge.example/7",
      run: "https://ci.example/1",
    });
    const lines = message.text.split("\n");
    expect(lines.slice(0, 4)).toEqual([
      "Access drift in production &lt;!channel&gt; (ssoins-1234567890abcdef): administrator access that is not declared",
      "6 changed, 3 missing, 5 unmanaged, 1 unchecked. 15 of 16 parts read (93.7 %).",
      "• Permission set Dev allows more than is declared in development (222222222222): administrator access, policies or statements were added, longer sessions",
      "• User eve|`x` has administrator access to 2 accounts: production (111111111111), development (222222222222) through Shadow, which is not declared",
    ]);
    expect(lines.slice(-4)).toEqual([
      "• Not checked: assignment/333333333333/* (sso:ListAccountAssignments: not allowed)",
      "By, as CloudTrail has it: arn:aws:sts::999999999999:assumed-role/Admin/eve",
      "Issue: https://forge.example/7",
      "Run: https://ci.example/1",
    ]);
  });

  it("shows what differs where nobody has gained or lost access, and counts what has no room", () => {
    const groups = Array.from({ length: 12 }, (_, index) => `G${index}`);
    const { text } = driftMessage(driftOf({ groups }, {}), { ...told, environment: null });
    expect(text.split("\n").slice(2, 4)).toEqual(["• Missing: group G0", "• Missing: group G1"]);
    expect(text.split("\n").at(-1)).toBe("• And 4 more");
  });

  it.each([
    "@channel",
    "<!here>",
    "[x](https://evil.example)",
    "https://evil.example",
    "www.evil.example",
    "```",
  ])("lets %j be a name and no more", (name) => {
    const { text } = driftMessage(driftOf({ groups: [name] }, {}), { ...told, environment: null });
    expect(text).not.toMatch(/@channel|<|\]\(|:\/\/|www\.|``/);
    expect(text.replaceAll("\u200B", "").replaceAll("&lt;", "<").replaceAll("&gt;", ">")).toContain(name);
  });

  it("says in its first line how bad it is", () => {
    const first = (drift: Drift): string =>
      driftMessage(drift, { ...told, environment: null }).text.split("\n")[0] ?? "";
    const access = {
      groups: ["A"],
      permissionSets: ["S"],
      assignments: ["111111111111/S/group:A"],
    };
    const none = { groups: ["A"], permissionSets: ["S"] };
    expect(first(driftOf(none, access))).toMatch(/: more access than is declared$/);
    expect(first(driftOf(access, none))).toMatch(/: less access than is declared$/);
    expect(first(driftOf(none, { permissionSets: ["S"] }))).toMatch(/\)$/);
    expect(first(driftOf(none, none))).toMatch(/^No access drift any more in .*\)$/);
  });

  it("has no line that a chat would not take, whatever the names are", () => {
    const groups = Array.from({ length: 50 }, (_, index) => `${index}${"\u{1F600}x".repeat(340)}`);
    const { text } = driftMessage(driftOf({ groups }, {}), { ...told, environment: null });
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(500);
    expect(text.isWellFormed()).toBe(true);
    expect(text.length).toBeLessThan(8_000);
  });

  it("does not call it drift where nothing is known", () => {
    const unread = driftOf({}, { unread: [{ scope: "user/*", reason: "denied" }] });
    expect(driftTitle(unread, "production")).toBe(
      "Access in production could not be checked in full (ssoins-1234567890abcdef)",
    );
  });
});

describe("what to do", () => {
  const steps = (drift: Drift): string => viewDrift(drift, accountNames).steps.join("\n");

  it("is to find out who did it, as far as that is not told", () => {
    const drift = driftOf({ groups: ["A"] }, {});
    const who = { since: "2026-03-03T00:00:00Z", notes: [] };
    const deed = {
      time: "2026-06-01T10:00:00Z",
      event: "DeleteGroup",
      actor: "eve",
      from: null,
      eventId: "e",
    };
    expect(steps(drift)).toContain("with `--who`, drift asks CloudTrail");
    expect(steps({ ...drift, who })).toMatch(/^Find out who changed this, and why\.$/m);
    const known = drift.findings.map((finding) => ({ ...finding, who: [deed] }));
    expect(steps({ ...drift, findings: known, who })).toMatch(/^Ask those whom CloudTrail names/);
  });

  it("is apply, where that undoes all of it", () => {
    expect(steps(driftOf({ groups: ["A"] }, {}))).toContain("To undo it: `reconcile apply`.");
    expect(steps(driftOf({ groups: ["A", "B"] }, {}))).toContain("To undo all of it: `reconcile apply`.");
  });

  it("is apply for a part, and something else for what apply leaves alone", () => {
    const text = steps(driftOf({ groups: ["A"] }, { groups: ["B"] }));
    expect(text).toContain("To undo 1 of the 2 findings: `reconcile apply`.");
    expect(text).toContain("apply leaves alone: take it away by hand, name it under `removed`");
  });

  it("is not apply, where that undoes nothing", () => {
    const text = steps(driftOf({}, { groups: ["B"] }));
    expect(text).toContain("`reconcile apply` undoes nothing of this.");
    expect(text).not.toContain("To undo");
  });

  it("tells of mode additive, which deletes nothing", () => {
    const there = { groups: ["A"], permissionSets: ["S"], assignments: ["111111111111/S/group:A"] };
    const text = steps(driftOf({ mode: "additive", groups: ["A"], permissionSets: ["S"] }, there));
    expect(text).toContain("undoes nothing of this");
    expect(text).toContain("mode additive keeps");
    expect(text).not.toContain("under `removed`");
  });

  it("names the guard that refuses, in JSON, too", () => {
    const many = Array.from({ length: 20 }, (_, index) => `1111111111${index + 10}/S/group:A`);
    const drift = driftOf(
      { groups: ["A"], permissionSets: ["S"] },
      { groups: ["A"], permissionSets: ["S"], assignments: many },
    );
    expect(drift.refusedBy).toContain("max-removals");
    expect(steps(drift)).toContain("refuses as things are (guards ");
    expect(steps(drift)).not.toContain("To undo");
    expect(validate(JSON.parse(renderDrift(drift, "json", options)))).toBe(true);
  });

  it("is nothing where there is no drift, and a permission where something was not read", () => {
    expect(steps(driftOf({ groups: ["A"] }, { groups: ["A"] }))).toBe("");
    const unread = driftOf({}, { unread: [{ scope: "user/*", reason: "denied" }] });
    expect(steps(unread)).toMatch(/^Let the role read/);
  });
});

it("prints the built-in rules as YAML", () => {
  const printed = parse(renderBuiltInRules(builtInRules)) as Record<string, Record<string, unknown>[]>;
  expect(Object.values(printed).flat()).toHaveLength(builtInRules.length);
  expect(printed).toMatchObject({
    groups: expect.arrayContaining([{ name: "AWSControlTowerAdmins", reason }]) as unknown,
    permissionSets: expect.arrayContaining([{ name: "AWSReadOnlyAccess", atMost: [], reason }]) as unknown,
    assignments: expect.arrayContaining([
      { group: "AWSControlTowerAdmins", permissionSet: "AWSAdministratorAccess", accounts: 3, reason },
      { group: "AWSSecurityAuditors", permissionSet: "AWSReadOnlyAccess", reason },
    ]) as unknown,
  });
});

const reason = "made by AWS Control Tower";
