/** What a job's log holds, where GitHub's runner, GitLab's or nobody reads it. Names try to give commands to the runner. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { CreateGroupCommand } from "@aws-sdk/client-identitystore";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startDenyingProxy } from "../support/denying-proxy.ts";
import { createHands } from "../support/hands.ts";
import { type Run, reconcile, root, sandboxEnvironment } from "../support/reconcile.ts";
import { settled } from "../support/settled.ts";
import { createWorld, type World } from "../support/world.ts";
import { parseReport } from "../unit/report/support/junit-reader.ts";

const hostile = "aaaa ::error::owned ##[error]owned";
const manifest = {
  version: 1,
  groups: { [hostile]: { description: "::set-output name=x::y", members: [] }, Team: {} },
  permissionSets: { Admin: { managedPolicies: ["AdministratorAccess"] } },
  assignments: [{ groups: [hostile], permissionSets: ["Admin"], accounts: ["production"] }],
};

let world: World;
beforeEach(async () => {
  world = await createWorld();
  await world.write("access.yaml", manifest);
  await world.write("summary.md", "");
  await world.write("output.txt", "");
});
afterEach(() => world.close());

const secrets = {
  AWS_SECRET_ACCESS_KEY: "s3cr3t-key",
  AWS_SESSION_TOKEN: "s3cr3t-session",
  GITHUB_TOKEN: "s3cr3t-github",
  GITLAB_TOKEN: "s3cr3t-gitlab",
};

type Place = "GitHub" | "GitLab" | "a shell";
const run = (place: Place, ...args: string[]): Promise<Run> => runAt(world.sandbox.url, place, ...args);
const runAt = (url: string, place: Place, ...args: string[]): Promise<Run> => {
  const variables: Record<Place, Record<string, string>> = {
    GitHub: {
      GITHUB_ACTIONS: "true",
      GITHUB_OUTPUT: join(world.folder, "output.txt"),
      GITHUB_STEP_SUMMARY: join(world.folder, "summary.md"),
    },
    GitLab: { GITLAB_CI: "true", CI: "true" },
    "a shell": {},
  };
  const limits = args[0] === "validate" ? [] : ["--rps", "1000"];
  return reconcile([...args, ...limits], {
    cwd: world.folder,
    env: {
      ...sandboxEnvironment(url),
      ...variables[place],
      ...secrets,
    },
  });
};
const logOf = ({ stdout, stderr }: Run): string => `${stderr}${stdout}`;
const written = (name: string): Promise<string> => readFile(join(world.folder, name), "utf8");

/** All that the runner would take for a command: after blanks at the start of a line, and ##[ anywhere. */
const commandsIn = (log: string): string[] => log.split("\n").filter((line) => /^\s*::[^\s]|##\[/.test(line));
const expectFolded = (log: string): void => {
  let depth = 0;
  for (const line of log.split("\n")) {
    if (line.startsWith("::group::")) depth += 1;
    if (line === "::endgroup::") depth -= 1;
    expect([0, 1]).toContain(depth);
  }
  expect(depth).toBe(0);
};
const expectPlain = (log: string): void => {
  // eslint-disable-next-line no-control-regex -- these are what is looked for
  expect(log).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]/);
  expect(log).not.toContain("s3cr3t");
};

/** Each command once, in an order in which each has something to tell. */
const everything = async (place: Place, ...format: string[]): Promise<Run[]> => {
  const runs = [await run(place, "validate"), await run(place, "plan", ...format)];
  runs.push(await run(place, "apply", "--auto-approve", ...format));
  await createHands(world).assign("Admin", "222222222222", "GROUP", hostile);
  await settled(world);
  runs.push(await run(place, "drift", ...format));
  await world.write("access.yaml", { ...manifest, groups: 3 });
  runs.push(await run(place, "plan", ...format));
  return runs;
};
const codes = [0, 0, 0, 2, 3];

describe.each(["GitLab", "a shell"] as const)("in %s", (place) => {
  it("lines are plain, and nothing talks to a runner", { timeout: 60_000 }, async () => {
    const runs = await everything(place);
    expect(runs.map(({ exitCode }) => exitCode)).toEqual(codes);
    for (const each of runs) {
      expectPlain(logOf(each));
      expect(logOf(each)).not.toMatch(/^::(group|endgroup|error|warning)/m);
    }
    // Where nobody takes it for a command, a name is shown as it is.
    expect(logOf(runs[1] as Run)).toContain("##[error]owned");
    expect(await written("output.txt")).toBe("");
  });
});

