import { createServer } from "node:http";

export type Claims = Readonly<Record<string, string>>;

/**
 * Gives OpenID Connect tokens as GitHub does: to whoever bears the secret of a job, with what is true of that job. No
 * token is like another. They are not signed.
 */
export interface IdTokens {
  /** The variables of a job that may ask, and asks for these claims. */
  variablesOf(claims: Claims): Readonly<Record<string, string>>;
  /** The statuses of the next answers, one each; a token after them. */
  readonly statuses: number[];
  /** After so many more tokens there is none any more (403); resolves with the first that is refused. */
  refuse(after: number): Promise<void>;
  readonly given: string[];
  close(): Promise<void>;
}

export const startIdTokens = async (): Promise<IdTokens> => {
  const jobs = new Map<string, Claims>();
  const statuses: number[] = [];
  const given: string[] = [];
  let left = Number.POSITIVE_INFINITY;
  let onRefusal = (): void => {};
  const server = createServer((request, response) => {
    const claims = jobs.get(request.headers.authorization?.replace(/^bearer /, "") ?? "");
    const status = claims === undefined ? 401 : (statuses.shift() ?? (left > 0 ? 200 : 403));
    if (claims === undefined || status !== 200) {
      response.writeHead(status).end("no token");
      if (left === 0) onRefusal();
      return;
    }
    left -= 1;
    const { searchParams } = new URL(request.url ?? "/", "http://127.0.0.1");
    const token = encode({
      ...claims,
      aud: searchParams.get("audience") ?? "",
      jti: String(given.length + 1),
    });
    given.push(token);
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ count: token.length, value: token }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    variablesOf: (claims) => {
      const bearer = `bearer-of-job-${jobs.size + 1}`;
      jobs.set(bearer, claims);
      return {
        ACTIONS_ID_TOKEN_REQUEST_URL: `http://127.0.0.1:${address.port}/token?api-version=2.0`,
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer,
      };
    },
    statuses,
    refuse: (after) => {
      left = after;
      return new Promise((resolve) => {
        onRefusal = resolve;
      });
    },
    given,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

const encode = (claims: Claims): string =>
  `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.signature`;

/** The claims of a token that was given here. */
export const claimsOf = (token: string): Claims =>
  JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as Claims;
