// The two protocols on the wire: AWS JSON 1.1, told apart by X-Amz-Target, and STS's query protocol. Whatever
// comes in, the answer has AWS's shape; nothing is ever answered as HTML.
import type { IncomingMessage } from "node:http";
import type { Service } from "./service.ts";
import { ServiceError } from "./service.ts";

/** A request that names an operation which the sandbox serves. */
export interface WireCall {
  readonly service: Service;
  readonly operation: string;
  readonly body: string;
  readonly region: string;
  /** Of whoever signed it. */
  readonly accessKeyId: string;
  readonly attempt: number;
}

export interface Reply {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

const maximumBodyBytes = 1024 * 1024;

/** Reads the body; refuses one of more than 1 MiB. */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Leaving the loop early must not destroy the socket: the answer goes over it.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maximumBodyBytes) {
      throw new ServiceError("RequestEntityTooLargeException", "The request is larger than 1 MiB.", 413);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Finds the operation that a request asks for, or throws what AWS answers. */
export function readCall(request: IncomingMessage, body: string, services: readonly Service[]): WireCall {
  refuseForeignHost(request.headers.host ?? "");
  const target = header(request, "x-amz-target");
  const { service, operation } =
    target === undefined && isQuery(request)
      ? { service: queryService(services), operation: new URLSearchParams(body).get("Action") ?? "" }
      : jsonTarget(services, target);
  const signature = readSignature(request.headers.authorization);
  if (!service || !Object.hasOwn(service.operations, operation))
    throw unknownOperation(target ?? operation, request);
  return { service, operation, body, ...signature, attempt: readAttempt(request) };
}

/** The input of a call, not yet validated. */
export function readInput(call: WireCall): unknown {
  if (call.service.targetPrefix === null) {
    const {
      Action: _action,
      Version: _version,
      ...input
    } = Object.fromEntries(new URLSearchParams(call.body));
    return input;
  }
  try {
    return JSON.parse(call.body === "" ? "{}" : call.body);
  } catch {
    throw new ServiceError("SerializationException", "The request is not valid JSON.");
  }
}

export function isQuery(request: IncomingMessage): boolean {
  return (request.headers["content-type"] ?? "").startsWith("application/x-www-form-urlencoded");
}

export function successReply(
  call: WireCall,
  output: Readonly<Record<string, unknown>>,
  requestId: string,
): Reply {
  if (call.service.targetPrefix !== null) return jsonReply(200, output);
  const name = call.operation;
  return xmlReply(
    200,
    `<${name}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${name}Result>${xmlMembers(output)}` +
      `</${name}Result><ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${name}Response>`,
  );
}

export function errorReply(
  error: ServiceError,
  requestId: string,
  service: Service["name"] | undefined,
  asXml: boolean,
): Reply {
  if (asXml) {
    const type = error.status >= 500 ? "Receiver" : "Sender";
    return xmlReply(
      error.status,
      `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error>` +
        `${xmlMembers({ Type: type, Code: error.code, Message: error.message })}</Error>` +
        `<RequestId>${requestId}</RequestId></ErrorResponse>`,
    );
  }
  return jsonReply(error.status, {
    __type: error.code,
    Message: error.message,
    ...(service === "identitystore" ? { RequestId: requestId } : {}),
    ...error.extra,
  });
}

function jsonReply(status: number, body: unknown): Reply {
  return { status, contentType: "application/x-amz-json-1.1", body: JSON.stringify(body) };
}

function xmlReply(status: number, body: string): Reply {
  return { status, contentType: "text/xml", body };
}

function xmlMembers(members: Readonly<Record<string, unknown>>): string {
  return Object.entries(members)
    .map(([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`)
    .join("");
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** A page in a browser could reach a loopback port under a host name of its own; it gets nothing here. */
function refuseForeignHost(host: string): void {
  const name = host.replace(/:\d+$/, "").toLowerCase();
  if (["127.0.0.1", "localhost", "[::1]"].includes(name) || name.endsWith(".localhost")) return;
  throw new ServiceError(
    "AccessDeniedException",
    `The sandbox answers on loopback names only, not "${host}".`,
    403,
  );
}

function jsonTarget(
  services: readonly Service[],
  target: string | undefined,
): { readonly service: Service | undefined; readonly operation: string } {
  // Some clients put the whole namespace of the service before it (com.amazonaws.cloudtrail.v20131101.…).
  const [operation = "", prefix = ""] = (target ?? "").split(".").reverse();
  return { service: services.find((service) => service.targetPrefix === prefix && prefix !== ""), operation };
}

function queryService(services: readonly Service[]): Service | undefined {
  return services.find((service) => service.targetPrefix === null);
}

function unknownOperation(name: string, request: IncomingMessage): ServiceError {
  if (isQuery(request)) {
    return new ServiceError("InvalidAction", `Could not find operation ${name} for version 2011-06-15`);
  }
  const what = name === "" ? "The request names no operation." : `The operation ${name} is not known.`;
  return new ServiceError("UnknownOperationException", what);
}

/** Only the presence and form of the signature count: the sandbox knows no secret keys. */
function readSignature(authorization: string | undefined): Pick<WireCall, "region" | "accessKeyId"> {
  if (authorization === undefined) {
    throw new ServiceError("MissingAuthenticationTokenException", "Missing Authentication Token", 403);
  }
  const [, accessKeyId, region] =
    /^AWS4-HMAC-SHA256 Credential=([^/,]+)\/\d{8}\/([a-z0-9-]+)\/[a-z0-9-]+\/aws4_request,/.exec(
      authorization,
    ) ?? [];
  if (accessKeyId !== undefined && region !== undefined) return { accessKeyId, region };
  throw new ServiceError(
    "IncompleteSignatureException",
    "The Authorization header is not a SigV4 signature.",
    403,
  );
}

function readAttempt(request: IncomingMessage): number {
  const [, attempt = "1"] = /attempt=(\d+)/.exec(header(request, "amz-sdk-request") ?? "") ?? [];
  return Number(attempt);
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
