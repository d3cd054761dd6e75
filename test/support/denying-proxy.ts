import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

export interface DenyingProxy {
  readonly url: string;
  close(): Promise<void>;
}

/** Stands before a sandbox as a role would that lacks the permission for one operation: `ListUsers`. */
export const startDenyingProxy = async (
  sandboxUrl: string,
  operation: string,
  about: string,
): Promise<DenyingProxy> => {
  const server = createServer((request, response) => void answer(request, response));
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const target = String(request.headers["x-amz-target"] ?? "");
    const contentType = String(request.headers["content-type"]);
    if (target.endsWith(`.${operation}`) && Buffer.concat(chunks).includes(about)) {
      response.writeHead(400, { "content-type": contentType });
      response.end(JSON.stringify({ __type: "AccessDeniedException", Message: "No policy allows it" }));
      return;
    }
    const reply = await fetch(sandboxUrl, {
      method: "POST",
      headers: {
        "content-type": contentType,
        ...(request.headers.authorization === undefined
          ? {}
          : { authorization: request.headers.authorization }),
        ...(target === "" ? {} : { "x-amz-target": target }),
      },
      body: Buffer.concat(chunks),
    });
    response.writeHead(reply.status, { "content-type": reply.headers.get("content-type") ?? contentType });
    response.end(Buffer.from(await reply.arrayBuffer()));
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The proxy has no port.");
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
