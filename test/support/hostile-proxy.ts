import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

/** A reply that no AWS would give; what is left out is as AWS has it. */
export interface HostileReply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
  /** After the body neither more nor an end comes. */
  readonly stalls?: true;
}

export interface Call {
  /** ListUsers; those of STS, which speaks otherwise, are "". */
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** What the sandbox answers to it. */
  forward(): Promise<Record<string, unknown>>;
}

export interface HostileProxy {
  readonly url: string;
  /** Operations that came, in their order. */
  readonly calls: readonly string[];
  close(): Promise<void>;
}

/**
 * Stands between the product and a sandbox, as a proxy, a sign-in page or a broken service would. `answer` gives what
 * is answered instead; null lets the call through.
 */
export const startHostileProxy = async (
  sandboxUrl: string,
  answer: (call: Call) => HostileReply | null | Promise<HostileReply | null>,
): Promise<HostileProxy> => {
  const calls: string[] = [];
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const target = String(request.headers["x-amz-target"] ?? "");
    const contentType = String(request.headers["content-type"]);
    const operation = target.split(".").at(-1) ?? "";
    calls.push(operation);
    const forward = () =>
      fetch(sandboxUrl, {
        method: "POST",
        headers: {
          "content-type": contentType,
          authorization: String(request.headers.authorization),
          ...(target === "" ? {} : { "x-amz-target": target }),
        },
        body,
      });
    const hostile = await answer({
      operation,
      input: target === "" ? {} : (JSON.parse(body.toString("utf8")) as Record<string, unknown>),
      forward: async () => (await (await forward()).json()) as Record<string, unknown>,
    });
    if (hostile === null) {
      const reply = await forward();
      response.writeHead(reply.status, { "content-type": reply.headers.get("content-type") ?? contentType });
      response.end(Buffer.from(await reply.arrayBuffer()));
      return;
    }
    response.writeHead(hostile.status ?? 200, { "content-type": contentType, ...hostile.headers });
    if (hostile.stalls === true) response.write(hostile.body);
    else response.end(hostile.body);
  };
  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The proxy has no port.");
  return {
    url: `http://127.0.0.1:${address.port}`,
    calls,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
