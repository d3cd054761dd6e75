import { escapeTerminal } from "./escape.ts";

/**
 * Makes text from files or from AWS safe inside a line of GitHub's Markdown: no HTML, no formatting, no link, no
 * mention, no table cell or code that ends early, nothing invisible or reordering. The result is one line and shows
 * the text as it is.
 *
 * Mentions, issue numbers, web addresses and emoji are found by GitHub in what has been rendered, where a backslash is
 * gone already; a zero-width space is what breaks them.
 */
export const escapeMarkdown = (text: string): string =>
  escapeTerminal(text)
    .replace(/[&<>]/g, (character) => entities[character] ?? character)
    .replace(/[\\`*_[\]|~$]/g, "\\$&")
    .replace(/[@#]/g, `$&${zeroWidthSpace}`)
    .replace(/^(\s*)([-+=]|\d+(?=[.)]))/, `$1${zeroWidthSpace}$2`)
    .replace(/\b(?:https?|ftp|mailto|xmpp|www)(?=[:.])/gi, `$&${zeroWidthSpace}`)
    .replace(/:(?=[\w+-]+:)/g, `$&${zeroWidthSpace}`);

const zeroWidthSpace = "&#8203;";

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };
