/**
 * Manifests that would exhaust, deceive or escape, as a user of validate, plan and apply meets them: exit code 3, every
 * problem with its code, AWS not asked for anything, and nothing of the file raw on a terminal.
 */
import { spawnSync } from "node:child_process";
import { chmod, mkdir, open, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { jsonText } from "../../src/model/json-text.ts";
import { cleanEnvironment, type Run, reconcile, root, sandboxEnvironment } from "../support/reconcile.ts";
import { dangersIn, evil, evilLines } from "../support/safe-text.ts";
import { createWorld, type World } from "../support/world.ts";

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

/** As a job in GitHub Actions, whose runner reads along. */
const run = (...args: string[]): Promise<Run> =>
  reconcile(args, {
    cwd: world.folder,
    env: { ...sandboxEnvironment(world.sandbox.url), GITHUB_ACTIONS: "true" },
  });

const expectRefused = ({ exitCode, stdout, stderr }: Run, code: string): void => {
  expect([exitCode, `${stdout}${stderr}`]).toEqual([3, expect.stringContaining(`error[${code}]`)]);
  expect(stderr).not.toMatch(/internal|bug in reconcile|^\s+at /m);
  expect(dangersIn(stdout)).toEqual([]);
  expect(dangersIn(stderr)).toEqual([]);
  expect(stdout.length + stderr.length).toBeLessThan(100_000);
  expect(world.log.filter(({ event }) => event === "request")).toEqual([]);
};

const aliases = ["version: 1", "x0: &x0 [a, a, a, a, a, a, a, a, a, a]"]
  .concat(
    Array.from(
      { length: 12 },
      (_, index) => `x${index + 1}: &x${index + 1} [${Array(10).fill(`*x${index}`).join(", ")}]`,
    ),
  )
  .join("\n");
/** JSON is YAML, too, in which an escape gives the character that it names. */
const escaped = (value: unknown): string => jsonText(value);
const withPolicy = (path: string): string =>
  `version: 1\npermissionSets:\n  Dev:\n    inlinePolicy: ${JSON.stringify(path)}\n`;

/** A file of holes, which takes no disk. */
const hugeFile = async (path: string): Promise<void> => {
  const file = await open(path, "w");
  await file.write("version: 1\n# ");
  await file.truncate(100 * 1024 * 1024);
  await file.close();
};
const pipe = (path: string): void => expect(spawnSync("mkfifo", [path]).status).toBe(0);
const at = (name: string): string => join(world.folder, name);

describe.each(["validate", "plan", "drift", "apply"])("%s refuses a manifest", (command) => {
  it.each<[string, string, () => unknown]>([
    ["with a bomb of aliases", "aliases-too-large", () => world.write("access.yaml", aliases)],
    [
      "nested without end",
      "nested-too-deeply",
      () => world.write("access.yaml", `version: 1\nusers: ${"[".repeat(100_000)}`),
    ],
    [
      "nested without end in its policy",
      "nested-too-deeply",
      async () => {
        await world.write("access.yaml", withPolicy("p.json"));
        await world.write("p.json", "[".repeat(100_000));
      },
    ],
    [
      "that is all directives",
      "yaml-syntax",
      () => world.write("access.yaml", `${"%A\n".repeat(300_000)}---\nversion: 1\n`),
    ],
    [
      "with keys of a prototype",
      "unsafe-key",
      () => world.write("access.yaml", "version: 1\nusers:\n  __proto__: {givenName: a}\n"),
    ],
    [
      "with keys of a prototype in its policy",
      "unsafe-key",
      async () => {
        await world.write("access.yaml", withPolicy("p.json"));
        await world.write("p.json", '{"Version": "2012-10-17", "__proto__": {"Statement": []}}');
      },
    ],
    ["of 100 MB", "file-too-large", () => hugeFile(at("access.yaml"))],
    [
      "with a policy of 100 MB",
      "file-too-large",
      async () => {
        await world.write("access.yaml", withPolicy("p.json"));
        await hugeFile(at("p.json"));
      },
    ],
    ["with NUL", "control-character", () => world.write("access.yaml", "version: 1\nusers:\n  a\0b: {}\n")],
    [
      "with an escape sequence",
      "control-character",
      () => world.write("access.yaml", "version: 1\n# \u001b[2J\u001b]0;x\u0007\n"),
    ],
    ["with C1 controls", "control-character", () => world.write("access.yaml", "version: 1\n# \u009b31m\n")],
    [
      "that reads otherwise than it says",
      "bidi-character",
      () => world.write("access.yaml", "version: 1\ngroups:\n  \u202esnimdA: {}\n"),
    ],
    [
      "with escapes that give controls",
      "invalid-group-name",
      () => world.write("access.yaml", 'version: 1\ngroups:\n  "a\\e[31m\\n::error::b": {}\n'),
    ],
    [
      "with every trick in a name",
      "invalid-user-name",
      () =>
        world.write(
          "access.yaml",
          escaped({ version: 1, users: { [`${evil}${evilLines}`]: { title: "a" } } }),
        ),
    ],
    [
      "with two names that look alike",
      "case-twin",
      () => world.write("access.yaml", "version: 1\ngroups:\n  Admins: {}\n  ADMINS: {}\n"),
    ],
    [
      "with a policy from above its folder",
      "outside-folder",
      () => world.write("access.yaml", withPolicy("../../etc/passwd.json")),
    ],
    [
      "with a policy of an absolute path",
      "outside-folder",
      () => world.write("access.yaml", withPolicy("/etc/passwd.json")),
    ],
    [
      "with a policy behind a link that leads out",
      "outside-folder",
      async () => {
        await world.write("access.yaml", withPolicy("p.json"));
        await symlink("/etc/hostname", at("p.json"));
      },
    ],
    ["that is a pipe", "not-a-regular-file", () => pipe(at("access.yaml"))],
    [
      "with a pipe for a policy",
      "not-a-regular-file",
      async () => {
        await world.write("access.yaml", withPolicy("p.json"));
        pipe(at("p.json"));
      },
    ],
    [
      "with a folder for a policy",
      "not-a-regular-file",
      async () => {
        await world.write("access.yaml", withPolicy("p.json"));
        await mkdir(at("p.json"));
      },
    ],
    ["with a folder for a file", "folder-without-manifest", () => mkdir(at("access.yaml"))],
    [
      "that leads in a circle",
      "file-unreadable",
      async () => {
        await symlink("b.yaml", at("access.yaml"));
        await symlink("access.yaml", at("b.yaml"));
      },
    ],
    [
      "in a file with a hostile name",
      "unknown-property",
      async () => {
        await mkdir(at("access"));
        await writeFile(at(`access/x\u001b[31m\u202e\n::error::y.yaml`), "version: 1\nmanagers: {}\n");
      },
    ],
  ])("%s", async (_, code, prepare) => {
    await prepare();
    const args = command === "apply" ? ["--auto-approve"] : [];
    expectRefused(await run(command, ...args), code);
  });
});

it("warns of letters of another script that look like Latin ones", async () => {
  await world.write("access.yaml", "version: 1\ngroups:\n  \u0410dmins: {}\n");
  const { exitCode, stderr, stdout } = await run("validate");
  expect([exitCode, `${stdout}${stderr}`]).toEqual([0, expect.stringContaining("warning[mixed-scripts]")]);
});

it.each([
  ["a manifest", "access.yaml", "version: 1\n"],
  ["a policy", "p.json", "{}"],
])("says of %s that it may not be read", async (_, name, text) => {
  await world.write("access.yaml", withPolicy("p.json"));
  await world.write(name, text);
  await chmod(at(name), 0o000);
  await chmod(world.folder, 0o755);
  // Root may read everything, so that somebody else has to try.
  const somebody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const done = spawnSync(process.execPath, [join(root, "dist/reconcile.js"), "validate"], {
    cwd: world.folder,
    env: cleanEnvironment(),
    encoding: "utf8",
    ...somebody,
  });
  expectRefused({ exitCode: done.status, stdout: done.stdout, stderr: done.stderr }, "file-unreadable");
  expect(done.stderr + done.stdout).toContain("permission denied");
});

describe("apply refuses a plan file", () => {
  beforeEach(async () => {
    await world.write("access.yaml", "version: 1\ngroups: {Team: {}}\n");
  });
  it.each<[string, string, () => unknown]>([
    ["that is a folder", "cannot-read", () => mkdir(at("plan.json"))],
    ["that is not there", "cannot-read", () => undefined],
    ["that is a pipe", "cannot-read", () => pipe(at("plan.json"))],
    [
      "with more mistakes than anybody can count",
      "plan-invalid",
      () =>
        world.write(
          "plan.json",
          escaped({ formatVersion: 1, changes: Array.from({ length: 200_000 }, () => ({})) }),
        ),
    ],
    [
      "that is a page of HTML",
      "plan-not-json",
      () => world.write("plan.json", `<html>${evil}${evilLines}</html>`),
    ],
    [
      "nested without end",
      "plan-invalid",
      () => world.write("plan.json", `${"[".repeat(100_000)}${"]".repeat(100_000)}`),
    ],
    ["of nothing", "plan-truncated", () => world.write("plan.json", "")],
    [
      "with keys that nobody knows",
      "plan-invalid",
      () => world.write("plan.json", escaped({ formatVersion: 1, [`${evil}${evilLines}`]: 1 })),
    ],
    [
      "of a version that is yet to come",
      "plan-newer-version",
      () => world.write("plan.json", '{"formatVersion": 1e300}'),
    ],
  ])("%s", async (_, code, prepare) => {
    await prepare();
    expectRefused(await run("apply", "--plan", "plan.json", "--auto-approve"), code);
  });
});
