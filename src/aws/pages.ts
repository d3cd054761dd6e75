import { AwsError } from "../model/errors.ts";
import { foreignHint, malformed, textOrNull } from "./reply-fields.ts";

/**
 * Every item of a List operation. Pages are followed for as long as there is a token, over empty ones too: AWS may
 * answer less than it has. A reply without its list is an error, because nothing is as dangerous here as an empty list
 * that is not one. A list that does not end is an error too.
 */
export const allPages = async <T>(
  action: string,
  fetch: (nextToken: string | undefined) => Promise<Page<T>>,
): Promise<T[]> => {
  const all: T[] = [];
  const tokens = new Set<string>();
  let emptyPages = 0;
  for (let token: string | undefined; ; ) {
    const page = await fetch(token);
    const items = itemsOf(action, page);
    for (const item of items) all.push(item);
    emptyPages = items.length === 0 ? emptyPages + 1 : 0;
    const nextToken = textOrNull(`${action}: NextToken`, page.nextToken);
    if (nextToken === null || nextToken === "") return all;
    if (tokens.has(nextToken)) {
      throw endless(action, `page ${tokens.size + 1} leads to one that was already read`);
    }
    if (emptyPages >= mostEmptyPages)
      throw endless(action, `${emptyPages} pages one after the other are empty`);
    if (tokens.size >= mostPages || all.length > mostItems) {
      throw endless(action, `it has ${all.length} items on ${tokens.size + 1} pages so far`);
    }
    tokens.add(nextToken);
    token = nextToken;
  }
};

/**
 * For operations of sso-admin that leave out a list in which nothing is: of one (PermissionSets of an account that has
 * none) that is known, of its kin (accounts, tags, requests) nobody says. To be sure that it is AWS that left it out,
 * the reply must carry AWS's request id.
 */
export const leftOutWhereEmpty = <T>(
  items: readonly T[] | undefined,
  reply: { readonly $metadata: { readonly requestId?: string | undefined } },
): readonly T[] | undefined => items ?? (reply.$metadata.requestId === undefined ? undefined : []);

export interface Page<T> {
  /** undefined: the reply had none. */
  readonly items: readonly T[] | undefined;
  readonly nextToken: string | undefined;
}

/** The largest quota is 200,000 users, at up to 100 a page. */
const mostItems = 1_000_000;
const mostPages = 50_000;
const mostEmptyPages = 1000;

const itemsOf = <T>(action: string, { items }: Page<T>): readonly T[] => {
  if (items === undefined || items === null) throw malformed(`${action}: the list`, "is missing");
  if (!Array.isArray(items)) throw malformed(`${action}: the list`, "is not a list");
  for (const item of items as readonly unknown[]) {
    if (typeof item !== "string" && (typeof item !== "object" || item === null)) {
      throw malformed(`${action}: an item of the list`, "is neither text nor an object");
    }
  }
  return items;
};

const endless = (action: string, why: string): AwsError =>
  new AwsError("malformed-reply", `${action} does not end: ${why}`, {
    hint: `Run it again. If it stays so: ${foreignHint.charAt(0).toLowerCase()}${foreignHint.slice(1)}`,
  });
