// The sandbox's HTTP server. It binds 127.0.0.1 and nothing else: it takes any signature, so it must not be reached
// from outside.
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { Engine } from "./engine.ts";
import { createEngine, requestIdOf } from "./engine.ts";
import type { Faults } from "./faults.ts";
import { noFaults, parseFaults } from "./faults.ts";
import { refuseSkewed } from "./clock-skew.ts";
import type { LogEntry } from "./log.ts";
import { openLog } from "./log.ts";
import { ServiceError } from "./service.ts";
import { toServiceError } from "./service-errors.ts";
import { services } from "./services.ts";
import type { SandboxState } from "./state.ts";
import { openState } from "./state-file.ts";
import { SandboxUsageError } from "./usage-error.ts";
import type { Reply } from "./wire.ts";
import { errorReply, isQuery, readBody, readCall, successReply } from "./wire.ts";

export interface SandboxOptions {
  /** 0, the default: any free port. */
  readonly port?: number;
  /** File that keeps the state across restarts; made from the seed when it is not there. */
  readonly state?: string;
  /** What the sandbox starts with: a file, or the state itself (it is copied). Default: defaultSeed(). */
  readonly seed?: SandboxState | string;
  /** real: AWS's rates, and asynchronous work that takes seconds. Default: fast. */
  readonly speed?: "real" | "fast";
  /** As parsed, or as parseFaults reads them. */
  readonly faults?: Faults | string;
  /** File that JSON lines are appended to, or a function that gets the entries. */
  readonly log?: string | ((entry: LogEntry) => void);
  /** Epoch milliseconds. */
  readonly now?: () => number;
}

export interface RunningSandbox {
  /** Such as http://127.0.0.1:40123: the endpoint of every service. */
  readonly url: string;
  readonly port: number;
  /** The live state: for tests to look at. */
  readonly state: SandboxState;
  readonly close: () => Promise<void>;
}

/** Starts a sandbox. Throws SandboxUsageError for a bad seed, state, faults, log file or port. */
export async function startSandbox(options: SandboxOptions = {}): Promise<RunningSandbox> {
  const faults =
    typeof options.faults === "string" ? parseFaults(options.faults) : (options.faults ?? noFaults);
  refuseUnknownOperations(faults);
  const { state, save } = openState({ file: options.state, seed: options.seed });
  const log = openLog(options.log);
  const engine = createEngine({
    state,
    save,
    log,
    faults,
    speed: options.speed ?? "fast",
    now: options.now ?? Date.now,
  });
  const ahead = faults.clockAheadMilliseconds;
  const now = options.now ?? Date.now;
  const server = createHttpServer(engine, ahead === 0 ? null : () => now() + ahead);
  const port = await listen(server, options.port ?? 0);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    state,
    close: async () => {
      await closeServer(server);
      engine.settle();
      log.close();
    },
  };
}

const notHttp = new ServiceError("BadRequestException", "The request is not valid HTTP.");

/** `skewedNow`: the time as AWS has it, where it is to differ from ours; epoch milliseconds. */
function createHttpServer(engine: Engine, skewedNow: (() => number) | null): Server {
  let count = 0;
  const server = createServer((request, response) => {
    count += 1;
    if (skewedNow !== null) response.setHeader("date", new Date(skewedNow()).toUTCString());
    void answer(engine, skewedNow, request, response, requestIdOf(count));
  });
  // A client that keeps its connection must not meet a close on its next request.
  server.keepAliveTimeout = 10 * 60 * 1000;
  server.on("clientError", (_error, socket) => {
    const { body, contentType } = errorReply(notHttp, requestIdOf(0), undefined, false);
    const head = `HTTP/1.1 400 Bad Request\r\ncontent-type: ${contentType}\r\ncontent-length: ${body.length}`;
    socket.end(`${head}\r\nconnection: close\r\n\r\n${body}`);
  });
  return server;
}

async function answer(
  engine: Engine,
  skewedNow: (() => number) | null,
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
): Promise<void> {
  try {
    const call = readCall(request, await readBody(request), services);
    if (skewedNow !== null) refuseSkewed(request, skewedNow());
    const outcome = engine.handle(call, requestId);
    if (outcome.kind === "cut") {
      if (outcome.as !== "hang") request.socket.destroy();
    } else if (outcome.kind === "output")
      send(response, successReply(call, outcome.output, requestId), requestId);
    else {
      const asXml = call.service.targetPrefix === null;
      send(response, errorReply(outcome.error, requestId, call.service.name, asXml), requestId);
    }
  } catch (thrown) {
    const error = toServiceError(thrown, undefined);
    engine.refuse(String(request.headers["x-amz-target"] ?? `${request.method} ${request.url}`), error);
    // What is left of the body is read and dropped, so that the client gets to read the answer.
    request.resume();
    send(response, errorReply(error, requestId, undefined, isQuery(request)), requestId);
  }
}

function send(response: ServerResponse, reply: Reply, requestId: string): void {
  response.writeHead(reply.status, {
    "content-type": reply.contentType,
    "content-length": Buffer.byteLength(reply.body),
    "x-amzn-requestid": requestId,
  });
  response.end(reply.body);
}

function refuseUnknownOperations(faults: Faults): void {
  const pages = faults.failingPages.map(({ operation }) => ({ kind: "page", operation }));
  for (const { kind, operation } of [...faults.rates, ...pages]) {
    if (operation === undefined || services.some((service) => Object.hasOwn(service.operations, operation)))
      continue;
    throw new SandboxUsageError(`Fault "${kind}@${operation}": the sandbox has no operation ${operation}.`);
  }
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const why = error.code === "EADDRINUSE" ? "it is in use" : error.message;
      reject(new SandboxUsageError(`The sandbox can not listen on port ${port}: ${why}.`, { cause: error }));
    });
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : port;
}

async function closeServer(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
