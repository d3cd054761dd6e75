import { describe, expect, it } from "vitest";
import { builtInRules } from "../../../src/drift/built-in-rules.ts";
import type { Drift } from "../../../src/drift/drift.ts";
import { findDrift } from "../../../src/drift/find-drift.ts";
import { validate } from "../../../src/generated/validate-drift.js";
import { renderBuiltInRules } from "../../../src/report/drift-built-in-rules.ts";
import { driftMarkdown } from "../../../src/report/drift-markdown.ts";
import { driftMessage, driftTitle } from "../../../src/report/drift-message.ts";
import { renderDrift } from "../../../src/report/drift-renderers.ts";
import { viewDrift } from "../../../src/report/drift-view.ts";
import { parse } from "yaml";
import { comparison } from "../drift/sketches.ts";
import { allow, type DesiredSketch, type LiveSketch, policy, position, user } from "../plan/builders.ts";

const accountNames = new Map([
  ["111111111111", "production"],
  ["222222222222", "development"],
]);
const options = { colour: false, columns: 100, accountNames };
const administrator = "arn:aws:iam::aws:policy/AdministratorAccess";

const driftOf = (wanted: DesiredSketch, there: LiveSketch): Drift =>
  findDrift({ ...comparison(wanted, there), builtInRules });

/** Something of each kind, with names that would like to be more than names. */
const rich = (): Drift => {
  const drift = driftOf(
    {
      name: "acme",
      users: [user("jane", { title: "Engineer" })],
      groups: [{ displayName: "Devs", description: "Developers" }, "Auditors"],
      managedMembers: ["Devs"],
      memberships: ["Devs/jane"],
      permissionSets: [
        {
          name: "Dev",
          sessionDuration: 28800,
          inlinePolicy: policy({ Version: "2012-10-17", Statement: [allow("s3:GetObject")] }),
        },
        { name: "Audit" },
        { name: "Old" },
      ],
      assignments: ["111111111111/Audit/group:Auditors", "222222222222/Dev/group:Devs"],
      origins: {
        "user/jane": { position: position(3) },
        "permissionSet/Dev": { position: position(9) },
        "group/Devs": { position: position(6) },
        "assignment/111111111111/Audit/group:Auditors": { position: position(20) },
        "assignment/222222222222/Audit/group:Auditors": {
          position: position(21),
          until: Date.UTC(2026, 0, 1),
        },
      },
    },
    {
      users: [user("jane", { title: "@channel <b>Boss</b>" }), "eve|`x`"],
      groups: [{ displayName: "Devs", description: "Others" }, "Auditors", "AWSControlTowerAdmins"],
      memberships: ["Devs/eve|`x`"],
      permissionSets: [
        {
          name: "Dev",
          sessionDuration: 43200,
          inlinePolicy: policy({ Version: "2012-10-17", Statement: [allow(["s3:GetObject", "iam:*"])] }),
        },
        { name: "Audit" },
        { name: "Shadow", managedPolicies: [administrator] },
      ],
      assignments: [
        "222222222222/Dev/group:Devs",
        "222222222222/Audit/group:Auditors",
        "111111111111/Audit/orphan:gone-1",
        "111111111111/Shadow/user:eve|`x`",
        "222222222222/Shadow/user:eve|`x`",
      ],
      provisioning: { Audit: { accounts: ["111111111111", "222222222222"], stale: ["111111111111"] } },
      unread: [{ scope: "assignment/333333333333/*", reason: "sso:ListAccountAssignments: not allowed" }],
    },
  );
  const [worst, ...others] = drift.findings;
  if (worst === undefined) throw new Error("no findings");
  const deed = {
    time: "2026-06-01T10:00:00Z",
    event: "CreateAccountAssignment",
    actor: "arn:aws:sts::999999999999:assumed-role/Admin/eve",
    from: "203.0.113.7",
    eventId: "e-1",
  };
  const who = { since: "2026-03-03T00:00:00Z", notes: ["CloudTrail has nothing on some of these"] };
  return { ...drift, findings: [{ ...worst, who: [deed] }, ...others], who };
};

describe("golden files", () => {
  it("text", async () => {
    await expect(renderDrift(rich(), "text", options)).toMatchFileSnapshot("golden/rich-drift.golden.txt");
  });

  it("Markdown", async () => {
    await expect(renderDrift(rich(), "markdown", options)).toMatchFileSnapshot("golden/rich-drift.golden.md");
  });
});

it("JSON fits its schema", () => {
  expect(validate(JSON.parse(renderDrift(rich(), "json", options))), JSON.stringify(validate.errors)).toBe(
    true,
  );
});

describe("the last line is stable", () => {
  it.each<[string, Drift, string]>([
    ["drift", rich(), "Drift: 6 changed, 3 missing, 5 unmanaged, 1 unchecked. Coverage 93.7 %."],
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
    const message = driftMessage(rich(), "production <!channel>", accountNames, "https://ci.example/1");
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
