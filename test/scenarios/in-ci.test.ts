/** What a job's log holds, where GitHub's runner, GitLab's or nobody reads it. Names try to give commands to the runner. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createHands } from "../support/hands.ts";
import { type Run, reconcile, sandboxEnvironment } from "../support/reconcile.ts";
import { settled } from "../support/settled.ts";
import { createWorld, type World } from "../support/world.ts";

const hostile = "aaaa ::error::owned ##[error]owned";
const manifest = {
  version: 1,
  groups: { [hostile]: { description: "::set-output name=x::y" }, Team: {} },
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

type Place = "GitHub" | "GitLab" | "a shell";
const run = (place: Place, ...args: string[]): Promise<Run> => {
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
      ...sandboxEnvironment(world.sandbox.url),
      ...variables[place],
      AWS_SECRET_ACCESS_KEY: "s3cr3t-key",
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
  expect(log).not.toContain("s3cr3t-key");
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

describe("files", () => {
  const files = ["json=out.json", "markdown=out.md"].flatMap((target) => ["--format", target]);

  it("hold what an apply did, and what failed of it", async () => {
    const { exitCode, stdout } = await run("a shell", "apply", "--auto-approve", ...files);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/\nApply complete: 4 created, 0 updated, 0 deleted\.\n$/);
    expect(JSON.parse(await written("out.json"))).toMatchObject({ counts: { created: 4, failed: 0 } });
    expect(await written("out.md")).toMatch(/^## Apply complete: 4 created, 0 updated, 0 deleted\.\n/);
  });

  it("hold what drifted", async () => {
    const { exitCode } = await run("a shell", "drift", ...files);
    expect(exitCode).toBe(2);
    expect(JSON.parse(await written("out.json"))).toMatchObject({ counts: { missing: 4 } });
    expect(await written("out.md")).toContain("Drift: 0 changed, 4 missing");
  });

  it.each(["plan", "apply", "drift"])(
    "hold why there is no plan, after an earlier one: %s",
    async (command) => {
      const approval = command === "apply" ? ["--auto-approve"] : [];
      await run("a shell", command, ...approval, ...files);
      await world.write("access.yaml", { ...manifest, groups: 3 });
      const { exitCode, stdout } = await run("a shell", command, ...approval, ...files);
      expect([exitCode, stdout]).toEqual([3, ""]);
      expect(JSON.stringify(JSON.parse(await written("out.json")))).toContain("wrong-type");
      expect(await written("out.md")).toContain("The manifest is not valid: 2 errors");
    },
  );
});
