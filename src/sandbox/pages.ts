// Pages of a List operation. Items come in the order of their keys, and a token holds the last key, so that a
// client may delete what it has seen and still misses nothing. Tokens are bound to their operation and parameters
// and age, because AWS's are and clients should not get used to less. A filter (`keep`) is applied after a page
// was cut, so that a page can be short or empty and still have a NextToken, which AWS reserves for itself.
import { createHash } from "node:crypto";
import type { CallContext } from "./service.ts";
import { ServiceError } from "./service.ts";

export interface PageOptions<T> {
  /** Unique within the list, and the order of it. */
  readonly key: (item: T) => string;
  /** Page size where the request has no MaxResults; smaller than the maximum, 10 unless given. */
  readonly defaultSize?: number;
  readonly keep?: (item: T) => boolean;
  /** Code of the error for a bad token; ValidationException unless given. */
  readonly tokenError?: () => ServiceError;
}

/** One page; spread `next` into the output. */
export function page<T>(
  context: CallContext,
  input: Readonly<Record<string, unknown>>,
  items: readonly T[],
  options: PageOptions<T>,
): { readonly items: T[]; readonly next: { readonly NextToken?: string } } {
  const size = typeof input.MaxResults === "number" ? input.MaxResults : (options.defaultSize ?? 10);
  const call = digest(JSON.stringify([context.operation, parameters(input)]));
  // An empty token is how some clients say that they have none.
  const after = input.NextToken ? readToken(input.NextToken, call, context.now, options) : undefined;
  const scanned = smallest(items, options.key, after, size + 1);
  const cut = scanned.slice(0, size);
  const last = cut.at(-1);
  const more = scanned.length > size && last !== undefined;
  return {
    items: (options.keep ? cut.filter((entry) => options.keep?.(entry.item)) : cut).map(
      (entry) => entry.item,
    ),
    next: more ? { NextToken: writeToken(call, context.now, last.key) } : {},
  };
}

/** The `count` items with the smallest keys after `after`, in order: one pass, without sorting a long list. */
function smallest<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  after: string | undefined,
  count: number,
): { readonly key: string; readonly item: T }[] {
  const found: { readonly key: string; readonly item: T }[] = [];
  for (const item of items) {
    const key = keyOf(item);
    if (after !== undefined && key <= after) continue;
    const largest = found.at(-1);
    if (found.length === count && largest !== undefined && key >= largest.key) continue;
    let low = 0;
    let high = found.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((found[middle]?.key ?? "") < key) low = middle + 1;
      else high = middle;
    }
    found.splice(low, 0, { key, item });
    if (found.length > count) found.pop();
  }
  return found;
}

const tokenLifetime = 60 * 60 * 1000;

function writeToken(call: string, now: number, key: string): string {
  const content = JSON.stringify([call, now, key]);
  return Buffer.from(`${digest(content)}${content}`).toString("base64url");
}

function readToken<T>(token: unknown, call: string, now: number, options: PageOptions<T>): string {
  const [boundTo, issued, key] = tokenContent(String(token));
  if (
    boundTo === call &&
    typeof issued === "number" &&
    now - issued <= tokenLifetime &&
    typeof key === "string"
  )
    return key;
  throw options.tokenError?.() ?? new ServiceError("ValidationException", "The pagination token is invalid.");
}

function tokenContent(token: string): readonly unknown[] {
  const text = Buffer.from(token, "base64url").toString("utf8");
  const content = text.slice(digestLength);
  if (text.slice(0, digestLength) !== digest(content)) return [];
  const parsed: unknown = JSON.parse(content);
  return Array.isArray(parsed) ? parsed : [];
}

/** What a token is bound to: everything but the token itself and the page size, in one order. */
function parameters(input: Readonly<Record<string, unknown>>): readonly (readonly [string, unknown])[] {
  return Object.entries(input)
    .filter(([name]) => name !== "NextToken" && name !== "MaxResults")
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
}

const digestLength = 16;

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, digestLength);
}
