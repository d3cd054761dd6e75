import { createHash } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";

export interface ForgeCall {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Record<string, unknown>;
}

export interface ForgeAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON, or text as it is. */
  readonly body?: unknown;
}

/** cut: the connection ends without a reply. lost: it ends so after the request was carried out. hang: nothing comes. */
export type Fault = ForgeAnswer | "cut" | "lost" | "hang";

export interface ForgeServer {
  readonly url: string;
  /** All that came in, such as "PATCH /repos/acme/access/issues/comments/1". */
  readonly log: string[];
  /** Looked at before each request; the first fault that is not null is what the request meets. */
  readonly faults: ((call: ForgeCall) => Fault | null | Promise<null>)[];
  close(): Promise<void>;
}

/** A loopback server for one forge's API: JSON in and out, ETags on GET, and whatever faults a test wants. */
export const startForgeServer = async (
  handle: (call: ForgeCall, url: string) => ForgeAnswer,
): Promise<ForgeServer> => {
  const log: string[] = [];
  const faults: ForgeServer["faults"] = [];
  let url = "";
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const call = await readCall(request);
    log.push(`${call.method} ${call.path}`);
    let fault: Fault | null = null;
    for (const each of faults) fault ??= await each(call);
    if (fault === "hang") return;
    if (fault === "cut") {
      request.socket.destroy();
      return;
    }
    const answer = fault === null || fault === "lost" ? handle(call, url) : fault;
    if (fault === "lost") {
      request.socket.destroy();
      return;
    }
    send(call, answer, response);
  };
  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  url = `http://127.0.0.1:${address.port}`;
  return {
    url,
    log,
    faults,
    close: async () => {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
};

/** One page of a list, with the Link header that both forges send. */
export const page = (items: readonly unknown[], call: ForgeCall, url: string): ForgeAnswer => {
  const size = Math.min(100, Number(call.query.get("per_page") ?? 30));
  const at = Number(call.query.get("page") ?? 1);
  const last = Math.max(1, Math.ceil(items.length / size));
  const link = (number: number, rel: string): string => {
    const query = new URLSearchParams(call.query);
    query.set("page", String(number));
    return `<${url}${call.path}?${query.toString()}>; rel="${rel}"`;
  };
  const links = [...(at < last ? [link(at + 1, "next")] : []), link(last, "last"), link(1, "first")];
  return {
    status: 200,
    headers: last > 1 ? { link: links.join(", ") } : {},
    body: items.slice((at - 1) * size, at * size),
  };
};

const readCall = async (request: IncomingMessage): Promise<ForgeCall> => {
  let text = "";
  request.setEncoding("utf8");
  for await (const chunk of request) text += String(chunk);
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://127.0.0.1");
  return {
    method: request.method ?? "",
    path: pathname,
    query: searchParams,
    headers: request.headers,
    body: text === "" ? {} : (JSON.parse(text) as Record<string, unknown>),
  };
};

const send = (call: ForgeCall, answer: ForgeAnswer, response: ServerResponse): void => {
  const { status, headers = {}, body } = answer;
  const text = body === undefined ? "" : typeof body === "string" ? body : JSON.stringify(body);
  const etag = `W/"${createHash("sha256").update(text).digest("hex").slice(0, 16)}"`;
  if (call.method === "GET" && status === 200 && call.headers["if-none-match"] === etag) {
    response.writeHead(304, { etag }).end();
    return;
  }
  const type = typeof body === "string" ? "text/html" : "application/json";
  response
    .writeHead(status, { "content-type": type, ...(status === 200 ? { etag } : {}), ...headers })
    .end(text);
};
