import { compareText } from "./address.ts";
import { canonicalJson } from "./canonical-json.ts";
import { repeatedKey } from "./repeated-key.ts";
import type { CanonicalPolicy, InlinePolicy } from "./access-state.ts";

/**
 * IAM policies compare as documents. Two documents have the same canonical form exactly when they differ in nothing
 * but the following, which never changes what IAM decides:
 *
 * - Order of keys; order of statements, and identical ones said twice: IAM evaluates all statements, a deny wins.
 * - One statement or a list of one; one string or a list of one in Action, NotAction, Resource, NotResource,
 *   Principal and condition values; order and repetition inside these lists: each is a set of alternatives.
 * - Case of actions: IAM matches the service prefix and the action without regard to case.
 * - Case of condition keys, tag keys in them included: "condition key names are not case-sensitive".
 * - true or "true", 5 or "5" as condition values: IAM reads both as text.
 * - A Version that is absent, or is the default that IAM then takes (2008-10-17). 2012-10-17 is another language:
 *   in it ${...} is a variable.
 * - An empty Sid or an empty Condition, or none.
 *
 * Everything else counts. Sid and Id decide nothing, but AWS keeps them as sent and people refer to statements by them.
 * Resources, values and the names of operators are compared letter by letter. Two ways to say the same (`s3:*` and
 * `s3:**`, an account's id and its root ARN) stay different: AWS does not rewrite them in an inline policy, and to be
 * wrong here would hide a change.
 *
 * The live side may hold anything. Whatever is no policy keeps a form of its own ({malformed} with the JSON), which
 * equals only itself; no JSON value throws. Names that an author chose never become keys here, so that a policy that says
 * `__proto__` or `valueOf` is a list entry like any other.
 */
export function canonicalisePolicy(document: unknown): CanonicalPolicy {
  if (!isObject(document)) return malformed(document);
  const elements: Record<string, unknown> = { Version: "2008-10-17" };
  const other: [string, string][] = [];
  for (const [key, value] of Object.entries(document)) {
    if (key === "Version" || key === "Id") elements[key] = text(value);
    else if (key === "Statement") elements[key] = setOf(value, canonicalStatement);
    else other.push([key, canonicalJson(value)]);
  }
  return sorted(elements, other);
}

/** One statement in canonical form: plain JSON. */
export type CanonicalStatement = Readonly<Record<string, unknown>>;

export function canonicalStatement(statement: unknown): CanonicalStatement {
  if (!isObject(statement)) return malformed(statement);
  const elements: Record<string, unknown> = {};
  const other: [string, string][] = [];
  for (const [key, value] of Object.entries(statement)) {
    const canonicalise = canonicaliseElement.get(key);
    if (canonicalise === undefined) other.push([key, canonicalJson(value)]);
    else if (!isNothing(key, value)) elements[key] = canonicalise(value);
  }
  return sorted(elements, other);
}

/** A policy that AWS returned: any text at all. */
export function inlinePolicyFromText(policyText: string): InlinePolicy {
  const parsed = parsePolicyText(policyText);
  const canonical = "error" in parsed ? malformed(policyText) : canonicalisePolicy(parsed.document);
  return { canonical, text: policyText };
}

/**
 * JSON text of a policy → the document. Keys such as `__proto__` become ordinary keys. A key that is there twice is an
 * error: it could not be said which of the two IAM takes. A number that could
 * lose digits (more than 15 characters, or an exponent) becomes text, so that two of them stay two.
 */
export function parsePolicyText(
  policyText: string,
): { readonly document: unknown } | { readonly error: string } {
  try {
    JSON.parse(policyText);
    const document: unknown = JSON.parse(policyText.replace(stringOrNumber, quoteLongNumber));
    const twice = repeatedKey(policyText);
    if (twice !== null) return { error: `the key ${JSON.stringify(twice)} is there twice` };
    return isDeeperThan(document, maxDepth)
      ? { error: `nested more than ${maxDepth} levels deep` }
      : { document };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

/** What counts against IAM's limit of 10,240: bytes of everything that is not white space. */
export const policySize = (policyText: string): number =>
  Buffer.byteLength(policyText.replace(/[ \t\r\n]+/g, ""), "utf8");

type Canonicalise = (value: unknown) => unknown;

const text: Canonicalise = (value) => (typeof value === "string" ? value : malformed(value));

// ASCII only: no two letters of other scripts may fall together.
const foldCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

const action: Canonicalise = (value) => (typeof value === "string" ? foldCase(value) : malformed(value));

const conditionValue: Canonicalise = (value) =>
  typeof value === "boolean" || typeof value === "number" ? String(value) : text(value);

const principals: Canonicalise = (value) =>
  isObject(value)
    ? setOf(
        Object.entries(value).map(([type, ids]) => [type, setOf(ids, text)]),
        (entry) => entry,
      )
    : text(value);

/** A list of [operator, key, values]. All of them must hold, so their order is none either. */
const condition: Canonicalise = (value) =>
  isObject(value) ? setOf(Object.entries(value).flatMap(conditionsOf), (entry) => entry) : malformed(value);

const conditionsOf = ([operator, block]: [string, unknown]): unknown[] => {
  if (!isObject(block)) return [[operator, malformed(block)]];
  const keys = Object.entries(block);
  return keys.length === 0
    ? [[operator]]
    : keys.map(([key, values]) => [operator, foldCase(key), setOf(values, conditionValue)]);
};

const canonicaliseElement: ReadonlyMap<string, Canonicalise> = new Map<string, Canonicalise>([
  ["Sid", text],
  ["Effect", text],
  ["Principal", principals],
  ["NotPrincipal", principals],
  ["Action", (value) => setOf(value, action)],
  ["NotAction", (value) => setOf(value, action)],
  ["Resource", (value) => setOf(value, text)],
  ["NotResource", (value) => setOf(value, text)],
  ["Condition", condition],
]);

const isNothing = (key: string, value: unknown): boolean =>
  (key === "Sid" && value === "") ||
  (key === "Condition" && isObject(value) && Object.keys(value).length === 0);

/** One or a list of them, as a sorted list without repetition. */
const setOf = (value: unknown, canonicalise: Canonicalise): unknown[] => {
  const items: unknown[] = Array.isArray(value) ? value : [value];
  const byText = new Map(items.map((item) => canonicalise(item)).map((item) => [JSON.stringify(item), item]));
  return [...byText].sort(([a], [b]) => compareText(a, b)).map(([, item]) => item);
};

const sorted = (elements: Record<string, unknown>, other: [string, string][]): Record<string, unknown> => {
  const entries = Object.entries(elements);
  if (other.length > 0) entries.push(["other", other.sort(([a], [b]) => compareText(a, b))]);
  return Object.fromEntries(entries.sort(([a], [b]) => compareText(a, b)));
};

const malformed = (value: unknown): { malformed: string } => ({ malformed: canonicalJson(value) });

const maxDepth = 64;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isDeeperThan = (value: unknown, levels: number): boolean =>
  typeof value === "object" &&
  value !== null &&
  (levels === 0 || Object.values(value).some((item) => isDeeperThan(item, levels - 1)));

const stringOrNumber = /"(?:[^"\\]+|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

const quoteLongNumber = (token: string): string =>
  token.startsWith('"') || /^[-.\d]{1,15}$/.test(token) ? token : `"${token}"`;
