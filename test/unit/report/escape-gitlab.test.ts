/** What GitLab's Markdown would make of names, besides what GitHub's does. */
import { describe, expect, it } from "vitest";
import { escapeHtml, escapeMarkdown, escapeTitle } from "../../../src/report/escape-markdown.ts";
import { escapeTerminal } from "../../../src/report/escape.ts";
import { githubHtml, textOf } from "./support/github-markdown.ts";
import { gitlabReferencesIn } from "./support/gitlab-references.ts";
import { hostileNames } from "./support/hostile-plan.ts";

const names: readonly string[] = [
  "@user, @group/sub and @all",
  '~bug ~"two words" ~12',
  '%v1.2 %"release candidate" %3',
  "#1 GL-1 !1 $1 &1 ^alert#1",
  "[issue:1] [work_item:2] [epic:3] [vulnerability:4] [feature_flag:5] [contact:a@b.example]",
  "*iteration:1 [cadence:1] [wiki_page:home]",
  "[[_TOC_]] [TOC] [[home]]",
  "[TOC]",
  "{+ added +} {-removed-} [- gone -] [+ more +]",
  "%{project_path} %{gitlab_server}",
  "group/project> acme/sub/access>",
  "ACCESS-12 and AWS_ADMINS-7",
  "9ba12248...b19a04f5 9ba12248",
  "::include{file=secrets.md}",
  "/close",
  "~warning \u26A0\uFE0F",
  ...hostileNames,
];

describe("nothing in a name has an effect", () => {
  it.each(names)("%j in Markdown", (name) => {
    const html = githubHtml(`- **${escapeMarkdown(name)}** is a name\n`);
    expect(gitlabReferencesIn(html)).toEqual([]);
    expect(textOf(html)).toContain(escapeTerminal(name).trim());
  });

  it.each(names)("%j in a summary", (name) => {
    const html = githubHtml(`<details><summary>${escapeHtml(name)}</summary>\n\ntext\n\n</details>\n`);
    expect(gitlabReferencesIn(html)).toEqual([]);
    expect(textOf(html)).toContain(escapeTerminal(name));
  });

  it.each(names)("%j in the title of an issue", (name) => {
    const title = escapeTitle(name);
    // The id of a commit becomes a link, and has no effect.
    expect(gitlabReferencesIn(title).filter((found) => !/^[0-9a-f]+$/.test(found))).toEqual([]);
    expect(title).not.toMatch(/[\p{Cf}\p{Cc}\p{Default_Ignorable_Code_Point}]/u);
    expect(Array.from(title)).toHaveLength(Array.from(escapeTerminal(name)).length);
  });
});

it("what is looked for here is found where nothing is escaped", () => {
  const harmless = names.filter((name) => gitlabReferencesIn(name).length === 0);
  expect(harmless).not.toContain("[TOC]");
  expect(harmless.filter((name) => !hostileNames.includes(name))).toEqual([
    "::include{file=secrets.md}",
    "/close",
  ]);
});

it.each(["Platform-Admins", "prod-eu-1", "111111111111", "v1.2", "Zugriff für Ärzte (EU)"])(
  "%j stays as it is",
  (name) => {
    expect(escapeTitle(name)).toBe(name);
  },
);
