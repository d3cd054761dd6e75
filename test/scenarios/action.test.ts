/** The composite action, step by step as the runner would run it: what becomes of its inputs, and what it hands on. */
import { cp, mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { startDenyingProxy } from "../support/denying-proxy.ts";
import { createRepository } from "../support/git-repository.ts";
import { ourAction, runSteps } from "../support/github-steps.ts";
import { createStores } from "../support/github-stores.ts";
import { createHands } from "../support/hands.ts";
import { s3LockPlace } from "../support/lock-places.ts";
import { root, sandboxEnvironment } from "../support/reconcile.ts";
import { settled } from "../support/settled.ts";
import { teamManifest } from "../support/team-manifest.ts";
import { createWorld, type World } from "../support/world.ts";

interface Action {
  readonly inputs: Readonly<Record<string, object>>;
  readonly outputs: Readonly<Record<string, object>>;
  readonly runs: { readonly steps: readonly { readonly run?: string }[] };
}
const file = join(root, ".github/actions/reconcile/action.yml");
const action = parse(await readFile(file, "utf8")) as Action;

let world: World;
beforeEach(async () => {
  world = await createWorld();
  await mkdir(join(world.folder, "temp"));
  await mkdir(join(world.folder, "workspace"));
  await world.write("workspace/access.yaml", {
    version: 1,
    groups: { Team: {} },
    permissionSets: { Reader: { managedPolicies: ["ReadOnlyAccess"] } },
    assignments: [{ groups: ["Team"], permissionSets: ["Reader"], accounts: ["development"] }],
  });
});
afterEach(() => world.close());

/** A step of a job that uses the action, on a machine that has credentials. */
const run = async (inputs: Readonly<Record<string, string>>, more: Readonly<Record<string, string>> = {}) => {
  const [workspace, temp] = [join(world.folder, "workspace"), join(world.folder, "temp")];
  const step = { id: "it", uses: `${ourAction}@TOOL_COMMIT`, with: { region: "us-east-1", ...inputs } };
  const { steps, log } = await runSteps([step], {
    place: { workspace, temp, folder: world.folder },
    variables: {
      ...sandboxEnvironment(world.sandbox.url),
      GITHUB_ACTIONS: "true",
      GITHUB_WORKSPACE: workspace,
      RUNNER_TEMP: temp,
      ...more,
    },
    context: { github: { token: "token" } },
    stores: createStores(join(world.folder, "stores"), "refs/heads/main"),
    checkout: async () => {},
  });
  const { outputs } = steps.it as { readonly outputs: Readonly<Record<string, string>> };
  return { outputs, log, exitCode: Number(/exit code (\d+)\.$/m.exec(log)?.[1] ?? 0) };
};

describe("the action", () => {
  it("plans, then applies exactly that plan, then finds drift", async () => {
    const planned = await run({ command: "plan" });
    expect(planned.exitCode, planned.log).toBe(0);
    const { digest = "", plan = "" } = planned.outputs;
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    expect((await run({ command: "apply", expect: "0".repeat(64) })).exitCode).toBe(5);
    expect((await run({ command: "apply", "reviewed-plan": plan, expect: "0".repeat(64) })).exitCode).toBe(5);
    expect(world.instance.assignments).toEqual([]);
    expect((await run({ command: "apply", "reviewed-plan": plan, expect: digest })).exitCode).toBe(0);
    expect(world.instance.assignments).toHaveLength(1);

    const clean = await run({ command: "drift" });
    expect(clean.outputs["has-changes"]).toBe("false");
    await createHands(world).assign("Reader", "111111111111", "GROUP", "Team");
    await settled(world);
    const drifted = await run({ command: "drift" });
    expect(drifted.outputs["has-changes"]).toBe("true");
    expect(drifted.exitCode).toBe(2);
    const given = [planned, drifted].flatMap(({ outputs }) => Object.entries(outputs));
    expect(new Set(given.flatMap(([name, value]) => (value === "" ? [] : [name])))).toEqual(
      new Set(Object.keys(action.outputs)),
    );
  });

  it("applies whatever the plan says only where it is told to", async () => {
    expect((await run({ command: "apply" })).exitCode).toBe(3);
    expect(world.instance.assignments).toEqual([]);
    expect((await run({ command: "apply", "auto-approve": "true" })).exitCode).toBe(0);
    expect(world.instance.assignments).toHaveLength(1);
  });

  it("applies only with the lock that it is given", async () => {
    const place = await s3LockPlace();
    const { url, env } = place;
    const inputs = { command: "apply", "auto-approve": "true" };
    const without = await run({ ...inputs, lock: url.replace("locks", "nowhere") }, env);
    expect(without.exitCode, without.log).not.toBe(0);
    expect(world.instance.assignments).toEqual([]);
    const { exitCode, log } = await run({ ...inputs, lock: url }, env);
    await place.close();
    expect(exitCode, log).toBe(0);
    expect(world.instance.assignments).toHaveLength(1);
  });

  it("plans and applies only what has changed since a commit, where it is given one", async () => {
    const repository = await createRepository(join(world.folder, "workspace"));
    repository.commit();
    const team = parse(await readFile(join(repository.folder, "access.yaml"), "utf8")) as object;
    await world.write("workspace/access.yaml", { ...team, groups: { Team: {}, New: {} } });
    repository.commit();
    const planned = await run({ command: "plan", since: "HEAD^1" });
    expect(planned.exitCode, planned.log).toBe(0);
    const { digest = "" } = planned.outputs;
    expect((await run({ command: "apply", expect: digest })).exitCode).toBe(5);
    const applied = await run({ command: "apply", expect: digest, since: "HEAD^1" });
    expect(applied.exitCode, applied.log).toBe(0);
    expect(world.instance.groups.map(({ DisplayName }) => DisplayName)).toEqual(["New"]);
    expect(world.instance.permissionSets).toEqual([]);
  });

  it("lets a guard pass what it is told, in the words of its refusal", async () => {
    const guards = { approval: "any" };
    await world.write("workspace/guarded.yaml", { version: 1, groups: { Team: {} }, guards });
    const inputs = { command: "apply", manifest: "guarded.yaml", "auto-approve": "true" };
    const refused = await run(inputs);
    expect(refused.exitCode).toBe(4);
    const allow = /--allow (approval=\d+)/.exec(refused.log)?.[1] ?? "";
    expect(world.instance.groups).toEqual([]);
    for (const text of [`max-removals=groups:1 ${allow}`, `\n  max-removals=groups:1\n  ${allow}\n`])
      expect((await run({ ...inputs, command: "plan", allow: text })).log).toContain(
        "allowed, against guard",
      );
    expect((await run({ ...inputs, allow: `max-removals=groups:1\n--allow ${allow}\n` })).exitCode).toBe(0);
    expect(world.instance.groups).toHaveLength(1);
  });

  it("takes no name of a manifest for an option", async () => {
    const guards = { approval: "any" };
    await world.write("workspace/access.yaml", { version: 1, groups: { Team: {} }, guards });
    const { exitCode, log } = await run({
      command: "apply",
      manifest: "--allow=approval=99",
      "auto-approve": "true",
    });
    expect(exitCode, log).toBe(3);
    expect(log).toContain("--allow=approval=99");
    expect(world.instance.groups).toEqual([]);
    for (const command of ["plan", "drift"])
      expect((await run({ command, manifest: "--help" })).exitCode).toBe(3);
  });

  it("fails where nothing is to change because something could not be read, and says how much", async () => {
    await world.write("workspace/access.yaml", teamManifest(["production", "development"]));
    const apply = await run({ command: "apply", "auto-approve": "true" });
    expect(apply.exitCode, apply.log).toBe(0);
    const proxy = await startDenyingProxy(world.sandbox.url, "ListAccountAssignments", "222222222222");
    const unread = await run({ command: "plan" }, { AWS_ENDPOINT_URL: proxy.url });
    await proxy.close();
    expect(unread.exitCode, unread.log).toBe(1);
    expect(unread.outputs).toMatchObject({ "has-changes": "false", unchecked: "2" });
    expect(unread.log).toMatch(/^::warning title=Not checked::Nobody knows.*assignment\/222222222222/m);
    expect(unread.log).toMatch(/No changes in what could be read\.\n/);
    expect(unread.log).toMatch(/\nExit code 1: not everything could be read.*\n##\[error\].*\n$/);

    const clean = await run({ command: "plan" });
    expect(clean.exitCode, clean.log).toBe(0);
    expect(clean.outputs).toMatchObject({ "has-changes": "false", unchecked: "0" });
  });

  it("takes names with blanks, quotes and dollars as they are", async () => {
    const name = `a 'b' "c" $(touch pwned) d`;
    await cp(
      join(world.folder, "workspace/access.yaml"),
      join(world.folder, "workspace", name, "access.yaml"),
    );
    const planned = await run({ command: "plan", "working-directory": name });
    expect(planned.exitCode, planned.log).toBe(0);
    expect((await run({ command: "plan", manifest: name })).exitCode).toBe(0);
    await run({ command: "drift", environment: name, accept: name });
    const files = await readdir(world.folder, { recursive: true });
    expect(files.filter((each) => each.endsWith("pwned"))).toEqual([]);
  });

  it("refuses another command", async () => {
    const { exitCode, log } = await run({ command: "destroy; echo pwned" });
    expect(exitCode).toBe(3);
    expect(log).toContain("must be plan, apply or drift");
    expect(log).not.toMatch(/^pwned/m);
  });

  it("uses each of its inputs, and puts none into shell text", () => {
    const steps = JSON.stringify(action.runs.steps);
    for (const name of Object.keys(action.inputs)) expect(steps).toContain(`{{ inputs.${name} }}`);
    for (const { run: text = "" } of action.runs.steps) expect(text).not.toContain("${{");
  });
});
