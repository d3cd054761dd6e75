import { AwsError } from "../model/errors.ts";

/**
 * Every item of a List operation. Pages are followed for as long as there is a token, over empty ones too: AWS may
 * answer less than it has. `items` of undefined means that the reply had no list; with `required` that is an error,
 * because nothing is as dangerous here as an empty list that is not one.
 */
export const allPages = async <T>(
  action: string,
  fetch: (nextToken: string | undefined) => Promise<Page<T>>,
  options: { readonly required?: boolean } = {},
): Promise<T[]> => {
  const all: T[] = [];
  const tokens = new Set<string>();
  for (let token: string | undefined; ; ) {
    const { items, nextToken } = await fetch(token);
    if (items === undefined && options.required === true) throw withoutList(action);
    for (const item of items ?? []) all.push(item);
    if (nextToken === undefined || nextToken === "") return all;
    if (tokens.has(nextToken) || tokens.size >= mostPages) throw endless(action, tokens.size + 1);
    tokens.add(nextToken);
    token = nextToken;
  }
};

export interface Page<T> {
  readonly items: readonly T[] | undefined;
  readonly nextToken: string | undefined;
}

/** The largest quota is 200,000 users; a service that answers in pages of one still ends before this. */
const mostPages = 250_000;

const endless = (action: string, pages: number): AwsError =>
  new AwsError(
    "malformed-reply",
    `${action} does not end: page ${pages} leads to one that was already read`,
    {
      hint: "Run it again; if it stays so, look at what answers instead of AWS (a proxy, AWS_ENDPOINT_URL)",
    },
  );

const withoutList = (action: string): AwsError =>
  new AwsError("malformed-reply", `${action} answered without the list that belongs into its reply`, {
    hint: "Look at what answers instead of AWS (a proxy, AWS_ENDPOINT_URL)",
  });
