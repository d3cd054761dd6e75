import { createServer, type IncomingHttpHeaders } from "node:http";
import { vi } from "vitest";
import type { AwsClock } from "../../../../src/aws/clients.ts";

export interface SeenRequest {
  /** Such as ListUsers. */
  readonly operation: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly body: Record<string, unknown>;
}

/** What to answer: a body, an error, raw text, a cut connection, or nothing at all. */
export type Answer =
  | Record<string, unknown>
  | { readonly error: string; readonly status?: number; readonly fields?: Record<string, unknown> }
  | { readonly raw: string; readonly status?: number }
  | "cut"
  | "silent";

/** A tiny server that speaks the protocol of the SDK, and answers what a test tells it to. */
export const startStub = async (answer: (request: SeenRequest, index: number) => Answer) => {
  const requests: SeenRequest[] = [];
  const server = createServer((request, response) => {
    let text = "";
    request.setEncoding("utf8");
    request.on("data", (chunk: string) => {
      text += chunk;
    });
    request.on("end", () => {
      const operation = String(request.headers["x-amz-target"]).split(".")[1] ?? "";
      const seen = {
        operation,
        headers: request.headers,
        text,
        body: JSON.parse(text) as Record<string, unknown>,
      };
      const said = answer(seen, requests.length);
      requests.push(seen);
      if (said === "silent") return;
      if (said === "cut") {
        request.socket.destroy();
      } else if ("raw" in said) {
        response.writeHead(typeof said.status === "number" ? said.status : 200).end(said.raw);
      } else if (typeof said.error === "string") {
        response.writeHead(typeof said.status === "number" ? said.status : 400, {
          "x-amzn-requestid": "request-1",
        });
        response.end(
          JSON.stringify({ __type: said.error, Message: "no", ...(said.fields as object | undefined) }),
        );
      } else {
        response.writeHead(200, { "x-amzn-requestid": "request-1" }).end(JSON.stringify(said));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    close: async () => {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
};

/** The environment in which the SDK finds `url`, and nothing of the machine that runs the tests. */
export const useEndpoint = (url: string): void => {
  for (const name of Object.keys(process.env)) if (name.startsWith("AWS_")) vi.stubEnv(name, undefined);
  vi.stubEnv("AWS_ENDPOINT_URL", url);
  vi.stubEnv("AWS_REGION", "us-east-1");
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
  vi.stubEnv("AWS_CONFIG_FILE", "/nonexistent/config");
  vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent/credentials");
  vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
};

/** A clock that jumps over every wait, so that rates are kept and nobody waits for them. */
const impatientClock = (): AwsClock => {
  let jumped = 0;
  return {
    now: () => Date.now() + jumped,
    sleep: async (milliseconds) => {
      jumped += milliseconds;
    },
    random: () => 0,
  };
};

export const fast = { rps: 100_000, clock: impatientClock() };

export const instance = {
  instanceArn: "arn:aws:sso:::instance/ssoins-1234567890abcdef",
  identityStoreId: "d-1234567890",
  ownerAccountId: "999999999999",
  name: null,
  region: "us-east-1",
};

export const setArn = "arn:aws:sso:::permissionSet/ssoins-1234567890abcdef/ps-1234567890abcdef";
