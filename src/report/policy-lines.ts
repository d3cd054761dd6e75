import type { InlinePolicy } from "../model/access-state.ts";
import { compareText } from "../model/address.ts";
import { diffStatements, type Statement } from "../model/policy-diff.ts";
import { type Line, line, type Mark } from "./lines.ts";

/** What changes in an inline policy, statement by statement, and within a statement entry by entry. */
export const policyLines = (
  depth: number,
  before: InlinePolicy | null,
  after: InlinePolicy | null,
): Line[] => {
  const { elements, removed, added, changed } = diffStatements(before, after);
  return [
    ...elements.map((element) =>
      line(depth, "~", `${element.name}: ${element.before ?? "none"} -> ${element.after ?? "none"}`),
    ),
    ...changed.flatMap((pair) => changedStatement(depth, pair.before, pair.after)),
    ...removed.flatMap((statement) => wholeStatement(depth, "-", statement)),
    ...added.flatMap((statement) => wholeStatement(depth, "+", statement)),
  ];
};

const title = ({ sid }: Statement): string => (sid === null ? "statement" : `statement ${sid}`);

const wholeStatement = (depth: number, mark: Mark, statement: Statement): Line[] => [
  line(depth, mark, title(statement)),
  ...elementsOf(statement).map(([name, entries]) => line(depth + 1, mark, `${name}: ${entries.join(", ")}`)),
];

const changedStatement = (depth: number, before: Statement, after: Statement): Line[] => {
  const old = new Map(elementsOf(before));
  const now = new Map(elementsOf(after));
  const names = [...now.keys(), ...[...old.keys()].filter((name) => !now.has(name))];
  return [
    line(depth, "~", after.sid === before.sid ? title(after) : `${title(before)} -> ${title(after)}`),
    ...names.flatMap((name) => {
      const [was, is] = [old.get(name) ?? [], now.get(name) ?? []];
      const kept = is.filter((entry) => was.includes(entry));
      const gone = was.filter((entry) => !is.includes(entry));
      const fresh = is.filter((entry) => !was.includes(entry));
      return [
        ...(kept.length > 0 ? [line(depth + 1, null, `${name}: ${kept.join(", ")}`)] : []),
        ...(gone.length > 0 ? [line(depth + 1, "-", `${name}: ${gone.join(", ")}`)] : []),
        ...(fresh.length > 0 ? [line(depth + 1, "+", `${name}: ${fresh.join(", ")}`)] : []),
      ];
    }),
  ];
};

/** Elements other than the Sid, each as a list of texts. */
const elementsOf = ({ document }: Statement): [string, string[]][] => {
  if (typeof document !== "object" || document === null || Array.isArray(document)) {
    return [["Document", [textOf(document)]]];
  }
  return Object.entries(document)
    .filter(([name]) => name !== "Sid")
    .map(([name, value]) => [name, name === "Condition" ? conditionTexts(value) : listOf(value).map(textOf)]);
};

/** `StringEquals aws:RequestedRegion = eu-west-1 or eu-central-1`. */
const conditionTexts = (condition: unknown): string[] => {
  if (typeof condition !== "object" || condition === null) return [textOf(condition)];
  return Object.entries(condition)
    .flatMap(([operator, block]: [string, unknown]) =>
      typeof block === "object" && block !== null
        ? Object.entries(block).map(
            ([key, value]) => `${operator} ${key} = ${listOf(value).map(textOf).join(" or ")}`,
          )
        : [`${operator} ${textOf(block)}`],
    )
    .sort(compareText);
};

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

const textOf = (value: unknown): string =>
  typeof value === "string" ? value : (JSON.stringify(value) ?? "none");
