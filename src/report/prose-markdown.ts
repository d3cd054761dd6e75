import { codeSpan, escapeMarkdown } from "./escape-markdown.ts";

/** What is said to a reader, in Markdown. An option of --allow in it is code: it is there to be copied. */
export const proseMarkdown = (text: string): string =>
  text
    .split(/ (?=--allow [\w-]+=)|(?<=--allow [\w-]+=\S+) /)
    .map((part) => (part.startsWith("--allow ") ? codeSpan(part) : escapeMarkdown(part)))
    .join(" ");