describe("in GitHub Actions", () => {
  it.each([[], ["--format", "github"]])(
    "what a name says is no command, with %j",
    { timeout: 60_000 },
    async (...format) => {
      const runs = await everything("GitHub", ...format);
      expect(runs.map(({ exitCode }) => exitCode)).toEqual(codes);
      for (const each of runs) {
        expectPlain(logOf(each));
        expectFolded(each.stderr);
        expectFolded(each.stdout);
        const commands = commandsIn(logOf(each));
        for (const command of commands) expect(command).toMatch(/^::(group|endgroup|error|warning|notice)/);
        // Ours have a title or fold; what a name brings would not.
        for (const command of commands) expect(command).not.toMatch(/^::error::owned/);
      }
      const [, planned, , drifted, invalid] = runs as [Run, Run, Run, Run, Run];
      expect(planned.stderr).toMatch(/^::group::Reading [^\n]+\n(?:Reading [^\n]+\n)+::endgroup::$/m);
      expect(planned.stdout).toMatch(/\nPlan: 4 to create, 0 to update, 0 to delete\.\n$/);
      expect(drifted.stdout).toMatch(/\nDrift: 0 changed, 0 missing, 1 unmanaged, 0 unchecked\. [^\n]+\n$/);
      if (format.length === 0) return;
      expect(planned.stdout).toMatch(
        /^::warning file=access\.yaml,line=\d+,col=\d+,title=Look at this first::/m,
      );
      expect(invalid.stdout).toMatch(/^::error file=access\.yaml,line=\d+,col=\d+,title=wrong-type::/m);
    },
  );

  it("each step hands on what the next ones ask of it", { timeout: 60_000 }, async () => {
    await everything("GitHub", "--format", "github");
    const outputs = [...(await written("output.txt")).matchAll(/^([a-z-]+)<<(\S+)\n([^]*?)\n?\2$/gm)].map(
      ([, name, , value]) => `${name}=${value}`,
    );
    expect(outputs.filter((each) => each.startsWith("has-changes="))).toEqual([
      "has-changes=true",
      "has-changes=true",
      "has-changes=true",
    ]);
    expect(outputs).toContain('counts={"create":4,"update":0,"delete":0,"provision":0}');
    expect(outputs).toContain('counts={"changed":0,"missing":0,"unmanaged":1,"unchecked":0}');
    expect(outputs).toContain("risk=broadening");
    expect(outputs.filter((each) => each.startsWith("risk="))).toHaveLength(3);
    expect(outputs.filter((each) => /^digest=[0-9a-f]{64}$/.test(each))).toHaveLength(3);
    expect(outputs.filter((each) => /^fingerprint=[0-9a-f]{64}$/.test(each))).toHaveLength(1);
    const summary = await written("summary.md");
    expect(`${await written("output.txt")}${summary}`).not.toContain("s3cr3t");
    const headings = [
      ...summary.matchAll(/^##+ (Access plan|Apply complete|Drift|The manifest is not valid)/gm),
    ];
    expect(headings.map(([, what]) => what)).toEqual([
      "Access plan",
      "Apply complete",
      "Drift",
      "The manifest is not valid",
    ]);
  });
});

/** Each command as it stands in a log, for a small manifest. Read the difference before writing them again. */
describe("golden files", () => {
  const logs: readonly (readonly [Place, string, readonly string[]])[] = [
    ["GitHub", "github", []],
    ["GitHub", "github-format", ["--format", "github"]],
    ["GitLab", "gitlab", []],
    ["a shell", "shell", []],
  ];

  it.each(logs)("in %s: %s", { timeout: 60_000 }, async (place, name, format) => {
    const runs = await everything(place, ...format);
    const names = ["validate", "plan", "apply", "drift", "plan, not valid"];
    const log = runs.map(({ exitCode, stdout, stderr }, index) =>
      [`#### ${names[index]}: ${exitCode}`, "## stderr", stderr, "## stdout", stdout].join("\n"),
    );
    await expect(lasting(log.join("\n"))).toMatchFileSnapshot(`golden/in-ci.${name}.golden.txt`);
  });

  it("are the same in GitLab and in a shell: neither has a way of folding that is only text", async () => {
    const read = (name: string): Promise<string> =>
      readFile(join(root, `test/scenarios/golden/in-ci.${name}.golden.txt`), "utf8");
    expect(await read("gitlab")).toBe(await read("shell"));
  });
});

/** Digests cover ids, ports are what is free, and a slow machine says more often how far it has come. */
const lasting = (text: string): string =>
  text
    .replace(/\b[0-9a-f]{64}\b/g, "<digest>")
    .replace(/127\.0\.0\.1:\d+/g, "127.0.0.1:<port>")
    .replace(/^ {2}\S[^\n]*: [^\n]*\bcalls\b[^\n]*\n/gm, "");

describe("a run that AWS breaks off", () => {
  it.each(["plan", "apply", "drift"])("closes what it has folded: %s", async (command) => {
    const proxy = await startDenyingProxy(world.sandbox.url, "ListPermissionSets", "");
    const approval = command === "apply" ? ["--auto-approve"] : [];
    const args = [command, ...approval, "--format", "github"];
    const { exitCode, stdout, stderr } = await runAt(proxy.url, "GitHub", ...args);
    await proxy.close();
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^::group::Reading [^]*\n::endgroup::\n[^]*error\[access-denied\]/m);
    expectFolded(stderr);
    expect(stdout).toMatch(/^::error title=access-denied::[^\n]*sso:ListPermissionSets[^\n]*\n$/);
    expect(await written("output.txt")).toBe("");
    expect(await written("summary.md")).toContain("sso:ListPermissionSets");
  });

  it("tells at once what of an apply failed, and hands on what was done", async () => {
    const proxy = await startDenyingProxy(world.sandbox.url, "CreateGroup", "Team");
    const args = ["apply", "--auto-approve", "--format", "github", "--format", "json=out.json"];
    const { exitCode, stdout } = await runAt(proxy.url, "GitHub", ...args);
    await proxy.close();
    expect(exitCode).toBe(6);
    expectFolded(stdout);
    expect(commandsIn(stdout).filter((line) => line.startsWith("::error"))).toEqual([
      expect.stringMatching(/^::error title=Not created%3A group\/Team::.*identitystore:CreateGroup/),
    ]);
    expect(stdout).toMatch(/\nApply incomplete: 3 done, 1 failed, 0 not attempted\. [^\n]+\n$/);
    expect(JSON.parse(await written("out.json"))).toMatchObject({ counts: { created: 3, failed: 1 } });
    expect(await written("summary.md")).toMatch(/^## Apply incomplete[^]*Failed: 1 change[^]*CreateGroup/);
    expect(await written("output.txt")).toMatch(/^has-changes<<(\S+)\ntrue\n\1$/m);
  });

  it("and one that a guard refuses", async () => {
    await world.write("access.yaml", { ...manifest, guards: { approval: "any" } });
    const { exitCode, stdout, stderr } = await run("GitHub", "apply", "--auto-approve", "--format", "github");
    expect(exitCode).toBe(4);
    for (const text of [stdout, stderr]) expectFolded(text);
    expect(stdout).toMatch(/\n::error title=guard-approval::[^\n]+\n$/);
  });
});

describe("what somebody has called things by hand", () => {
  const group = "Team\n::set-output name=x::y\n::error::owned";
  const description = "first\r\n::stop-commands::zzz\n##[group]owned";

  it.each([[], ["--format", "github"]])("is no command to the runner, with %j", async (...format) => {
    await run("GitHub", "apply", "--auto-approve");
    const { IdentityStoreId } = world.instance;
    await world.store.send(new CreateGroupCommand({ IdentityStoreId, DisplayName: group }));
    await createHands(world).update("Admin", { Description: description });
    await createHands(world).assign("Admin", "222222222222", "GROUP", group);
    await settled(world);
    const runs = [await run("GitHub", "drift", ...format), await run("GitHub", "plan", ...format)];
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([2, 0]);
    for (const each of runs) {
      expect(logOf(each)).toContain("set-output");
      expectPlain(logOf(each));
      for (const command of commandsIn(logOf(each)))
        expect(command).toMatch(/^::(group::|endgroup::|(error|warning|notice) [^:]*title=)/);
    }
  });

  it.each(["json", "sarif", "junit", "csv", "live-csv"])("nor to a program's %s", async (format) => {
    await run("GitHub", "apply", "--auto-approve");
    await createHands(world).update("Admin", { Description: description });
    await createHands(world).assign("Admin", "222222222222", "GROUP", hostile);
    await settled(world);
    const printed = async (place: Place): Promise<string> =>
      (await run(place, "plan", "--format", format)).stdout;
    const [log, elsewhere] = [await printed("GitHub"), await printed("a shell")];
    expect(elsewhere).toContain("##[error]owned");
    expect(commandsIn(log)).toEqual([]);
    if (format === "json" || format === "sarif") expect(JSON.parse(log)).toEqual(JSON.parse(elsewhere));
    if (format === "junit") expect(await parseReport(log)).toEqual(await parseReport(elsewhere));
  });

  it("nor what stands in a manifest that is not valid", async () => {
    const name = "x\u001b[31m\n::error::owned\n##[error]owned";
    await world.write("access.yaml", { ...manifest, groups: { [name]: { colour: name } } });
    for (const command of ["validate", "plan", "drift"])
      for (const format of [[], ["--format", "github"]]) {
        const found = await run("GitHub", command, ...format);
        expect(found.exitCode).toBe(3);
        expectPlain(logOf(found));
        expect(logOf(found)).toContain("owned");
        for (const line of commandsIn(logOf(found))) expect(line).toMatch(/^::error [^:]*title=/);
      }
  });
});
