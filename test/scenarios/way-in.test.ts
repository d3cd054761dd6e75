/**
 * Nobody loses their way in, and nothing is reached that was not reviewed: what the plan promises holds when calls
 * fail, when AWS Organizations is not there, and when somebody changes access between the question and the answer.
 */
import { Readable } from "node:stream";
import { afterEach, describe, expect, it } from "vitest";
import { defaultSeed } from "../../src/sandbox/seed.ts";
import type { SandboxState } from "../../src/sandbox/state.ts";
import { createHands } from "../support/hands.ts";
import { runInProcess } from "../support/in-process.ts";
import { settled } from "../support/settled.ts";
import { createWorld, type World } from "../support/world.ts";

let world: World;
afterEach(() => world.close());

const open = async (manifest: object, seed?: SandboxState): Promise<void> => {
  world = await createWorld(seed === undefined ? {} : { seed });
  await world.write("access.yaml", { version: 1, ...manifest });
};
const run = (...args: string[]) =>
  runInProcess([...args, "--rps", "1000"], { cwd: world.folder, url: world.sandbox.url, longestSleep: 5 });
const apply = () => run("apply", "--auto-approve");
const assigned = () => {
  const { assignments, permissionSets, groups } = world.instance;
  return assignments
    .map(({ AccountId, PermissionSetArn, PrincipalId }) =>
      [
        AccountId,
        permissionSets.find((set) => set.PermissionSetArn === PermissionSetArn)?.Name,
        groups.find(({ GroupId }) => GroupId === PrincipalId)?.DisplayName ?? "?",
      ].join("/"),
    )
    .sort();
};

const people = { jane: { givenName: "Jane", familyName: "Doe", displayName: "Jane Doe" } };
const production = "111111111111";
const development = "222222222222";
const give = (set: string, group = "Team", accounts = [production]) => ({
  groups: [group],
  permissionSets: [set],
  accounts,
});

describe("what replaces must be there before anything goes", () => {
  it("keeps a group's old permission set where the new one cannot be assigned", async () => {
    const missing = { customerManagedPolicies: [{ name: "NotInAnyAccount" }] };
    const base = { groups: { Team: {} }, permissionSets: { Old: {}, New: missing } };
    await open({ ...base, assignments: [give("Old")] });
    expect((await apply()).exitCode).toBe(0);
    await world.write("access.yaml", { version: 1, ...base, assignments: [give("New")] });
    const { exitCode, stdout } = await apply();
    expect(exitCode).toBe(6);
    expect(stdout).toContain("NotInAnyAccount");
    expect(assigned()).toEqual([`${production}/Old/Team`]);
  });

  it("takes away what has to go by itself, whatever else fails", async () => {
    const missing = { customerManagedPolicies: [{ name: "NotInAnyAccount" }] };
    const base = { groups: { Team: {} }, permissionSets: { New: missing } };
    await open({ ...base, permissionSets: { ...base.permissionSets, Old: {} }, assignments: [give("Old")] });
    expect((await apply()).exitCode).toBe(0);
    await world.write("access.yaml", {
      version: 1,
      ...base,
      assignments: [give("New")],
      removed: { permissionSets: ["Old"] },
    });
    expect((await apply()).exitCode).toBe(6);
    expect(assigned()).toEqual([]);
  });

  it("waits with a membership's removal for the user's new group", async () => {
    await open({ users: people, groups: { A: { members: ["jane"] }, B: { members: [] } } });
    expect((await apply()).exitCode).toBe(0);
    await world.write("access.yaml", {
      version: 1,
      users: people,
      groups: { A: { members: [] }, B: { members: ["jane"] } },
    });
    const { changes } = JSON.parse((await run("plan", "--format", "json")).stdout);
    expect(
      changes.map(({ address, dependsOn }: { address: string; dependsOn: string[] }) => [address, dependsOn]),
    ).toEqual([
      ["membership/B/jane", []],
      ["membership/A/jane", ["membership/B/jane"]],
    ]);
  });
});

