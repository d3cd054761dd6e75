/**
 * drift on a schedule: an issue is opened once, left alone while the drift is the same, and closed when it is gone; a
 * webhook hears of each of these once. Without an issue nothing remembers, and it hears of drift in every run.
 */
import { createServer, type Server } from "node:http";
import { basename, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { administrator, createDriftWorld, driftManifest, type DriftWorld } from "../support/drift-world.ts";
import { gitHubVariables } from "../support/forge-job.ts";
import { type GitHubServer, startGitHub } from "../support/github-server.ts";

let world: DriftWorld;
let github: GitHubServer;
let receiver: Server;
let received: Record<string, unknown>[] = [];
/** What the receiver answers with. */
let status = 200;
const outside = { ...process.env };

beforeEach(async () => {
  world = await createDriftWorld();
  github = await startGitHub();
  received = [];
  status = 200;
  receiver = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk: Buffer) => {
      text += chunk.toString();
    });
    request.on("end", () => {
      received.push(JSON.parse(text) as Record<string, unknown>);
      response.writeHead(status).end("ok");
    });
  });
  await new Promise<void>((resolve) => {
    receiver.listen(0, "127.0.0.1", resolve);
  });
  Object.assign(process.env, gitHubVariables("schedule", github.apiUrl));
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
    title: expect.stringMatching(/^Access drift in production \(ssoins-[0-9a-f]{16}\)$/),
    state: "open",
    labels: ["access-drift"],
  });
  expect(github.issues[0]?.body).toContain("AWS managed policy: AdministratorAccess");
  expect(received).toHaveLength(1);
  expect(received[0]).toMatchObject({
    environment: "production",
    counts: { changed: 1 },
    run: "https://github.com/acme/access/actions/runs/42",
    issue: "https://github.com/acme/access/issues/1",
  });
  expect(first.stdout + first.stderr).not.toContain("secret-path");

  const body = github.issues[0]?.body;
  const second = await watch();
  expect(second.exitCode).toBe(2);
  expect(second.stderr).toContain("untouched");
  expect(received).toHaveLength(1);
  expect(github.issues[0]?.body).toBe(body);
  expect(github.comments).toHaveLength(0);

  await world.hands.addMember("Developers", "rob.roe");
  expect((await watch()).stderr).toContain("updated");
  expect(received).toHaveLength(2);
  expect(received[1]).toMatchObject({ counts: { changed: 1, unmanaged: 1 } });

  await world.apply();
  expect(await watch()).toMatchObject({ exitCode: 0 });
  expect(github.issues).toHaveLength(1);
  expect(github.issues[0]?.state).toBe("closed");
  expect(received).toHaveLength(3);
  expect(received[2]).toMatchObject({
    text: expect.stringContaining("No access drift any more in production (ssoins-") as string,
    result: "clean",
  });
  expect(await watch()).toMatchObject({ exitCode: 0 });
  expect(received).toHaveLength(3);
});

it("tells the webhook later what it could not be told, also that the drift is gone", async () => {
  const watch = async () => world.command("drift", "--issue", "--webhook", webhook());
  await world.hands.addMember("Developers", "rob.roe");
  status = 404;
  const refused = await watch();
  expect(refused.exitCode).toBe(1);
  expect(refused.stderr).toContain("The webhook answered with 404");
  expect(github.issues.map(({ state }) => state)).toEqual(["open"]);
  status = 200;
  received = [];
  expect((await watch()).exitCode).toBe(2);
  expect(received).toMatchObject([{ result: "drift" }]);
  expect((await watch()).exitCode).toBe(2);
  expect(received).toHaveLength(1);

  await world.apply();
  status = 404;
  expect((await watch()).exitCode).toBe(1);
  expect(github.issues.map(({ state }) => state)).toEqual(["closed"]);
  status = 200;
  received = [];
  expect((await watch()).exitCode).toBe(0);
  expect((await watch()).exitCode).toBe(0);
  expect(received).toMatchObject([{ result: "clean" }]);
});

it("tells the webhook in every run with drift where no issue remembers, and never that there is none", async () => {
  const watch = async () => world.command("drift", "--webhook", webhook());
  expect((await watch()).exitCode).toBe(0);
  await world.hands.addMember("Developers", "rob.roe");
  expect((await watch()).exitCode).toBe(2);
  expect((await watch()).exitCode).toBe(2);
  expect(received).toMatchObject([{ result: "drift" }, { result: "drift" }]);
  await world.apply();
  expect((await watch()).exitCode).toBe(0);
  expect(received).toHaveLength(2);
});

it("keeps the issue of a manifest that gets a name, and leaves that of another manifest alone", async () => {
  await world.write("corp/access.yaml", { version: 1, groups: { Auditors: { description: "wanted" } } });
  await world.hands.addMember("Developers", "rob.roe");
  const first = await world.command("drift", "--issue", "--only-declared");
  expect(first.stderr, first.stderr).toContain("Issue #1 (");
  expect((await world.command("drift", "corp", "--issue", "--only-declared")).stderr).toContain("#2");
  expect(github.issues.map(({ state }) => state)).toEqual(["open", "open"]);

  await world.write("access.yaml", { ...driftManifest, name: "acme" });
  expect((await world.command("drift", "--issue", "--only-declared")).stderr).toContain("#1");
  expect(github.issues).toHaveLength(2);
  expect(github.issues[0]?.title).toContain("acme");
  await world.apply();
  expect((await world.command("drift", "--issue", "--only-declared")).stderr).toContain(": closed.");
  expect((await world.command("drift", "corp", "--issue", "--only-declared")).stderr).toContain("untouched");
  expect(github.issues.map(({ state }) => state)).toEqual(["closed", "open"]);
});

it("names files in the issue as the repository has them", async () => {
  process.env.GITHUB_WORKSPACE = join(world.folder, "..");
  await world.hands.addMember("Developers", "rob.roe");
  const { stdout } = await world.command("drift", "--issue");
  expect(github.issues[0]?.body).toContain(`declared at ${basename(world.folder)}/access.yaml:`);
  expect(stdout).toContain("declared at access.yaml:");
});

it("says where an issue can not be kept, before anything is read", async () => {
  delete process.env.GITHUB_ACTIONS;
  const { exitCode, stdout, stderr } = await world.command("drift", "--issue");
  expect(exitCode).toBe(3);
  expect(stderr).toContain("error[no-forge]");
  expect(stdout + stderr).not.toContain("Talking to");
});
