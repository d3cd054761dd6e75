import { describe, expect, it } from "vitest";
import type { Plan } from "../../../src/plan/plan.ts";
import { longestComment } from "../../../src/report/markdown-document.ts";
import { planMarkdown } from "../../../src/report/plan-markdown.ts";
import { allow, permissionSet, plan, policy } from "../plan/builders.ts";
import { policiesPlan } from "./policies-plan.ts";
import { accountNames, removalPlan, richPlan } from "./rich-plan.ts";
import { githubHtml, referencesIn, textOf } from "./support/github-markdown.ts";
import { hostileAccounts, hostileNames, hostilePlan } from "./support/hostile-plan.ts";
import { hugePlan } from "./support/huge-plan.ts";

const context = {
  validAt: Date.UTC(2026, 10, 24, 7, 12),
  wholeUrl: "https://ci.example.com/artifacts/1",
  runUrl: "https://ci.example.com/runs/1",
};
const render = (made: Plan, options = {}): string => planMarkdown(made, accountNames, options);
const small = (): Plan => plan({ groups: ["Team"] }, {});

describe("golden files", () => {
  it("a plan with a change of each kind", async () => {
    await expect(render(richPlan(), context)).toMatchFileSnapshot("golden/rich-plan.golden.md");
  });

  it("removals", async () => {
    await expect(render(removalPlan(), context)).toMatchFileSnapshot("golden/removals.golden.md");
  });

  it("policies", async () => {
    await expect(render(policiesPlan(), context)).toMatchFileSnapshot("golden/policies.golden.md");
  });

  it("no changes", async () => {
    const made = plan({ groups: ["Team"] }, { groups: ["Team", "Other"] });
    await expect(render(made)).toMatchFileSnapshot("golden/no-changes.golden.md");
  });

  it("hostile names", async () => {
    await expect(planMarkdown(hostilePlan(), hostileAccounts)).toMatchFileSnapshot(
      "golden/hostile.golden.md",
    );
  });
});

