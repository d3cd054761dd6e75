import { describe, expect, it } from "vitest";
import { codeSpan, escapeHtml, escapeMarkdown, fenceFor } from "../../../src/report/escape-markdown.ts";
import { escapeTerminal } from "../../../src/report/escape.ts";
import { githubHtml, referencesIn, textOf } from "./support/github-markdown.ts";
import { hostileNames } from "./support/hostile-plan.ts";

describe("escapeMarkdown", () => {
  it.each([
    ["plain words, (brackets) and jane.doe", "plain words, (brackets) and jane.doe"],
    ["<img src=x onerror=alert(1)>", "&lt;img src=x onerror=alert(1)&gt;"],
    ["a & b", "a &amp; b"],
    ["&#64;everyone", "&amp;#&#8203;64;everyone"],
    ["&lt;", "&amp;&#8203;lt;"],
    ["*bold* _it_ ~~gone~~ `code`", "\\*bold\\* \\_it\\_ \\~\\~&#8203;gone\\~\\~ \\`code\\`"],
    ["[link](https://evil)", "\\[link\\](https:&#8203;//evil)"],
    ["![image](x)", "!\\[image\\](x)"],
    ["cell | cell", "cell \\| cell"],
    ["back\\slash", "back\\\\slash"],
    ["@org/team", "@&#8203;org/team"],
    ["jane@company.com", "jane@&#8203;company.com"],
    ["see #12", "see #&#8203;12"],
    ["GH-12", "GH-&#8203;12"],
    ["\nGH-0", "\\\\nGH-&#8203;0"],
    ["!12 and %3", "!&#8203;12 and %&#8203;3"],
    ["0123456789abcdef", "012345&#8203;6789ab&#8203;cdef"],
    ["account 111111111111", "account 111111111111"],
    ["www.evil.com", "www&#8203;.evil.com"],
    [":rocket:", ":&#8203;rocket:"],
    ["$x$", "\\$&#8203;x\\$"],
    ["# title", "#&#8203; title"],
    ["- item", "&#8203;- item"],
    ["    code", "&#32;&#32;&#32;&#32;code"],
    ["1. item", "&#8203;1. item"],
    ["line\nbreak", "line\\\\nbreak"],
    ["right\u202Eto left", "right\\\\u202eto left"],
    ["null\u0000\u001B[31m", "null\\\\u0000\\\\u001b\\[31m"],
    ["a\u200Bb", "a\\\\u200bb"],
  ])("%j", (text, escaped) => {
    expect(escapeMarkdown(text)).toBe(escaped);
  });
});

describe("as GitHub shows it", () => {
  it.each(hostileNames)("%j in a list is text", (name) => {
    const html = githubHtml(`- ${escapeMarkdown(name)}\n`);
    expect(html).toMatch(/^<ul>\n<li>[^<]*<\/li>\n<\/ul>$/);
    expect(referencesIn(html)).toEqual([]);
    expect(textOf(html).trim()).toBe(escapeTerminal(name).trim());
  });

  it.each(hostileNames)("%j in a table stays in its cell", (name) => {
    const html = githubHtml(`| a | b |\n|---|---|\n| ${escapeMarkdown(name)} | end |\n`);
    expect(html.match(/<td>/g)).toHaveLength(2);
    expect(html).toMatch(/<td>[^<]*<\/td>\n<td>end<\/td>/);
    expect(referencesIn(html)).toEqual([]);
  });

  it.each(hostileNames)("%j in a summary does not end it", (name) => {
    const html = githubHtml(`<details><summary>${escapeHtml(name)}</summary>\n\ntext\n\n</details>\n`);
    expect(html).toMatch(/^<details><summary>[^<]*<\/summary>\n<p>text<\/p>\n<\/details>$/);
    expect(referencesIn(html)).toEqual([]);
    expect(textOf(html)).toContain(escapeTerminal(name));
  });

  it.each(hostileNames)("%j as code is code", (name) => {
    const html = githubHtml(`a ${codeSpan(name)} b\n`);
    expect(html).toMatch(/^<p>a <code>[^<]*<\/code> b<\/p>$/);
  });

  it.each(hostileNames)("%j does not end a fence", (name) => {
    const line = `+ ${escapeTerminal(name)}`;
    const fence = fenceFor([line]);
    const html = githubHtml(`${fence}diff\n${line}\n${fence}\n\nafter\n`);
    expect(html).toMatch(/^<pre><code class="language-diff">[^<]*<\/code><\/pre>\n<p>after<\/p>$/);
    expect(textOf(html)).toContain(line);
  });
});

it("a run of backticks gets a longer fence", () => {
  expect(fenceFor(["a"])).toBe("```");
  expect(fenceFor(["a `````", "``"])).toBe("``````");
  expect(codeSpan("a")).toBe("`a`");
  expect(codeSpan("a`b")).toBe("``a`b``");
  expect(codeSpan("`a")).toBe("`` `a ``");
  expect(codeSpan("")).toBe("`  `");
});
