/**
 * drift on a schedule: an issue is opened once, left alone while the drift is the same, and closed when it is gone; a
 * webhook is told as long as there is something to tell.
 */
import { createServer, type Server } from "node:http";
import { afterEach, beforeEach, expect, it } from "vitest";
import { administrator, createDriftWorld, type DriftWorld } from "../support/drift-world.ts";
import { type GitHubServer, startGitHub } from "../support/github-server.ts";

let world: DriftWorld;
let github: GitHubServer;
let receiver: Server;
let received: Record<string, unknown>[] = [];
const outside = { ...process.env };

beforeEach(async () => {
  world = await createDriftWorld();
  github = await startGitHub();
  received = [];
  receiver = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk: Buffer) => {
      text += chunk.toString();
    });
    request.on("end", () => {
      received.push(JSON.parse(text) as Record<string, unknown>);
      response.end("ok");
    });
  });
  await new Promise<void>((resolve) => {
    receiver.listen(0, "127.0.0.1", resolve);
  });
  Object.assign(process.env, {
    GITHUB_ACTIONS: "true",
    GITHUB_REPOSITORY: "acme/access",
    GITHUB_API_URL: github.apiUrl,
    GITHUB_SERVER_URL: "https://github.com",
    GITHUB_RUN_ID: "123",
    GITHUB_TOKEN: "token-of-the-workflow",
    GITHUB_EVENT_NAME: "schedule",
  });
});

afterEach(async () => {
  for (const name of Object.keys(process.env)) if (!(name in outside)) delete process.env[name];
  Object.assign(process.env, outside);
  receiver.close();
  await github.close();
  await world.close();
});

const webhook = (): string => {
  const address = receiver.address();
  if (address === null || typeof address === "string") throw new Error("not listening");
  return `http://127.0.0.1:${address.port}/secret-path`;
};

it("keeps one issue, and tells the webhook", async () => {
  const watch = async () =>
    world.command("drift", "--issue", "--webhook", webhook(), "--environment", "production");
  expect(await watch()).toMatchObject({ exitCode: 0 });
  expect(github.issues).toEqual([]);
  expect(received).toEqual([]);

  await world.hands.attach("DeveloperAccess", administrator);
  await world.hands.provision("DeveloperAccess");
  const first = await watch();
  expect(first.exitCode, first.stderr).toBe(2);
  expect(github.issues).toHaveLength(1);
  expect(github.issues[0]).toMatchObject({
    title: "Access in production is not as declared",
    state: "open",
    labels: ["access-drift"],
  });
  expect(github.issues[0]?.body).toContain("AWS managed policy: AdministratorAccess");
  expect(received).toHaveLength(1);
  expect(received[0]).toMatchObject({
    environment: "production",
    counts: { changed: 1 },
    run: "https://github.com/acme/access/actions/runs/123",
  });
  expect(first.stdout + first.stderr).not.toContain("secret-path");

  const body = github.issues[0]?.body;
  expect((await watch()).stderr).toContain("untouched");
  expect(github.issues[0]?.body).toBe(body);
  expect(github.comments).toHaveLength(0);

  await world.apply();
  expect(await watch()).toMatchObject({ exitCode: 0 });
  expect(github.issues).toHaveLength(1);
  expect(github.issues[0]?.state).toBe("closed");
  expect(received).toHaveLength(2);
});

it("says where an issue can not be kept, before anything is read", async () => {
  delete process.env.GITHUB_ACTIONS;
  const { exitCode, stdout, stderr } = await world.command("drift", "--issue");
  expect(exitCode).toBe(3);
  expect(stderr).toContain("error[no-forge]");
  expect(stdout + stderr).not.toContain("Talking to");
});
