import { cp, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exitCodes } from "../../src/commands/exit-codes.ts";
import { reconcile, root, sandboxEnvironment } from "../support/reconcile.ts";
import { createWorld, type World } from "../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
  await cp(join(root, "examples/getting-started"), join(world.folder, "infra"), { recursive: true });
});
afterAll(() => world.close());

const read = (name: string): Promise<string> => readFile(join(world.folder, name), "utf8");
const manifest = ["infra", "--rps", "1000"];

describe("plan", () => {
  it("writes several formats in one run, and the plan itself on stdout", async () => {
    const outputs = [
      "markdown=plan.md",
      "json=plan.json",
      "sarif=plan.sarif",
      "junit=plan.xml",
      "csv=planned.csv",
    ];
    const { exitCode, stdout } = await world.run(
      "plan",
      ...manifest,
      ...outputs.flatMap((output) => ["--format", output]),
      "--format",
      "live-csv=live.csv",
    );
    expect(exitCode).toBe(exitCodes.ok);
    expect(stdout).toMatch(/\nPlan: \d+ to create, 0 to update, 0 to delete\.\n$/);
    const plan = JSON.parse(await read("plan.json")) as { digest: string; changes: { kind: string }[] };
    expect(await read("plan.md")).toContain(`reconcile apply --expect ${plan.digest}`);
    expect(JSON.parse(await read("plan.sarif")).runs[0].results.length).toBeGreaterThanOrEqual(
      plan.changes.length,
    );
    expect(await read("plan.xml")).toContain('<testsuite name="reconcile.changes"');
    const rows = (csv: string): number => csv.split("\r\n").length;
    const assignments = plan.changes.filter(({ kind }) => kind === "assignment").length;
    expect(rows(await read("planned.csv")) - rows(await read("live.csv"))).toBe(assignments);
  });

  it("the same plan gives the same bytes", async () => {
    const formats = ["markdown", "sarif", "junit", "csv"];
    const run = (): Promise<string[]> =>
      world
        .run("plan", ...manifest, ...formats.flatMap((format) => ["--format", `${format}=out.${format}`]))
        .then(() => Promise.all(formats.map((format) => read(`out.${format}`))));
    expect(await run()).toEqual(await run());
  });

  it("for GitHub: folds the plan in the log, annotates lines, and fills the job's summary", async () => {
    await mkdir(join(world.folder, "runner"), { recursive: true });
    const summary = await world.write("runner/summary.md", "# before\n");
    const { exitCode, stdout } = await reconcile(["plan", ".", "--rps", "1000", "--format", "github"], {
      cwd: join(world.folder, "infra"),
      env: {
        ...sandboxEnvironment(world.sandbox.url),
        GITHUB_STEP_SUMMARY: summary,
        GITHUB_WORKSPACE: world.folder,
        GITHUB_EVENT_NAME: "push",
      },
    });
    expect(exitCode).toBe(exitCodes.ok);
    const lines = stdout.split("\n");
    expect(lines[0]).toBe("::group::Plan");
    expect(stdout).toMatch(
      /^::warning file=infra\/access\.yaml,line=\d+,col=\d+,title=Look at this first::Assigns AdministratorAccess/m,
    );
    expect(stdout).toMatch(/\n::endgroup::\n[^]*\nPlan: \d+ to create, 0 to update, 0 to delete\.\n$/);
    const written = await readFile(summary, "utf8");
    expect(written).toMatch(/^# before\n## Access plan: \d+ changes/);
    expect(written).toMatch(/AWS as of \d{4}-\d\d-\d\d \d\d:\d\d UTC/);
    expect(written).not.toContain("merging");
  });
});

describe("validate", () => {
  it("annotates mistakes at their lines", async () => {
    await world.write("bad/access.yaml", "version: 1\ngroups:\n  Team: { colour: red }\n");
    const { exitCode, stdout, stderr } = await world.run(
      "validate",
      "bad",
      ...["github", "sarif=bad.sarif", "junit=bad.xml", "text=bad.txt"].flatMap((each) => ["--format", each]),
    );
    expect(exitCode).toBe(exitCodes.invalid);
    expect(stdout).toMatch(/^::error file=bad\/access\.yaml,line=3,col=11,title=unknown-property::/m);
    expect(stderr).toBe("");
    expect(JSON.parse(await read("bad.sarif")).runs[0].results[0].ruleId).toBe("unknown-property");
    expect(await read("bad.xml")).toContain('failures="1"');
    expect(await read("bad.txt")).toContain("error[unknown-property]");
  });

  it("fills the job's summary, with the line of each mistake", async () => {
    await world.write("bad/access.yaml", "version: 1\ngroups:\n  Team: { colour: red }\n");
    const summary = await world.write("validated.md", "");
    const env = { GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: summary };
    for (const folder of ["bad", "infra"])
      await reconcile(["validate", folder, "--format", "github"], { cwd: world.folder, env });
    const text = await read("validated.md");
    expect(text).toMatch(/^## The manifest is not valid: 1 error\n/);
    expect(text).toContain("\n  3 |   Team: { colour: red }\n    |           ^^^^^^\n");
    expect(text).toMatch(/\n## The manifest is valid\n\nValid\. 1 user, 3 groups, /);
  });

  it("a valid manifest passes in each of them", async () => {
    const { exitCode, stdout } = await world.run("validate", "infra", "--format", "junit");
    expect(exitCode).toBe(exitCodes.ok);
    expect(stdout).toContain('tests="1" failures="0"');
  });
});

it.each([
  [["plan", "--format", "yaml"], "Expected text, json"],
  [["plan", "--format", "json", "--format", "markdown"], "stdout gets json already"],
  [["validate", "--format", "csv"], "Expected text, json"],
])("%j is a mistake of usage", async (args, message) => {
  const { exitCode, stdout, stderr } = await reconcile(args, { cwd: world.folder });
  expect(exitCode).toBe(exitCodes.invalid);
  expect(stdout).toBe("");
  expect(stderr).toContain(message);
});