describe("what is provisioned", () => {
  const both = {
    groups: { Team: {} },
    permissionSets: { Set: {} },
    assignments: [give("Set", "Team", [production, development])],
  };
  const stale = () =>
    world.instance.provisioned.filter(({ latest }) => !latest).map(({ AccountId }) => AccountId);

  it("is what the plan names, and no account that is ignored", async () => {
    await open(both);
    expect((await apply()).exitCode).toBe(0);
    for (const role of world.instance.provisioned) role.latest = false;
    await world.write("access.yaml", {
      version: 1,
      ...both,
      ignore: [{ accounts: [production], reason: "its own team looks after it" }],
      assignments: [give("Set", "Team", [development])],
    });
    expect((await apply()).exitCode).toBe(0);
    expect(stale()).toEqual([production]);
  });

  it("works where AWS Organizations is not in use, with ids alone", async () => {
    await open(both, { ...defaultSeed(), organization: null });
    expect((await apply()).exitCode).toBe(0);
    expect(assigned()).toEqual([`${production}/Set/Team`, `${development}/Set/Team`]);
    for (const role of world.instance.provisioned) role.latest = false;
    expect((await apply()).exitCode).toBe(0);
    expect(stale()).toEqual([]);
    expect((await run("plan", "--detailed-exitcode")).stdout).toMatch(/No changes\.\n$/);
  });
});

describe("after the question", () => {
  const answer = (before: () => Promise<unknown>) =>
    runInProcess(["apply", "--rps", "1000"], {
      cwd: world.folder,
      url: world.sandbox.url,
      terminal: Readable.from(
        (async function* () {
          await before();
          yield "yes\n";
        })(),
      ),
    });
  const old = { groups: { Old: {}, Kept: {} }, permissionSets: { Set: {} } };

  it("applies what was shown", async () => {
    await open(old);
    expect((await answer(async () => {})).exitCode).toBe(0);
    expect(world.instance.groups.map(({ DisplayName }) => DisplayName).sort()).toEqual(["Kept", "Old"]);
  });

  it("applies nothing where somebody changed access meanwhile", async () => {
    await open(old);
    expect((await apply()).exitCode).toBe(0);
    await world.write("access.yaml", {
      version: 1,
      groups: { Kept: {} },
      permissionSets: { Set: {} },
      removed: { groups: ["Old"] },
    });
    const { exitCode, stderr } = await answer(async () => {
      await createHands(world).assign("Set", production, "GROUP", "Old");
      await settled(world);
    });
    expect(stderr).toContain("error[stale-plan]");
    expect(exitCode).toBe(5);
    expect(assigned()).toEqual([`${production}/Set/Old`]);
  });
});

it("leaves no role for nobody where a set is edited and loses its last assignment in an account", async () => {
  const base = { groups: { Team: {} } };
  const set = (hours: number) => ({ permissionSets: { Set: { sessionDuration: `PT${hours}H` } } });
  await open({ ...base, ...set(1), assignments: [give("Set", "Team", [production, development])] });
  expect((await apply()).exitCode).toBe(0);
  await world.write("access.yaml", { version: 1, ...base, ...set(8), assignments: [give("Set")] });
  expect((await apply()).exitCode).toBe(0);
  expect(world.instance.provisioned.map(({ AccountId, latest }) => ({ AccountId, latest }))).toEqual([
    { AccountId: production, latest: true },
  ]);
});

it("leaves a set alone that another manifest owns, though this one has no name", async () => {
  await open({ permissionSets: { Set: {} } });
  expect((await apply()).exitCode).toBe(0);
  await createHands(world).tag("Set", "reconcile:owner", "somebody");
  await world.write("access.yaml", { version: 1, permissionSets: { Set: { sessionDuration: "PT2H" } } });
  expect((await apply()).exitCode).toBe(3);
  expect(world.instance.permissionSets.map(({ SessionDuration }) => SessionDuration)).toEqual(["PT1H"]);
});
