/** reconcile sandbox: the exports, the command inside, its exit code, its files, and what is wrong with its options. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { faultForms, noFaults, parseFaults } from "../../src/sandbox/faults.ts";
import { reconcile, root, startReconcile } from "../support/reconcile.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "reconcile-sandbox-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const run = (...args: string[]) => reconcile(["sandbox", ...args], { cwd: folder });
const node = (code: string) => [process.execPath, "-e", code];

describe("the loop of the README, with the state in a file between the commands", () => {
  it.each([
    ["getting-started", []],
    ["organization", ["--seed", join(root, "examples/organization/seed.json")]],
  ])("examples/%s: apply, then nothing to do", async (name, seed) => {
    const manifest = join(root, "examples", name);
    const sandbox = [...seed, "--state", "state.json", "--log", "log.jsonl"];
    const command = (...args: string[]) => run(...sandbox, "--", "reconcile", ...args, "--rps", "1000");

    expect((await command("plan", manifest, "--detailed-exitcode")).exitCode).toBe(2);
    expect((await command("apply", manifest, "--auto-approve")).exitCode).toBe(0);
    const after = await command("plan", manifest, "--detailed-exitcode");
    expect(after.stdout).toMatch(/No changes\.\n$/);
    expect(after.exitCode).toBe(0);

    const log = (await readFile(join(folder, "log.jsonl"), "utf8")).trim().split("\n");
    expect(log.map((line) => JSON.parse(line).event)).toContain("request");
  });
});

it("names every fault in its help, in the error for one that there is not, and in the README", async () => {
  const [help, error, readme] = await Promise.all([
    run("--help").then(({ stdout }) => stdout),
    run("--faults", "earthquake=1").then(({ stderr }) => stderr),
    readFile(join(root, "README.md"), "utf8"),
  ]);
  expect(faultForms.length).toBeGreaterThan(10);
  for (const [form, what] of faultForms) {
    expect(help).toContain(`  ${form} `);
    expect(help).toContain(what);
    expect(error).toContain(form);
    expect(readme).toContain(`\`${form}\``);
    const example = form
      .replace("RATE", "0.5")
      .replace("TIME", "2s")
      .replace("NUMBER", "3")
      .replace("KIND", "error")
      .replace("OPERATION", "ListUsers");
    expect(parseFaults(example)).not.toEqual(noFaults);
  }
});

describe("-- COMMAND", () => {
  it.each([0, 1, 9, 130])("exits with the command's exit code %i", async (code) => {
    expect((await run("--", ...node(`process.exit(${code})`))).exitCode).toBe(code);
  });

  it("gets an environment that leads to the sandbox and nowhere else", async () => {
    const outside = {
      AWS_PROFILE: "production",
      AWS_SESSION_TOKEN: "real",
      AWS_ENDPOINT_URL_SSO_ADMIN: "https://elsewhere.example",
      KEPT: "yes",
    };
    const { stdout } = await reconcile(
      ["sandbox", "--", ...node("console.log(JSON.stringify(process.env))")],
      {
        cwd: folder,
        env: outside,
      },
    );
    const inside = JSON.parse(stdout) as Record<string, string>;
    const aws = Object.keys(inside).filter((name) => name.startsWith("AWS_") && name !== "AWS_PAGER");
    expect(aws.sort()).toEqual([
      "AWS_ACCESS_KEY_ID",
      "AWS_DEFAULT_REGION",
      "AWS_ENDPOINT_URL",
      "AWS_REGION",
      "AWS_SECRET_ACCESS_KEY",
    ]);
    expect(inside.AWS_ENDPOINT_URL).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(inside.KEPT).toBe("yes");
  });

  it("keeps stdin, stdout and stderr, and takes options that look like its own", async () => {
    const code =
      "process.stdin.on('data', (text) => { console.log(`${text}`); console.error(process.argv[1]) })";
    const { stdout, stderr } = await reconcile(["sandbox", "--", ...node(code), "--", "--port"], {
      cwd: folder,
      input: "hello",
    });
    expect({ stdout, stderr }).toEqual({ stdout: "hello\n", stderr: "--port\n" });
  });

  it("says what can not be run", async () => {
    const { stderr, exitCode } = await run("--", "no-such-command-here");
    expect(stderr).toContain("error[cannot-run]: Cannot run no-such-command-here: there is no such command");
    expect(exitCode).toBe(3);
  });
});

it("without a command prints exports and serves until it is stopped", async () => {
  const running = startReconcile(["sandbox"], { cwd: folder });
  const [url = ""] = /http:\S+\d/.exec(await running.says("Ctrl-C")) ?? [];
  // Not signed: refused as AWS does, by something that serves.
  expect((await fetch(url, { method: "POST", body: "{}" })).status).toBe(403);

  running.kill("SIGTERM");
  const { stdout, exitCode } = await running.ended;
  expect(exitCode).toBe(0);
  expect(stdout).toContain(`export AWS_ENDPOINT_URL=${url}\n`);
  for (const line of stdout.trim().split("\n")) {
    expect(line).toMatch(/^(export AWS_[A-Z_]+=\S+|unset( AWS_[A-Z_]+)+)$/);
  }
  await expect(fetch(url)).rejects.toThrow();
});

describe("options that are wrong: exit code 3, and what would be right", () => {
  it.each([
    ["--speed", "slow", "Expected real or fast"],
    ["--port", "99999", "Expected 0 to 65535"],
    ["--faults", "boom=1", 'Fault "boom=1" is not known. Known are throttle=RATE'],
    ["--faults", "throttle=2", "a number from 0 to 1"],
    ["--faults", "throttle@NoSuchOperation=1", "has no operation NoSuchOperation"],
    ["--seed", "nowhere.json", "nowhere.json"],
    ["--log", "no/such/folder/log", "The log file can not be written"],
  ])("%s %s", async (option, value, message) => {
    const { stdout, stderr, exitCode } = await run(option, value, "--", ...node("console.log('ran')"));
    expect(stderr).toContain(message);
    expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 3 });
  });

  it("--seed with a file that is no state", async () => {
    await writeFile(join(folder, "seed.json"), '{"formatVersion": 2}');
    const { stderr, exitCode } = await run("--seed", "seed.json", "--", ...node(""));
    expect(stderr).toContain("formatVersion must be 1, found 2");
    expect(exitCode).toBe(3);
  });
});
