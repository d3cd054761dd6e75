/** The composite action, step by step as the runner would run it, and the workflows that use it. */
import { spawn } from "node:child_process";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { createHands } from "../support/hands.ts";
import { root, sandboxEnvironment } from "../support/reconcile.ts";
import { settled } from "../support/settled.ts";
import { createWorld, type World } from "../support/world.ts";

interface Step {
  readonly name?: string;
  readonly id?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, string | boolean>>;
}
interface Action {
  readonly inputs: Readonly<Record<string, { readonly default?: string; readonly required?: boolean }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly steps: readonly Step[] };
}
const folder = join(root, ".github/actions/reconcile");
const action = parse(await readFile(join(folder, "action.yml"), "utf8")) as Action;
const runStep = action.runs.steps.find(({ id }) => id === "run");

let world: World;
beforeEach(async () => {
  world = await createWorld();
  await mkdir(join(world.folder, "temp"));
  await world.write("access.yaml", {
    version: 1,
    groups: { Team: {} },
    permissionSets: { Reader: { managedPolicies: ["ReadOnlyAccess"] } },
    assignments: [{ groups: ["Team"], permissionSets: ["Reader"], accounts: ["development"] }],
  });
});
afterEach(() => world.close());

/** Fills in the expressions of the step's environment, and runs it. */
const run = async (inputs: Readonly<Record<string, string>>) => {
  const valueOf = (expression: string): string =>
    expression.replace(/\$\{\{ inputs\.([a-z-]+) \}\}/g, (_all, name: string) => {
      const declared = action.inputs[name];
      if (declared === undefined) throw new Error(`The action has no input ${name}.`);
      return inputs[name] ?? (declared.default ?? "").replace("${{ github.token }}", "token");
    });
  const env = Object.fromEntries(
    Object.entries(runStep?.env ?? {}).map(([name, text]) => [name, valueOf(text)]),
  );
  const outputFile = await world.write("output.txt", "");
  const child = spawn("bash", ["-c", runStep?.run ?? "exit 99"], {
    cwd: world.folder,
    env: {
      PATH: process.env.PATH,
      ...env,
      ...sandboxEnvironment(world.sandbox.url),
      GITHUB_ACTION_PATH: folder,
      GITHUB_ACTIONS: "true",
      GITHUB_OUTPUT: outputFile,
      RUNNER_TEMP: join(world.folder, "temp"),
    },
  });
  let log = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      log += text;
    });
  }
  const exitCode = await new Promise((resolve) => child.on("close", resolve));
  return { exitCode, log, outputs: await readFile(outputFile, "utf8") };
};

describe("the action", () => {
  it("plans, then applies exactly that plan, then finds drift", async () => {
    const planned = await run({ command: "plan", region: "us-east-1" });
    expect(planned.exitCode).toBe(0);
    const digest = /\b[0-9a-f]{64}\b/.exec(planned.outputs)?.[0] ?? "";
    expect((await run({ command: "apply", region: "us-east-1", expect: "0".repeat(64) })).exitCode).toBe(5);
    expect((await run({ command: "apply", region: "us-east-1" })).exitCode).toBe(3);
    expect(world.instance.assignments).toEqual([]);
    const plan = join(world.folder, "temp/reconcile-plan.json");
    expect((await run({ command: "apply", region: "us-east-1", "reviewed-plan": plan })).exitCode).toBe(0);
    expect(digest).not.toBe("");
    expect(world.instance.assignments).toHaveLength(1);

    const clean = await run({ command: "drift", region: "us-east-1" });
    expect(clean.outputs).toMatch(/^has-changes<<(\w+)\nfalse\n\1$/m);
    await createHands(world).assign("Reader", "111111111111", "GROUP", "Team");
    await settled(world);
    const drifted = await run({ command: "drift", region: "us-east-1" });
    expect(drifted.outputs).toMatch(/^has-changes<<(\w+)\ntrue\n\1$/m);
    expect(drifted.exitCode).toBe(2);
    const given = new Set(
      [...(planned.outputs + drifted.outputs).matchAll(/^([\w-]+)<</gm)].map(([, name]) => name),
    );
    expect(given).toEqual(new Set(Object.keys(action.outputs)));
  });

  it("applies whatever the plan says only where it is told to", async () => {
    expect((await run({ command: "apply", region: "us-east-1", "auto-approve": "true" })).exitCode).toBe(0);
    expect(world.instance.assignments).toHaveLength(1);
  });

  it("refuses another command", async () => {
    const { exitCode, log } = await run({ command: "destroy; echo pwned", region: "us-east-1" });
    expect(exitCode).toBe(3);
    expect(log).toContain("must be plan, apply or drift");
    expect(log).not.toMatch(/^pwned/m);
  });

  it("never puts an input into shell text", () => {
    for (const { run: text = "" } of action.runs.steps) expect(text).not.toContain("${{");
  });
});

describe("the workflows", async () => {
  const workflows = [".github/workflows", "examples/workflows"];
  const files = (
    await Promise.all(
      workflows.map(async (path) => (await readdir(join(root, path))).map((name) => `${path}/${name}`)),
    )
  ).flat();
  it.each(files.filter((name) => !name.endsWith("gitlab-ci.yml")))("%s", async (name) => {
    const workflow = parse(await readFile(join(root, name), "utf8")) as {
      on: object;
      permissions: object;
      jobs: Record<string, { permissions: object; steps: Step[] }>;
    };
    expect(workflow.permissions).toEqual({});
    // These run with the rights of the base branch, on what a stranger wrote.
    for (const event of ["pull_request_target", "workflow_run", "issue_comment"])
      expect(Object.keys(workflow.on)).not.toContain(event);
    for (const { permissions, steps } of Object.values(workflow.jobs)) {
      expect(permissions).toBeDefined();
      for (const { uses, run: text = "", with: given = {} } of steps) {
        expect(text).not.toContain("${{");
        if (uses === undefined) continue;
        if (uses.startsWith("actions/checkout@")) expect(given["persist-credentials"]).toBe(false);
        if (uses.includes("/.github/actions/reconcile@")) {
          for (const input of Object.keys(given)) expect(Object.keys(action.inputs)).toContain(input);
          for (const [input, { required }] of Object.entries(action.inputs))
            if (required === true) expect(Object.keys(given)).toContain(input);
        } else expect(uses).toMatch(/@[0-9a-f]{40}$/);
      }
    }
  });

  it("of GitLab parses", async () => {
    const text = await readFile(join(root, "examples/workflows/gitlab-ci.yml"), "utf8");
    expect(Object.keys(parse(text) as object)).toEqual(["stages", "default", "plan", "apply", "drift"]);
  });
});
