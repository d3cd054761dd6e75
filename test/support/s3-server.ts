import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

/**
 * The part of S3 that a lock needs: PUT, GET, HEAD and DELETE of objects, with If-None-Match and If-Match as S3
 * documents them, its XML errors, and its Date. Each request takes the next fault that is meant for its method.
 */
export interface S3Server {
  readonly url: string;
  /** By bucket/key. */
  readonly objects: Map<string, StoredObject>;
  /** In the order of their arrival. */
  readonly requests: S3Request[];
  /** Faults still to come. */
  readonly faults: Fault[];
  /** Resolves when `count` requests in all have been answered or broken off. */
  readonly answered: (count: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

interface StoredObject {
  readonly body: string;
  readonly etag: string;
}

interface S3Request {
  readonly method: string;
  readonly path: string;
  readonly host: string;
  readonly ifMatch: string | undefined;
  readonly ifNoneMatch: string | undefined;
  /** undefined: broken off, or not answered yet. */
  status?: number;
}

/**
 * error: refused with this code and status, nothing done. lost-reply: done, then the connection breaks. reset: the
 * connection breaks, nothing done. hang: never answered.
 */
export interface Fault {
  readonly method: "GET" | "PUT";
  readonly kind: "error" | "lost-reply" | "reset" | "hang";
  readonly status?: number;
  readonly code?: string;
  readonly message?: string;
}

export interface S3ServerOptions {
  readonly buckets: readonly string[];
  /** Epoch milliseconds; what Date says. */
  readonly now?: () => number;
  /** As stores do that never heard of conditional writes. */
  readonly ignoresConditions?: boolean;
}

export const startS3Server = async (options: S3ServerOptions): Promise<S3Server> => {
  const now = options.now ?? Date.now;
  const objects = new Map<string, StoredObject>();
  const requests: S3Request[] = [];
  const faults: Fault[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  let done = 0;
  const finished = (): void => {
    done += 1;
    for (const { resolve } of waiting.filter(({ count }) => done >= count)) resolve();
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await bodyOf(request);
    const entry = describe(request);
    requests.push(entry);
    response.once("close", finished);
    response.setHeader("Date", new Date(now()).toUTCString());
    const at = faults.findIndex(({ method }) => method === request.method);
    const fault = at < 0 ? undefined : faults.splice(at, 1)[0];
    if (fault?.kind === "hang") return;
    if (fault?.kind === "reset") {
      response.destroy();
      return;
    }
    const reply = fault?.kind === "error" ? refusal(fault) : answer(entry, body, objects, options);
    if (fault?.kind === "lost-reply") {
      response.destroy();
      return;
    }
    entry.status = reply.status;
    send(response, reply, entry.method);
  };
  const server = createServer((request, response) => {
    void handle(request, response);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    objects,
    requests,
    faults,
    answered: (count) =>
      new Promise((resolve) => {
        waiting.push({ count, resolve });
        if (done >= count) resolve();
      }),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
};

interface Reply {
  readonly status: number;
  readonly body?: string;
  readonly etag?: string;
}

const answer = (
  { method, path, ifMatch, ifNoneMatch }: S3Request,
  body: string,
  objects: Map<string, StoredObject>,
  { buckets, ignoresConditions = false }: S3ServerOptions,
): Reply => {
  const [bucket = ""] = path.split("/");
  if (!buckets.includes(bucket)) return error(404, "NoSuchBucket", "The specified bucket does not exist");
  const there = objects.get(path);
  const unmet = ignoresConditions ? null : unmetCondition(there, { ifMatch, ifNoneMatch });
  switch (method) {
    case "PUT": {
      if (unmet !== null) return unmet;
      const etag = `"${createHash("md5").update(body).digest("hex")}"`;
      objects.set(path, { body, etag });
      return { status: 200, etag };
    }
    case "GET":
    case "HEAD":
      return there === undefined ? noSuchKey : { status: 200, body: there.body, etag: there.etag };
    case "DELETE":
      if (unmet !== null) return unmet;
      objects.delete(path);
      return { status: 204 };
    default:
      return error(405, "MethodNotAllowed", "The specified method is not allowed against this resource.");
  }
};

const unmetCondition = (
  there: StoredObject | undefined,
  { ifMatch, ifNoneMatch }: Pick<S3Request, "ifMatch" | "ifNoneMatch">,
): Reply | null => {
  if (ifNoneMatch !== undefined) {
    if (ifNoneMatch !== "*") return error(501, "NotImplemented", "A header you provided is not implemented");
    return there === undefined ? null : preconditionFailed;
  }
  if (ifMatch === undefined) return null;
  if (there === undefined) return noSuchKey;
  return ifMatch === there.etag || ifMatch === "*" ? null : preconditionFailed;
};

const error = (status: number, code: string, message: string): Reply => ({
  status,
  body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message><RequestId>TEST</RequestId><HostId>test</HostId></Error>`,
});

const noSuchKey = error(404, "NoSuchKey", "The specified key does not exist.");

const preconditionFailed = error(
  412,
  "PreconditionFailed",
  "At least one of the pre-conditions you specified did not hold",
);

const refusal = ({
  status = 503,
  code = "ServiceUnavailable",
  message = "Please try again.",
}: Fault): Reply => error(status, code, message);

const describe = (request: IncomingMessage): S3Request => {
  const { pathname } = new URL(request.url ?? "/", "http://localhost");
  return {
    method: request.method ?? "",
    path: decodeURIComponent(pathname).slice(1),
    host: request.headers.host ?? "",
    ifMatch: request.headers["if-match"],
    ifNoneMatch: request.headers["if-none-match"],
  };
};

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  let body = "";
  for await (const chunk of request.setEncoding("utf8")) body += String(chunk);
  return body;
};

const send = (response: ServerResponse, { status, body = "", etag }: Reply, method: string): void => {
  response.statusCode = status;
  if (etag !== undefined) response.setHeader("ETag", etag);
  if (status >= 400) response.setHeader("Content-Type", "application/xml");
  response.setHeader("Content-Length", Buffer.byteLength(body));
  response.end(method === "HEAD" ? undefined : body);
};
