import { ForgeError } from "./errors.ts";
import { createExchange, type ExchangeOptions, type ForgeReply } from "./exchange.ts";
import { nextLink } from "./next-link.ts";
import { replyError } from "./reply-error.ts";
import type { Secret } from "./secret.ts";

/** A forge's JSON API. Rejects with ForgeError, whose text holds neither the token nor more than a line of the reply. */
export interface ForgeHttp {
  /** Conditional: what has been read before and has not changed since costs no rate limit. */
  get(path: string): Promise<unknown>;
  /** Every item of a list, page by page. */
  list(path: string): Promise<readonly unknown[]>;
  send(method: "POST" | "PATCH" | "PUT" | "DELETE", path: string, body?: unknown): Promise<unknown>;
  /** A POST that only asks, such as a GraphQL query. `url` must be of the same host. */
  ask(url: string, body: unknown): Promise<unknown>;
}

export interface ForgeHttpOptions extends ExchangeOptions {
  /** Such as https://api.github.com. */
  readonly baseUrl: string;
  readonly token: Secret;
  readonly headers: Readonly<Record<string, string>>;
}

export const createForgeHttp = (options: ForgeHttpOptions): ForgeHttp => {
  const { baseUrl, token, service } = options;
  const exchange = createExchange(options);
  const read = new Map<string, ForgeReply>();
  const headers = {
    "user-agent": "identity-center-reconciler",
    ...options.headers,
    // GitLab takes its access tokens this way too.
    authorization: `Bearer ${token.reveal()}`,
  };

  const call = async (request: Call): Promise<ForgeReply> => {
    const { method, url, body, etag, repeatable } = request;
    const reply = await exchange({
      method,
      url,
      headers: {
        ...headers,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(etag === undefined ? {} : { "if-none-match": etag }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      repeatable,
    });
    if (reply.status === 304 && etag !== undefined) return reply;
    if (reply.status < 200 || reply.status > 299) throw replyError(reply, request, options);
    return reply;
  };

  const getReply = async (url: string): Promise<ForgeReply> => {
    const known = read.get(url);
    const etag = known?.headers.get("etag") ?? undefined;
    const reply = await call({
      method: "GET",
      url,
      repeatable: true,
      ...(etag === undefined ? {} : { etag }),
    });
    if (reply.status === 304 && known !== undefined) return known;
    if (reply.headers.has("etag")) read.set(url, reply);
    return reply;
  };

  return {
    get: async (path) => json(await getReply(baseUrl + path), service),
    list: async (path) => {
      const items: unknown[] = [];
      const seen = new Set<string>();
      for (let url: string | null = baseUrl + path; url !== null; ) {
        seen.add(url);
        const reply = await getReply(url);
        const page = json(reply, service);
        if (!Array.isArray(page))
          throw badReply(service, "something that is no list, where a list was asked for");
        items.push(...(page as unknown[]));
        url = nextLink(reply.headers.get("link"), { url, baseUrl, service });
        if (url !== null && seen.has(url)) throw badReply(service, "a list whose pages go round in a circle");
        if (seen.size >= mostPages) throw badReply(service, `a list of more than ${mostPages} pages`);
      }
      return items;
    },
    send: async (method, path, body) => {
      const reply = await call({ method, url: baseUrl + path, body, repeatable: method !== "POST" });
      return reply.text === "" ? null : json(reply, service);
    },
    ask: async (url, body) => {
      if (new URL(url).origin !== new URL(baseUrl).origin)
        throw new TypeError("The token is for another host.");
      return json(await call({ method: "POST", url, body, repeatable: true }), service);
    },
  };
};

interface Call {
  readonly method: string;
  readonly url: string;
  readonly body?: unknown;
  readonly etag?: string;
  readonly repeatable: boolean;
}

const mostPages = 300;

const json = (reply: ForgeReply, service: string): unknown => {
  try {
    return JSON.parse(reply.text) as unknown;
  } catch {
    const kind = /^\s*</.test(reply.text) ? "a web page" : "text";
    throw badReply(service, `${kind} where JSON was expected`);
  }
};

export const badReply = (service: string, what: string): ForgeError =>
  new ForgeError("bad-reply", `${service} answered with ${what}`, {
    hint: "Look whether the API URL is right, and whether a proxy or a sign-in page stands before it",
  });
