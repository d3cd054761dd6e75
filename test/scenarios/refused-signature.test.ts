/** AWS shows what was signed when it refuses a signature: the session token is in it, and goes nowhere. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { type HostileProxy, startHostileProxy } from "../support/hostile-proxy.ts";
import { runInProcess } from "../support/in-process.ts";
import { createWorld, type World } from "../support/world.ts";

let world: World;
let proxy: HostileProxy;
afterEach(async () => {
  await proxy.close();
  await world.close();
});

const token = `IQoJb3JpZ2luX2VjEJr${"Ab1+/cD2".repeat(40)}==`;
const Message = `The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.

The Canonical String for this request should have been
'POST
/

host:identitystore.us-east-1.amazonaws.com
x-amz-security-token:${token}
'`;

/** Every file that the run has left. */
const filesIn = async (folder: string): Promise<string[]> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return await Promise.all(files.map(({ parentPath, name }) => readFile(join(parentPath, name), "utf8")));
};

it.each(["CreateGroup", "ListGroups"])("in the answer to %s", async (operation) => {
  world = await createWorld();
  await world.write("access.yaml", { version: 1, groups: { Readers: {} } });
  proxy = await startHostileProxy(world.sandbox.url, (call) =>
    call.operation === operation
      ? { status: 403, body: JSON.stringify({ __type: "InvalidSignatureException", Message }) }
      : null,
  );
  const formats = ["--format", "text", "--format", "json=result.json", "--format", "markdown=result.md"];
  const run = await runInProcess(["apply", "--auto-approve", "--rps", "1000", ...formats], {
    cwd: world.folder,
    url: proxy.url,
    env: { AWS_SESSION_TOKEN: token },
    longestSleep: 20,
  });
  expect(run.exitCode).not.toBe(0);
  const all = [run.stdout, run.stderr, ...(await filesIn(world.folder))].join("\n");
  expect(all).toContain("AWS refuses the signature of the call");
  expect(all).toContain("Check that AWS_SECRET_ACCESS_KEY");
  expect(all).not.toContain(token.slice(0, 24));
  expect(all).not.toContain("Canonical String");
});
