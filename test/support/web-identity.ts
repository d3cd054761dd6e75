import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

export interface SignIn {
  readonly token: string;
  readonly roleArn: string;
  readonly sessionName: string;
}

/**
 * Stands before a sandbox as AWS's STS does: takes an OpenID Connect token for a role, and gives keys whose id ends with
 * the role's name and a number of their own. Everything else goes to the sandbox, but only if such a key has signed it.
 */
export interface WebIdentity {
  readonly url: string;
  readonly signIns: SignIn[];
  /** Seconds for which the next keys are good, one each; a long time for those after them. */
  readonly lifetimes: number[];
  /** Resolves when somebody has signed in so many times. */
  signedIn(times: number): Promise<void>;
  /** Requests for this operation wait. */
  hold: { readonly operation: string; readonly until: Promise<void> } | null;
  close(): Promise<void>;
}

export const startWebIdentity = async (
  sandboxUrl: string,
  mayAssume: (signIn: SignIn) => boolean,
): Promise<WebIdentity> => {
  const signIns: SignIn[] = [];
  const lifetimes: number[] = [];
  const waiting = new Set<() => void>();
  const signedIn = async (times: number): Promise<void> => {
    while (signIns.length < times) await new Promise<void>((resolve) => waiting.add(resolve));
  };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const form = new URLSearchParams(body.toString());
    if (form.get("Action") === "AssumeRoleWithWebIdentity") {
      const signIn = {
        token: form.get("WebIdentityToken") ?? "",
        roleArn: form.get("RoleArn") ?? "",
        sessionName: form.get("RoleSessionName") ?? "",
      };
      signIns.push(signIn);
      for (const go of waiting) go();
      const allowed = mayAssume(signIn);
      response.writeHead(allowed ? 200 : 403, { "content-type": "text/xml" });
      const seconds = lifetimes.shift();
      const until =
        seconds === undefined ? "2099-01-01T00:00:00Z" : new Date(Date.now() + 1000 * seconds).toISOString();
      response.end(allowed ? credentials(signIn, signIns.length, until) : denied);
      return;
    }
    if (!/Credential=ASIA-reconcile-/.test(String(request.headers.authorization))) {
      response.writeHead(403, { "content-type": "text/plain" }).end("not signed in");
      return;
    }
    if (String(request.headers["x-amz-target"]).endsWith(`.${identity.hold?.operation}`))
      await identity.hold?.until;
    const kept = ["content-type", "authorization", "x-amz-target"] as const;
    const headers = Object.fromEntries(
      kept.flatMap((name) =>
        request.headers[name] === undefined ? [] : [[name, String(request.headers[name])]],
      ),
    );
    const reply = await fetch(sandboxUrl + (request.url ?? "/"), { method: "POST", headers, body });
    response.writeHead(reply.status, { "content-type": reply.headers.get("content-type") ?? "text/xml" });
    response.end(Buffer.from(await reply.arrayBuffer()));
  };
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const identity: WebIdentity = {
    url: `http://127.0.0.1:${address.port}`,
    signIns,
    lifetimes,
    signedIn,
    hold: null,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return identity;
};

const credentials = ({ roleArn, sessionName }: SignIn, number: number, until: string): string =>
  `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult>
<Credentials><AccessKeyId>ASIA-${roleArn.split("/").at(-1) ?? ""}-${number}</AccessKeyId>
<SecretAccessKey>secret-of-a-role</SecretAccessKey><SessionToken>session-of-a-role</SessionToken>
<Expiration>${until}</Expiration></Credentials>
<AssumedRoleUser><Arn>${roleArn}/${sessionName}</Arn><AssumedRoleId>AROA:${sessionName}</AssumedRoleId></AssumedRoleUser>
</AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`;

const denied = `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>
<Code>AccessDenied</Code><Message>Not authorized to perform sts:AssumeRoleWithWebIdentity</Message></Error>
<RequestId>r-1</RequestId></ErrorResponse>`;