describe("for somebody who has never seen it", () => {
  it("the heading is one sentence that says what will happen", () => {
    expect(render(richPlan())).toMatch(
      /^## Access plan for acme: 24 changes, 2 give administrator access, \d+ take access away, not everything could be read\n/,
    );
    expect(render(small())).toMatch(/^## Access plan: 1 change\n/);
    expect(render(plan({}, {}))).toMatch(/^## Access plan: no changes\n/);
  });

  it("what is risky stands above what changes, and refusals above that", () => {
    const text = render(richPlan());
    const places = [
      "[!CAUTION]",
      "Look at these first",
      "Who can do more",
      "Who loses access",
      "### Changes",
    ];
    const found = places.map((place) => text.indexOf(place));
    expect(found).not.toContain(-1);
    expect(found).toEqual([...found].sort((a, b) => a - b));
  });

  it("of a long list of risks the worst stand in sight, the rest is folded", () => {
    const users = Array.from({ length: 40 }, (_, index) => `user-${index}`);
    const admin = { name: "Admin", managedPolicies: ["arn:aws:iam::aws:policy/AdministratorAccess"] };
    const made = plan(
      { permissionSets: [admin] },
      {
        users,
        permissionSets: [admin],
        assignments: users.map((name, index) => `${100_000_000_000 + index}/Admin/user:${name}`),
      },
    );
    const text = render(made);
    const [inSight = "", folded = ""] = text.split("<details><summary>28 more: Who loses access</summary>");
    expect(inSight.match(/loses administrator access/g)).toHaveLength(12);
    expect(folded.match(/loses administrator access/g)).toHaveLength(28);
  });

  it("counts add up to the changes", () => {
    const text = render(richPlan());
    const rows = [...text.matchAll(/^\| ([A-Z][a-z ]+) \| (.*) \|$/gm)];
    const counts = rows.flatMap(([, , cells = ""]) => cells.split(" | ").map(Number));
    const [, provision = 0] = /^(\d+) permission sets? to provision: /m.exec(text) ?? [];
    expect(rows.length).toBe(5);
    expect(counts.reduce((sum, count) => sum + count, Number(provision))).toBe(richPlan().changes.length);
  });

  it("only to provision needs no table", () => {
    const permissionSets = [permissionSet("Audit")];
    const provisioning = { Audit: { accounts: ["111111111111"], stale: ["111111111111"] } };
    const text = render(plan({ permissionSets }, { permissionSets, provisioning }));
    expect(text).toContain("\n1 permission set to provision: ");
    expect(text).not.toContain("|---|");
  });

  it("a long line is broken: before its note, then between words, and each part keeps the mark", () => {
    const actions = Array.from({ length: 12 }, (_, index) => `service-${index}:DoSomething`);
    const made = plan(
      {
        permissionSets: [
          { name: "Dev", inlinePolicy: policy({ Version: "2012-10-17", Statement: [allow(actions)] }) },
        ],
      },
      {},
    );
    const lines = render(made).split("\n");
    expect(lines.find((line) => line.includes("service-9"))).toMatch(/^\+ {10,}service/);
    for (const text of [render(made), render(richPlan())])
      for (const [, body = ""] of text.matchAll(/```diff\n([^]*?)```/g))
        expect(Math.max(...body.split("\n").map((line) => line.length))).toBeLessThanOrEqual(96);
    expect(render(richPlan())).toContain(
      "\n-   remove member john.old\n-           (not declared in the manifest; takes access to",
    );
  });

  it("the worst permission sets and accounts come first", () => {
    const titles = [...render(richPlan()).matchAll(/<summary>(.*?)<\/summary>/g)].map(([, title]) => title);
    expect(titles).toContain("⚠️ Permission set: update DeveloperAccess");
    expect(titles.indexOf("⚠️ Account production (111111111111): 4 changes")).toBeLessThan(
      titles.indexOf("Account development (222222222222): 3 changes"),
    );
  });

  it("policies are shown statement by statement, in the colours of a diff", () => {
    const block = /<summary>⚠️ Permission set: update DeveloperAccess<\/summary>\n\n```diff\n([^]*?)```/;
    const lines = block.exec(render(richPlan()))?.[1]?.split("\n");
    expect(lines).toContain("!     statement Build");
    expect(lines).toContain("-       Action: sqs:*");
    expect(lines).toContain("+       Action: lambda:*, s3:PutObject");
  });

  it("deletions say why", () => {
    const text = render(richPlan());
    expect(text).toContain("-   remove user john.old  (not declared in the manifest)");
    expect(text).toContain("<summary>Permission set: delete Audit (replaced by AuditAccess)</summary>");
  });

  it("what is left alone is listed, with what could not be read", () => {
    const text = render(richPlan());
    for (const part of ["Not checked", "Skipped", "Left alone", "Ignored"])
      expect(text).toContain(`<details><summary>${part}`);
    expect(text).toContain("membership/Finance/\\*");
  });

  it("accounts in which the same happens are shown once, with all their names", () => {
    const ids = Array.from({ length: 9 }, (_, index) => `10000000000${index}`);
    const made = plan(
      {
        groups: ["Team"],
        permissionSets: ["Dev"],
        assignments: ids.map((id) => `${id}/Dev/group:Team`),
      },
      { groups: ["Team"], permissionSets: [permissionSet("Dev")], organizationSource: "manifest" },
    );
    const text = render(made);
    expect(text).toContain(
      "<summary>Accounts 100000000000, 100000000001, 100000000002 and 6 more: the same change in each</summary>",
    );
    expect(text).toContain(`In ${ids.join(", ")}:\n`);
    expect(text.match(/assign group Team/g)).toHaveLength(1);
  });

  it("little is open, much is closed", () => {
    expect(render(small())).toContain("<details open><summary>Groups and their members: 1 change</summary>");
    expect(render(richPlan())).not.toContain("<details open>");
  });
});

describe("the next step", () => {
  it("is to merge, and names the command with the digest", () => {
    const text = render(small());
    expect(text).toContain("**Next step:** Approve by merging.");
    expect(text).toContain(`\`\`\`sh\nreconcile apply --expect ${small().digest}\n\`\`\``);
  });

  it("outside of a pull request is the command", () => {
    expect(render(small(), { approveBy: "command" })).not.toContain("merging");
    expect(render(small(), { approveBy: "command" })).toContain("reconcile apply --expect");
  });

  it("of a refused plan is not to apply it", () => {
    const text = render(richPlan());
    expect(text).not.toContain("reconcile apply");
    expect(text).toContain("**Refused by a guard: apply does not carry this out as it is.**");
  });

  it("repeats what the guards were allowed", () => {
    const users = Array.from({ length: 12 }, (_, index) => `user-${index}`);
    const made = plan(
      { removed: { users } },
      { users },
      new Map([
        ["max-removals", "users:12"],
        ["shrunken-manifest", "12"],
      ]),
    );
    expect(made.guards.map(({ verdict }) => verdict)).toContain("allowed");
    expect(render(made)).toContain(`--expect ${made.digest} --allow max-removals=users:12`);
    expect(render(made)).toContain("[!NOTE]");
  });

  it("of no changes is none", () => {
    expect(render(plan({}, {}))).not.toContain("Next step");
  });

  it("of a partial plan says that it is one", () => {
    const partial = {
      ...small(),
      warnings: [{ code: "partial-plan", severity: "warning", message: "This plan holds 1 of 2" } as const],
    };
    expect(render(partial)).toContain("other changes left out");
    expect(render(partial)).toContain("same `--only` and `--since` options");
  });
});

describe("what the caller knows", () => {
  it("is said at the end", () => {
    const text = render(small(), context);
    expect(text).toContain("AWS as of 2026-11-24 07:12 UTC");
    expect(text).toContain("[whole plan](<https://ci.example.com/artifacts/1>)");
    expect(text).toContain("[run](<https://ci.example.com/runs/1>)");
  });

  it("is left out where it is not known, or is no address of the web", () => {
    const text = render(small(), { runUrl: "javascript:alert(1)", wholeUrl: "/artifacts/1" });
    expect(text).not.toContain("as of");
    expect(text).not.toContain("](");
  });
});

describe("hostile names", () => {
  const html = githubHtml(planMarkdown(hostilePlan(), hostileAccounts, context));

  it("make no tag, no link, no mention, no reference, and nothing invisible", () => {
    expect(referencesIn(html)).toEqual([]);
    expect(html.match(/<a /g)).toHaveLength(2);
    expect(html).not.toMatch(/<(script|img)/i);
    expect(html).not.toMatch(/[\u202A-\u202E\u2066-\u2069\u0000-\u0008\u001B]/);
  });

  it("leave the structure whole", () => {
    const count = (pattern: RegExp): number => html.match(pattern)?.length ?? 0;
    expect(count(/<details/g)).toBe(count(/<\/details>/g));
    expect(count(/<details/g)).toBe(count(/<summary>/g));
    expect(count(/<table>/g)).toBe(1);
    expect(count(/<tr>/g)).toBe(6);
    expect(count(/<pre>/g)).toBe(7);
  });

  it("are shown as they are", () => {
    expect(textOf(html)).toContain("<img src=x onerror=alert(1)>");
    expect(textOf(html)).toContain("a\\u202egro.elpmaxe\\u202c");
  });
});

describe("limits", () => {
  const made = hugePlan();
  const text = render(made, context);

  it("5,000 changes fit into a comment, and use it", () => {
    expect(made.changes).toHaveLength(5000);
    expect(text.length).toBeLessThanOrEqual(longestComment);
    expect(text.length).toBeGreaterThan(longestComment * 0.9);
    githubHtml(text);
  });

  it("what is shown and what is left out make the whole", () => {
    const changes = text.slice(text.indexOf("### Changes"), text.indexOf("### To do by hand"));
    const leftOut = [...changes.matchAll(/\*\*(\d+) more changes?\*\*/g)].map(([, count]) => Number(count));
    expect(leftOut.length).toBeGreaterThan(0);
    expect(shownIn(changes) + leftOut.reduce((sum, count) => sum + count, 0)).toBe(made.changes.length);
  });

  it("the worst are shown first, and none of them is left out", () => {
    expect(text.match(/<summary>⚠️ Account/g)).toHaveLength(10);
    expect(text.indexOf("⚠️ Account 100000000900")).toBeLessThan(text.indexOf("<summary>Account"));
  });

  it("says where the rest is", () => {
    expect(text).toMatch(
      /more changes\*\* have no room here\. See \[all of it\]\(<https:\/\/ci\.example\.com/,
    );
    expect(render(made)).toMatch(/more changes\*\* have no room here\.\n/);
    expect(render(made, { runUrl: "https://ci.example.com/runs/7" })).toMatch(
      /more changes\*\* have no room here\. See \[all of it\]\(<https:\/\/ci\.example\.com\/runs\/7>\)/,
    );
  });

  it.each([4_000, 10_000, 64_512, 300_000])("is kept: %d characters", (limit) => {
    for (const each of [made, richPlan(), hostilePlan()]) {
      const cut = render(each, { ...context, limit });
      expect(cut.length).toBeLessThanOrEqual(limit);
      expect(cut).toContain(each.changes.length === 0 ? "No changes." : "**Plan: ");
      const html = githubHtml(cut);
      expect(html.match(/<details/g)?.length).toBe(html.match(/<\/details>/g)?.length);
    }
  });

  it("a long list of risks leaves room for the changes, and of notes too", () => {
    const users = Array.from({ length: 3000 }, (_, index) => `user-${index}`);
    const losing = plan(
      { permissionSets: [permissionSet("Dev")], groups: ["Team"] },
      {
        users,
        permissionSets: [permissionSet("Dev")],
        assignments: users.map((name) => `111111111111/Dev/user:${name}`),
        unread: users.map((name) => ({ scope: `membership/${name}/*`, reason: `denied for ${name}` })),
      },
    );
    const cut = render(losing);
    expect(cut.length).toBeLessThanOrEqual(longestComment);
    expect(cut).toMatch(/\d+ more lines\*\* have no room/);
    expect(cut).toContain("remove user user-0 ");
    expect(cut).toContain("denied for user-0");
  });
});

/** Lines of changes, in blocks of one account times its accounts. */
const shownIn = (text: string): number =>
  [...text.matchAll(/<summary>(.*?)<\/summary>\n\n(?:In (.*):\n\n)?```diff\n([^]*?)```/g)].reduce(
    (sum, [, , places, body = ""]) => {
      const lines = body
        .split("\n")
        .filter((line) => /^[-+!] +(create|update|delete|assign|remove|add) /.test(line));
      return sum + lines.length * (places?.split(", ").length ?? 1);
    },
    0,
  );

it("every hostile name is in the plan that is tested", () => {
  expect(hostilePlan().changes.filter(({ kind }) => kind === "user")).toHaveLength(hostileNames.length);
});
