import type { Section } from "./change-sections.ts";
import { counted, few } from "./labels.ts";
import type { Line } from "./lines.ts";
import { type RiskLevel, riskRank, worstLevel } from "./risk-level.ts";

/** Changes that are read together: all users, all groups, one permission set, one account. */
export interface ChangeBlock {
  /** Not yet escaped. */
  readonly title: string;
  /** The accounts that have these same changes, where they are several. Not yet escaped. */
  readonly places: readonly string[];
  readonly lines: readonly Line[];
  readonly level: RiskLevel;
}

/**
 * In the order in which a reviewer should see them, and in which they get room where not all have it:
 * 1. by risk, the worst first (risk-level.ts);
 * 2. of one risk, what is nearest to access: accounts, permission sets, groups, users;
 * 3. of one kind, accounts by name, permission sets as the plan has them (new, changed, deleted).
 *
 * Within a block, permission sets of an account, groups and users stand by risk, too, then as the plan has them; what is
 * done to one of them stays together.
 */
export const changeBlocks = (sections: readonly Section[]): ChangeBlock[] =>
  worstFirst([...sections].sort((a, b) => kindRank(a) - kindRank(b)).flatMap(blocksOfKind));

const kindRank = ({ title }: Section): number => kindOrder.indexOf(title);

/** Titles of sections. */
const kindOrder = ["Assignments", "Permission sets", "Groups", "Users"];

const blocksOfKind = ({ title, lines }: Section): ChangeBlock[] => {
  const units = splitAt(0, lines);
  switch (title) {
    case "Permission sets":
      return units.map((unit) => block(`Permission set: ${firstText(unit)}`, unit));
    case "Assignments":
      return merge(units.map(accountBlock));
    default: {
      const sorted = sortUnits(units);
      const name = title === "Groups" ? "Groups and their members" : title;
      return [block(`${name}: ${counted(changesIn(sorted), "change")}`, sorted)];
    }
  }
};

const block = (title: string, lines: readonly Line[]): ChangeBlock => ({
  title,
  places: [],
  lines,
  level: worstLevel(lines.flatMap(({ level }) => level ?? [])),
});

/** With its note, so that the reason of a deletion is seen at once. */
const firstText = ([first]: readonly Line[]): string => {
  if (first === undefined) return "";
  return first.note === undefined ? first.text : `${first.text} (${first.note})`;
};

const changesIn = (lines: readonly Line[]): number => lines.filter(({ level }) => level !== undefined).length;

/** The first line, the account, is the title; below it stand permission sets with what is assigned and removed. */
const accountBlock = ([account, ...lines]: readonly Line[]): ChangeBlock => {
  const sets = sortUnits(splitAt(1, lines)).map((each) => ({ ...each, depth: each.depth - 1 }));
  const name = account?.text ?? "";
  return { ...block(`Account ${name}: ${counted(changesIn(sets), "change")}`, sets), places: [name] };
};

/** Accounts in which the same happens are one block. */
const merge = (blocks: readonly ChangeBlock[]): ChangeBlock[] => {
  const alike = new Map<string, ChangeBlock[]>();
  for (const each of blocks) {
    const key = JSON.stringify(each.lines);
    const known = alike.get(key);
    if (known === undefined) alike.set(key, [each]);
    else known.push(each);
  }
  return [...alike.values()].flatMap((same) => {
    const [first, second] = same;
    if (first === undefined || second === undefined) return same;
    const places = same.flatMap((each) => each.places);
    const count = changesIn(first.lines);
    const title = `Accounts ${few(places, 3)}: the same ${count === 1 ? "change" : counted(count, "change")} in each`;
    return [{ ...first, title, places }];
  });
};

/** A new unit begins at each line of this depth. */
const splitAt = (depth: number, lines: readonly Line[]): Line[][] => {
  const units: Line[][] = [];
  for (const each of lines) {
    const unit = units.at(-1);
    if (unit === undefined || each.depth === depth) units.push([each]);
    else unit.push(each);
  }
  return units;
};

const sortUnits = (units: readonly Line[][]): Line[] =>
  worstFirst(units.map((unit) => block("", unit))).flatMap(({ lines }) => lines);

const worstFirst = (blocks: readonly ChangeBlock[]): ChangeBlock[] =>
  [...blocks].sort((a, b) => riskRank[a.level] - riskRank[b.level]);
