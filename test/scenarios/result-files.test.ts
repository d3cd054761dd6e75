/** What --format FORMAT=FILE leaves: the result, or why there is none. Never the result of an earlier run. */
import { existsSync } from "node:fs";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse as parseYaml } from "yaml";
import { startDenyingProxy } from "../support/denying-proxy.ts";
import { parseFindings } from "../support/findings-json.ts";
import { type Run, reconcile, sandboxEnvironment } from "../support/reconcile.ts";
import { sarifErrors } from "../support/sarif-schema.ts";
import { createWorld, type World } from "../support/world.ts";
import { parseReport } from "../unit/report/support/junit-reader.ts";

const manifest = {
  version: 1,
  groups: { Team: { description: "The team" } },
  permissionSets: { Admin: { managedPolicies: ["AdministratorAccess"] } },
  assignments: [{ groups: ["Team"], permissionSets: ["Admin"], accounts: ["production"] }],
};

let world: World;
beforeEach(async () => {
  world = await createWorld();
  await world.write("access.yaml", manifest);
});
afterEach(() => world.close());

const commands = ["plan", "apply", "drift"] as const;
type Command = (typeof commands)[number];
const fileOf = { json: "out.json", markdown: "out.md", junit: "out.xml", text: "out.txt" } as const;
const files = Object.entries(fileOf).flatMap(([format, file]) => ["--format", `${format}=${file}`]);

const run = (command: Command, ...args: string[]): Promise<Run> => runAt(world.sandbox.url, command, ...args);
const runAt = (url: string, command: Command, ...args: string[]): Promise<Run> =>
  reconcile([command, "--rps", "1000", ...approvalOf(command, args), ...args], {
    cwd: world.folder,
    env: sandboxEnvironment(url),
  });
const approvalOf = (command: Command, args: readonly string[]): string[] =>
  command === "apply" && !args.includes("--expect") ? ["--auto-approve"] : [];

const written = (name: string): Promise<string> => readFile(join(world.folder, name), "utf8");
const groups = (): (string | undefined)[] => world.instance.groups.map(({ DisplayName }) => DisplayName);

/** The files say why nothing came of it, each in its way; stdout is left to what was asked for there. */
const expectReason = async (code: string, title: string, detail: RegExp): Promise<void> => {
  const report = parseFindings(await written("out.json"));
  expect(report.findings.map((finding) => finding.code)).toContain(code);
  expect(report.errors).toBe(report.findings.length);
  const markdown = await written("out.md");
  expect(markdown).toMatch(new RegExp(`^## ${title}`));
  expect(markdown).toMatch(detail);
  const root = await parseReport(await written("out.xml"));
  expect(root.attributes.failures).toBe(String(report.errors));
  const text = await written("out.txt");
  expect(text).toContain(`error[${code}]: `);
  expect(text).toMatch(detail);
  const left = (await readdir(world.folder)).filter((name) => name.endsWith(".tmp"));
  expect(left).toEqual([]);
};

describe("the result", () => {
  it("of an apply", async () => {
    const { exitCode, stdout } = await run("apply", ...files);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/\nApply complete: 3 created, 0 updated, 0 deleted\.\n$/);
    expect(JSON.parse(await written("out.json"))).toMatchObject({ counts: { created: 3, failed: 0 } });
    expect(await written("out.md")).toMatch(/^## Apply complete: 3 created, 0 updated, 0 deleted\.\n/);
    expect(await written("out.txt")).toMatch(/^ {2}✓ created .*\n[^]*\nApply complete: 3 created/);
    const root = await parseReport(await written("out.xml"));
    expect(root.attributes).toMatchObject({ name: "reconcile apply", tests: "4", failures: "0" });
  });

  it("of an apply that had nothing to do", async () => {
    await run("apply");
    const { exitCode, stdout } = await run("apply", ...files);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/\nNo changes\.\n$/);
    expect(JSON.parse(await written("out.json"))).toMatchObject({ counts: { created: 0 }, outcomes: [] });
    expect(await written("out.md")).toMatch(/^## Apply complete: 0 created/);
  });

  it("of a drift", async () => {
    const lists = ["--format", "sarif=out.sarif", "--format", "csv=out.csv"];
    const { exitCode } = await run("drift", ...files, ...lists);
    const log = JSON.parse(await written("out.sarif")) as { runs: { results: unknown[] }[] };
    expect(sarifErrors(log)).toEqual([]);
    expect(log.runs[0]?.results).toHaveLength(3);
    expect((await written("out.csv")).match(/^missing,/gm)).toHaveLength(3);
    expect(exitCode).toBe(2);
    expect(JSON.parse(await written("out.json"))).toMatchObject({ counts: { missing: 3 } });
    expect(await written("out.md")).toContain("Drift: 0 changed, 3 missing");
    expect((await parseReport(await written("out.xml"))).attributes).toMatchObject({ failures: "3" });
    expect(await written("out.txt")).toMatch(/\nDrift: 0 changed, 3 missing, [^\n]+\n$/);
  });
});

