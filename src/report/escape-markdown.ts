import { escapeTerminal } from "./escape.ts";

/**
 * Text from files or from AWS inside the Markdown of GitHub and GitLab. The result is one line and shows the text as it
 * is: no HTML, no formatting, no link, no mention, no reference, no table cell or code that ends early, nothing
 * invisible or reordering.
 *
 * Mentions, references (#12, !12, commits, the issues of other trackers), web addresses, emoji, GitLab's tables of
 * contents and inline differences are looked for in what has been rendered, where a backslash is gone already; a space
 * of no width is what breaks them.
 */
export const escapeMarkdown = (text: string): string =>
  finish(
    breakReferences(escapeTerminal(text))
      .replace(/[\\`*_[\]|~$]/g, "\\$&")
      .replace(/^( *)([-+=]|\d+(?=[.)]))/, `$1${gap}$2`),
  ).replace(/^ +| +$/g, (blanks) => "&#32;".repeat(blanks.length));

/** The same inside of HTML, such as a summary, where Markdown is not looked for. Not for attributes. */
export const escapeHtml = (text: string): string => finish(breakReferences(escapeTerminal(text)));

/**
 * As plain text for the title of an issue, which is searched for and copied: nothing invisible, and nothing that a forge
 * takes for a mention, a reference or an address. What could be one is shown as a low line, the hyphen of ACCESS-12 as
 * one that does not break.
 */
export const escapeTitle = (text: string): string =>
  escapeTerminal(text)
    .replace(/[^\p{L}\p{M}\p{N} ._/()+-]|\uFE0F/gu, "_")
    .replace(/(?<=www)\./gi, "_")
    .replace(issueKey, (key) => `${key.slice(0, -1)}\u2011`);

/** As code, in which nothing is looked for and which is copied as it is. Not for cells of tables. */
export const codeSpan = (text: string): string => {
  const shown = escapeTerminal(text);
  const fence = "`".repeat(longestRun(shown) + 1);
  const isTight = /^[^` ].*[^` ]$|^[^` ]$/.test(shown);
  return isTight ? `${fence}${shown}${fence}` : `${fence} ${shown} ${fence}`;
};

/** A fence for a block of code that no line in it can end. */
export const fenceFor = (lines: readonly string[]): string =>
  "`".repeat(lines.reduce((longest, line) => Math.max(longest, longestRun(line)), 2) + 1);

const longestRun = (text: string): number => {
  let longest = 0;
  for (const [run] of text.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  return longest;
};

/** Stands for its entity until the rest is escaped. escapeTerminal lets none through. */
const gap = "\u200B";

const breakReferences = (text: string): string =>
  text
    .replace(/[@#]/g, `$&${gap}`)
    .replace(/[!~%$&^](?=[\w"'{])/g, `$&${gap}`)
    .replace(/\[(?=[[+-]|[a-z_]+:|_?toc)|\{(?=[+-])|\*(?=iteration:)/gi, `$&${gap}`)
    .replace(/(?<=\w\/[\w.-]+)>/g, `${gap}$&`)
    .replace(/:(?=\/\/|[\w+-]+:)/g, `$&${gap}`)
    .replace(/www(?=\.)|(?:mailto|xmpp)(?=:)/gi, `$&${gap}`)
    .replace(issueKey, `$&${gap}`)
    .replace(commit, (id) => id.replace(/.{6}(?=.)/g, `$&${gap}`));

/** GH-12 on GitHub, GL-12 on GitLab, and ACCESS-12 in the tracker that either is connected with. */
const issueKey = /\b[A-Z][A-Z0-9_]*-(?=\d)|[Gg][HhLl]-(?=\d)/g;

/** Looks like the id of a commit, of which seven digits are enough. Decimals are left whole: they are ids of accounts. */
const commit = /(?<![0-9a-z])(?!\d+(?![0-9a-z]))[0-9a-f]{7,40}(?![0-9a-z])/gi;

const finish = (text: string): string =>
  text.replace(/[&<>]/g, (character) => entities[character] ?? character).replaceAll(gap, "&#8203;");

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };
