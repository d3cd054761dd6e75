import type { InlinePolicy } from "./access-state.ts";
import { compareText } from "./address.ts";
import { type CanonicalStatement, canonicalStatement, parsePolicyText } from "./policy.ts";

/**
 * What changes between two policies, statement by statement, for people to read. Statements are matched by their Sid,
 * the others by what they have in common. Equality is that of policy.ts; what is shown is the author's spelling, tidied
 * so that lists are in order and only real differences remain.
 */
export interface PolicyDiff {
  /** Version and Id, where they differ; null: not there. */
  readonly elements: readonly {
    readonly name: string;
    readonly before: string | null;
    readonly after: string | null;
  }[];
  /** In the order of the policy before. */
  readonly removed: readonly Statement[];
  /** In the order of the policy after, as `changed`. */
  readonly added: readonly Statement[];
  readonly changed: readonly { readonly before: Statement; readonly after: Statement }[];
}

export interface Statement {
  /** null: it has none. */
  readonly sid: string | null;
  /** Plain JSON, its elements in the usual order, lists sorted. The text itself where a policy is not JSON. */
  readonly document: unknown;
}

export function diffStatements(before: InlinePolicy | null, after: InlinePolicy | null): PolicyDiff {
  const old = statementsOf(before);
  const now = statementsOf(after);
  const gone = [...old].filter(([key]) => !now.has(key)).map(([, candidate]) => candidate);
  const fresh = [...now].filter(([key]) => !old.has(key)).map(([, candidate]) => candidate);
  const pairs = pairBySid(gone, fresh);
  const paired = new Set(pairs.values());
  const similar = pairBySimilarity(
    gone.filter((candidate) => !paired.has(candidate)),
    fresh.filter((candidate) => !pairs.has(candidate)),
  );
  for (const [newer, older] of similar) {
    pairs.set(newer, older);
    paired.add(older);
  }
  return {
    elements: elementsOf(before, after),
    removed: gone.filter((candidate) => !paired.has(candidate)).map(shown),
    added: fresh.filter((candidate) => !pairs.has(candidate)).map(shown),
    changed: fresh.flatMap((newer) => {
      const older = pairs.get(newer);
      return older === undefined ? [] : [{ before: shown(older), after: shown(newer) }];
    }),
  };
}

interface Candidate {
  readonly source: unknown;
  readonly canonical: CanonicalStatement;
}

const statementsOf = (policy: InlinePolicy | null): Map<string, Candidate> => {
  if (policy === null) return new Map();
  const parsed = parsePolicyText(policy.text);
  const document = "error" in parsed ? policy.text : parsed.document;
  const statements: unknown = isObject(document) ? (document.Statement ?? []) : document;
  const candidates = listOf(statements).map((source) => ({ source, canonical: canonicalStatement(source) }));
  return new Map(candidates.map((candidate) => [JSON.stringify(candidate.canonical), candidate]));
};

const pairBySid = (gone: readonly Candidate[], fresh: readonly Candidate[]): Map<Candidate, Candidate> => {
  const older = onlyOneOfItsSid(gone);
  const pairs = new Map<Candidate, Candidate>();
  for (const [sid, candidate] of onlyOneOfItsSid(fresh)) {
    const match = older.get(sid);
    if (match !== undefined) pairs.set(candidate, match);
  }
  return pairs;
};

const onlyOneOfItsSid = (candidates: readonly Candidate[]): Map<string, Candidate> => {
  const bySid = new Map<string, Candidate>();
  const repeated = new Set<string>();
  for (const candidate of candidates) {
    const sid = sidOf(candidate);
    if (sid === null) continue;
    if (bySid.has(sid)) repeated.add(sid);
    bySid.set(sid, candidate);
  }
  for (const sid of repeated) bySid.delete(sid);
  return bySid;
};

/** The most similar ones first; what has less than half in common is another statement. */
const pairBySimilarity = (
  gone: readonly Candidate[],
  fresh: readonly Candidate[],
): Map<Candidate, Candidate> => {
  const features = new Map([...gone, ...fresh].map((candidate) => [candidate, featuresOf(candidate)]));
  const none: ReadonlySet<string> = new Set();
  const scored = fresh.flatMap((newer) =>
    gone.map((older) => ({
      newer,
      older,
      score: overlap(features.get(newer) ?? none, features.get(older) ?? none),
    })),
  );
  const pairs = new Map<Candidate, Candidate>();
  const taken = new Set<Candidate>();
  for (const { newer, older, score } of scored.sort((a, b) => b.score - a.score)) {
    if (score < 0.5 || pairs.has(newer) || taken.has(older)) continue;
    pairs.set(newer, older);
    taken.add(older);
  }
  return pairs;
};

const featuresOf = ({ canonical }: Candidate): ReadonlySet<string> =>
  new Set(
    Object.entries(canonical)
      .filter(([element]) => element !== "Sid")
      .flatMap(([element, value]) => listOf(value).map((item) => `${element} ${JSON.stringify(item)}`)),
  );

const overlap = (a: ReadonlySet<string>, b: ReadonlySet<string>): number => {
  const common = [...a].filter((feature) => b.has(feature)).length;
  return common / Math.max(1, a.size + b.size - common);
};

const elementsOf = (before: InlinePolicy | null, after: InlinePolicy | null): PolicyDiff["elements"] => {
  if (before === null || after === null) return [];
  return ["Version", "Id"]
    .map((name) => ({
      name,
      before: textOf(before.canonical[name]),
      after: textOf(after.canonical[name]),
    }))
    .filter((element) => element.before !== element.after);
};

const textOf = (value: unknown): string | null =>
  value === undefined ? null : typeof value === "string" ? value : JSON.stringify(value);

const sidOf = ({ canonical }: Candidate): string | null =>
  typeof canonical.Sid === "string" ? canonical.Sid : null;

const shown = (candidate: Candidate): Statement => ({
  sid: sidOf(candidate),
  document: tidy(candidate.source),
});

const usualOrder = [
  "Sid",
  "Effect",
  "Principal",
  "NotPrincipal",
  "Action",
  "NotAction",
  "Resource",
  "NotResource",
  "Condition",
];

const rank = (element: string): number => {
  const index = usualOrder.indexOf(element);
  return index < 0 ? usualOrder.length : index;
};

const tidy = (statement: unknown): unknown =>
  isObject(statement)
    ? Object.fromEntries(
        Object.entries(statement)
          .sort(([a], [b]) => rank(a) - rank(b) || compareText(a, b))
          .map(([element, value]) => [element, inOrder(value)]),
      )
    : statement;

/** Keys and lists sorted, repetition dropped, a list of one written as the one. */
const inOrder = (value: unknown): unknown => {
  if (Array.isArray(value)) {
    const byText = new Map(value.map((item) => [JSON.stringify(item), inOrder(item)]));
    const items = [...byText].sort(([a], [b]) => compareText(a, b)).map(([, item]) => item);
    return items.length === 1 ? items[0] : items;
  }
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([key, item]): [string, unknown] => [key, inOrder(item)]);
  return Object.fromEntries(entries.sort(([a], [b]) => compareText(a, b)));
};

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
