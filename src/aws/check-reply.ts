import { Readable } from "node:stream";

export interface ReplyLimits {
  /** Milliseconds from the first byte of an answer to its last. */
  readonly answerTimeout: number;
}

/**
 * Middleware, next to the network: reads the answer whole and lets only one pass that AWS may have given. A sign-in
 * page, the error page of a proxy, a redirect or an empty body would otherwise be an answer in which nothing is
 * listed; one that never ends would never be given up. What is refused is thrown as ForeignReply. `form`: how the service speaks.
 */
export const checkReply =
  (form: "json" | "xml", limits: ReplyLimits) =>
  <Args, Result extends { readonly response: unknown }>(next: (args: Args) => Promise<Result>) =>
  async (args: Args): Promise<Result> => {
    const result = await next(args);
    const { response } = result;
    if (!isResponse(response)) return result;
    const { statusCode: status, headers, body } = response;
    if (!(body instanceof Readable)) return result;
    if (status >= 300 && status < 400) {
      body.destroy();
      throw new ForeignReply(status, `a redirect to ${headers.location ?? "nowhere"}`);
    }
    const bytes = await readWhole(body, status, limits);
    const problem = form === "json" ? problemOfJson(bytes, status, headers) : problemOfXml(bytes);
    if (problem !== null) throw new ForeignReply(status, problem);
    response.body = bytes;
    return result;
  };

/** Innermost, before anything reads the body. */
export const checkReplyPlace = { step: "deserialize", priority: "low", name: "checkReply" } as const;

/** An answer that is none of AWS. By its status the SDK knows which are worth another attempt: 429, 500, 502 to 504. */
export class ForeignReply extends Error {
  readonly $metadata: { readonly httpStatusCode: number };
  constructor(status: number, what: string) {
    super(`HTTP ${status} with ${what}`);
    this.name = "ForeignReply";
    this.$metadata = { httpStatusCode: status };
  }
}

interface Response {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  body: Readable | Uint8Array;
}

const isResponse = (value: unknown): value is Response =>
  typeof value === "object" && value !== null && "statusCode" in value && "body" in value;

/** The largest page of AWS has a hundredth of this. */
const mostBytes = 32 * 1024 * 1024;

const readWhole = async (body: Readable, status: number, { answerTimeout }: ReplyLimits): Promise<Buffer> => {
  const deadline = AbortSignal.timeout(answerTimeout);
  const late = (): void => {
    body.destroy(
      Object.assign(new Error(`The answer did not end within ${answerTimeout} ms`), {
        name: "TimeoutError",
        code: "ETIMEDOUT",
      }),
    );
  };
  deadline.addEventListener("abort", late);
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > mostBytes) throw new ForeignReply(status, `more than ${mostBytes} bytes`);
      chunks.push(chunk);
    }
  } finally {
    deadline.removeEventListener("abort", late);
  }
  return Buffer.concat(chunks);
};

const problemOfJson = (bytes: Buffer, status: number, headers: Response["headers"]): string | null => {
  if (bytes.length === 0) return "nothing in it";
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString("utf8"));
  } catch {
    return /html/i.test(headers["content-type"] ?? "") ? "a page of HTML" : "something that is not JSON";
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "JSON that is no object";
  if (isDeeperThan(value, mostLevels)) return `JSON of more than ${mostLevels} levels`;
  const saysWhy = "__type" in value || "code" in value || headers["x-amzn-errortype"] !== undefined;
  return status >= 300 && !saysWhy ? "an error that has no name" : null;
};

const mostLevels = 64;

const isDeeperThan = (value: unknown, levels: number): boolean =>
  typeof value === "object" &&
  value !== null &&
  (levels === 0 || Object.values(value).some((item) => isDeeperThan(item, levels - 1)));

const problemOfXml = (bytes: Buffer): string | null =>
  /<(?:[A-Za-z]+Response|Error)[\s>]/.test(bytes.toString("utf8")) ? null : "something that is not AWS's XML";