describe.each(commands)("no result of %s, after an earlier one", (command) => {
  beforeEach(async () => void (await run(command, ...files)));

  it("where the manifest is not valid", async () => {
    await world.write("access.yaml", "version: 1\ngroups: 3\n");
    const { exitCode, stdout, stderr } = await run(command, ...files);
    expect([exitCode, stdout]).toEqual([3, ""]);
    await expectReason(
      "wrong-type",
      "The manifest is not valid: 1 error\n",
      /\n +2 \| groups: 3\n +\| +\^\n/,
    );
    expect(stderr).toContain("2 | groups: 3");
  });

  it("where AWS denies a call in the middle of reading", async () => {
    const proxy = await startDenyingProxy(world.sandbox.url, "ListPermissionSets", "");
    const { exitCode, stdout } = await runAt(proxy.url, command, ...files);
    await proxy.close();
    expect([exitCode, stdout]).toEqual([1, ""]);
    const title = {
      plan: "The plan could not be made\n",
      apply: "Nothing was applied: the run failed\n",
      drift: "Whether access has drifted could not be told\n",
    }[command];
    await expectReason("access-denied", title, /sso:ListPermissionSets/);
  });
});

it("no plan is no success of the tool in SARIF, and no finding about the files", async () => {
  const proxy = await startDenyingProxy(world.sandbox.url, "ListPermissionSets", "");
  expect((await runAt(proxy.url, "plan", "--format", "sarif=out.sarif")).exitCode).toBe(1);
  await proxy.close();
  const log = JSON.parse(await written("out.sarif")) as { runs: unknown[] };
  expect(sarifErrors(log)).toEqual([]);
  expect(log.runs).toMatchObject([
    {
      invocations: [
        {
          executionSuccessful: false,
          toolExecutionNotifications: [{ descriptor: { id: "access-denied" }, level: "error" }],
        },
      ],
      results: [],
    },
  ]);
});

describe("no result of an apply", () => {
  it("that a guard refuses: the numbers and the option that lets it through", async () => {
    await world.write("access.yaml", { ...manifest, guards: { approval: "any" } });
    const { exitCode, stdout } = await run("apply", ...files);
    expect(exitCode).toBe(4);
    // The plan has been shown.
    expect(stdout).toMatch(/\nPlan: 3 to create, 0 to update, 0 to delete\.\n$/);
    await expectReason("guard-approval", "Nothing was applied: refused\n", /--expect DIGEST/);
    expect(groups()).not.toContain("Team");
  });

  it("of what was not reviewed: both digests", async () => {
    const reviewed = "a".repeat(64);
    const { exitCode, stderr } = await run("apply", "--expect", reviewed, ...files);
    expect(exitCode).toBe(5);
    const title = "Nothing was applied: this is not what was reviewed\n";
    await expectReason("stale-plan", title, /reviewed a{6}/);
    expect(stderr).toContain(`\n  reviewed ${reviewed}\n`);
    expect(groups()).not.toContain("Team");
  });

  it("of a plan file that is none", async () => {
    await world.write("plan.json", "{}");
    const { exitCode } = await reconcile(["apply", "--plan", "plan.json", ...files], { cwd: world.folder });
    expect(exitCode).toBe(3);
    await expectReason("plan-invalid", "Nothing was applied: the run failed\n", /plan/);
  });

  it("to a program on stdout", async () => {
    await world.write("access.yaml", { ...manifest, guards: { approval: "any" } });
    const { exitCode, stdout, stderr } = await run("apply", "--format", "json");
    expect(exitCode).toBe(4);
    expect(parseFindings(stdout)).toMatchObject({ errors: 1, findings: [{ code: "guard-approval" }] });
    expect(stderr).toContain("refused by guard approval");
  });
});

it("a list of assignments does not outlive the run that could not make it again", async () => {
  const lists = ["--format", "csv=planned.csv", "--format", "live-csv=live.csv"];
  await run("plan", ...lists);
  expect(await written("planned.csv")).toContain("Admin");
  await world.write("access.yaml", "version: 1\ngroups: 3\n");
  expect((await run("plan", ...lists)).exitCode).toBe(3);
  expect(["planned.csv", "live.csv"].filter((name) => existsSync(join(world.folder, name)))).toEqual([]);
});

it("a file that cannot be written is told before anything is read, and nothing is lost by it", async () => {
  const calls = world.log.length;
  const { exitCode, stderr } = await run("plan", "--format", "json=nowhere/out.json");
  expect(exitCode).toBe(3);
  expect(stderr).toContain("error[cannot-write]: Cannot write nowhere/out.json");
  expect(world.log).toHaveLength(calls);
  expect(parseYaml(await written("access.yaml"))).toEqual(manifest);
});
