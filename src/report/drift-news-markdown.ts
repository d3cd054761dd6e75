import type { DriftView } from "./drift-view.ts";
import { escapeMarkdown } from "./escape-markdown.ts";
import { firstOf } from "./labels.ts";

/** For a comment on the issue, which is what reaches people by mail: how much there is, and what to look at first. */
export const driftNewsMarkdown = ({ lastLine, alarms }: DriftView): string =>
  [
    `**${escapeMarkdown(lastLine)}**\n`,
    ...firstOf(alarms.map(({ text }) => text)).map((text) => `- ${escapeMarkdown(capital(text))}`),
  ].join("\n");

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
