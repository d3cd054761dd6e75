import { createServer, type IncomingMessage, request as httpRequest, type ServerResponse } from "node:http";

/** Stands before a sandbox and holds one write of a client until it is told to let it pass. */
export interface Gate {
  readonly url: string;
  /** Resolves when the write has come. */
  readonly reached: Promise<void>;
  /** How many writes have come. */
  readonly writes: () => number;
  open(): void;
  close(): Promise<void>;
}

/** `holding`: which write is held, from 1. Everything else passes as it is. */
export const startGate = async (sandboxUrl: string, holding: number): Promise<Gate> => {
  const [reached, reach] = event();
  const [opened, open] = event();
  let writes = 0;
  const pass = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (isWrite(request)) {
      writes += 1;
      if (writes === holding) reach();
      // What comes after the one that is held is not let by it.
      if (writes >= holding) await opened;
    }
    const { method, headers } = request;
    const onward = httpRequest(sandboxUrl, { method: method ?? "POST", headers }, (reply) => {
      response.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(response);
    });
    onward.on("error", () => response.destroy());
    request.pipe(onward);
  };
  const server = createServer((request, response) => void pass(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The gate has no port.");
  return {
    url: `http://127.0.0.1:${address.port}`,
    reached,
    writes: () => writes,
    open,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

const event = (): readonly [Promise<void>, () => void] => {
  let happen = (): void => {};
  const happened = new Promise<void>((resolve) => {
    happen = resolve;
  });
  return [happened, () => happen()];
};

const isWrite = ({ headers }: IncomingMessage): boolean =>
  /\.(Create|Delete|Update|Put|Attach|Detach|Provision|Tag|Untag)/.test(
    String(headers["x-amz-target"] ?? ""),
  );
