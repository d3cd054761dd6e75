import { assert, constantFrom, oneof, property, string } from "fast-check";
import { expect, it } from "vitest";
import { codeSpan, escapeHtml, escapeMarkdown, fenceFor } from "../../src/report/escape-markdown.ts";
import { escapeTerminal } from "../../src/report/escape.ts";
import { githubHtml, referencesIn, textOf } from "../unit/report/support/github-markdown.ts";

/** Whatever Markdown, HTML or a forge gives a meaning to is likely, the rest of Unicode possible. */
const text = string({
  maxLength: 24,
  unit: oneof(
    { weight: 5, arbitrary: constantFrom(...Array.from("`*_~[]()<>&!|\\#@:$%^-+=.'\"{}/ \n\t0a1f")) },
    {
      weight: 2,
      arbitrary: constantFrom("http://", "www.a.b", "GH-", "&#64;", "&lt;", "<!--", "</summary>", "deadbeef"),
    },
    { weight: 2, arbitrary: string({ unit: "binary", minLength: 1, maxLength: 1 }) },
  ),
});

const squeeze = (shown: string): string => shown.replace(/\s+/g, " ").trim();

it("any text is one line of text in a list", () => {
  assert(
    property(text, (any) => {
      const html = githubHtml(`- x ${escapeMarkdown(any)}\n- end\n`);
      expect(html).toMatch(/^<ul>\n<li>x[^<]*<\/li>\n<li>end<\/li>\n<\/ul>$/);
      expect(referencesIn(html)).toEqual([]);
      expect(squeeze(textOf(html))).toBe(squeeze(`x ${escapeTerminal(any)}\nend`));
    }),
    { numRuns: 2000 },
  );
});

it("any text begins a line without becoming anything else", () => {
  assert(
    property(text, (any) => {
      const html = githubHtml(`- ${escapeMarkdown(any)}\n`);
      expect(html).toMatch(/^<ul>\n<li>[^<]*<\/li>\n<\/ul>$/);
      expect(squeeze(textOf(html))).toBe(squeeze(escapeTerminal(any)));
    }),
    { numRuns: 2000 },
  );
});

it("any text stays in its cell of a table, in its summary, in its code and in its fence", () => {
  assert(
    property(text, (any) => {
      const cell = githubHtml(`| a | b |\n|---|---|\n| ${escapeMarkdown(any)} | end |\n`);
      expect(cell).toMatch(/<tr>\n<td>[^<]*<\/td>\n<td>end<\/td>\n<\/tr>\n<\/tbody>\n<\/table>$/);
      const summary = githubHtml(`<details><summary>${escapeHtml(any)}</summary>\n\nend\n\n</details>\n`);
      expect(summary).toMatch(/^<details><summary>[^<]*<\/summary>\n<p>end<\/p>\n<\/details>$/);
      expect(referencesIn(summary)).toEqual([]);
      expect(githubHtml(`x ${codeSpan(any)} end\n`)).toMatch(/^<p>x <code>[^<]*<\/code> end<\/p>$/);
      const line = `+ ${escapeTerminal(any)}`;
      const fence = fenceFor([line]);
      expect(githubHtml(`${fence}diff\n${line}\n${fence}\n\nend\n`)).toMatch(
        /^<pre><code class="language-diff">[^<]*<\/code><\/pre>\n<p>end<\/p>$/,
      );
    }),
    { numRuns: 2000 },
  );
});
