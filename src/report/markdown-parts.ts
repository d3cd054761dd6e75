import { type ChangeBlock, changeBlocks } from "./change-blocks.ts";
import type { Section } from "./change-sections.ts";
import { diffLines } from "./diff-lines.ts";
import { escapeHtml, escapeMarkdown, fenceFor } from "./escape-markdown.ts";
import type { Item, Part } from "./fit-parts.ts";
import { few } from "./labels.ts";
import type { Line } from "./lines.ts";
import { proseMarkdown } from "./prose-markdown.ts";
import { riskRank } from "./risk-level.ts";
import type { RiskLine } from "./risk-lines.ts";
import type { PlanView } from "./view.ts";

/** The pieces of a plan in Markdown. Ranks and shares say who gets room first, and how much: see fit-parts.ts. */
export const guardParts = ({ guards }: PlanView): Part[] => {
  if (guards.length === 0) return [];
  const title = guards.some(({ mark }) => mark === "-")
    ? "[!CAUTION]\n> **Refused by a guard: apply does not carry this out as it is.**\n>\n"
    : "[!NOTE]\n> **Guards**\n>\n";
  return [
    {
      before: `\n> ${title}`,
      items: grouped(guards).map((lines) => ({
        text: `> - ${lines.map(({ text }) => proseMarkdown(capital(text))).join("<br>→ ")}\n`,
        counts: 1,
      })),
      after: "",
      rank: 0,
      share: 0.15,
      noun: "verdict",
    },
  ];
};

/** A list for each tone, under its title; of a long one the end is folded, so that what follows stays in sight. */
export const riskParts = (
  risks: readonly RiskLine[],
  titles: Readonly<Record<RiskLine["tone"], string>>,
): Part[] =>
  (["gain", "loss", "notice"] as const).flatMap((tone) => {
    const items = risks.filter((risk) => risk.tone === tone).map(({ text }) => bullet(0, capital(text)));
    if (items.length === 0) return [];
    const open = items.length > mostInSight + fewToFold ? mostInSight : items.length;
    const part = { ...plain, rank: 1, share: 0.15, noun: "line" } as const;
    const folded = items.slice(open);
    return [
      { ...part, before: `\n**${titles[tone]}**\n\n`, items: items.slice(0, open) },
      ...(folded.length === 0
        ? []
        : [
            {
              ...part,
              before: `\n<details><summary>${folded.length} more: ${titles[tone]}</summary>\n\n`,
              items: folded,
              after: "\n</details>\n",
            },
          ]),
    ];
  });

const mostInSight = 12;
const fewToFold = 3;

/** Closed, unless there is so little that it can be read at a glance. */
export const changeParts = ({ changes }: PlanView): Part[] => {
  const blocks = changeBlocks(changes);
  const lines = blocks.reduce((sum, each) => sum + each.lines.length, 0);
  return blocks.map((each) => changePart(each, lines <= mostOpenLines));
};

const mostOpenLines = 24;
const mostPlaces = 100;

const changePart = ({ title, places, lines, level }: ChangeBlock, open: boolean): Part => {
  const texts = lines.map(diffLines);
  const fence = fenceFor(texts.flat());
  const where = places.length < 2 ? "" : `In ${escapeMarkdown(few(places, mostPlaces))}:\n\n`;
  return {
    before: `\n<details${open ? " open" : ""}><summary>${level === "high" ? "⚠️ " : ""}${escapeHtml(title)}</summary>\n\n${where}${fence}diff\n`,
    items: lines.map((line, index) => ({
      text: `${(texts[index] ?? []).join("\n")}\n`,
      counts: line.level === undefined ? 0 : Math.max(1, places.length),
    })),
    after: `${fence}\n\n</details>\n`,
    rank: 3 + riskRank[level],
    share: 0.25,
    noun: "change",
  };
};

export const listPart = (title: string, items: readonly string[]): Part[] =>
  items.length === 0
    ? []
    : [{ ...plain, before: `\n### ${title}\n\n`, items: items.map((item) => bullet(0, item)), noun: "line" }];

export const notePart = ({ title, lines }: Section): Part => ({
  ...plain,
  before: `\n<details><summary>${escapeHtml(title)}</summary>\n\n`,
  items: lines.map(({ depth, text }) => bullet(depth, text)),
  after: "\n</details>\n",
  noun: "line",
});

const plain = { after: "", rank: 2, share: 0.05 } as const;

const bullet = (depth: number, text: string): Item => ({
  text: `${"  ".repeat(depth)}- ${escapeMarkdown(text)}\n`,
  counts: 1,
});

/** Each line that is not indented, with those that are below it. */
const grouped = (lines: readonly Line[]): Line[][] => {
  const groups: Line[][] = [];
  for (const each of lines) {
    const group = groups.at(-1);
    if (group === undefined || each.depth === 0) groups.push([each]);
    else group.push(each);
  }
  return groups;
};

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
