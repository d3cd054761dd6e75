/**
 * What replaces access must be there before the access goes, by whatever way it comes, and what widens access must not
 * reach those who were to lose it: one call of the apply fails for good, and the test looks at who has what.
 */
import type * as TimersPromises from "node:timers/promises";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { SandboxState } from "../../src/sandbox/state.ts";
import { runInProcess } from "../support/in-process.ts";
import { sketchOf } from "../support/sandbox-sketch.ts";
import { settled } from "../support/settled.ts";
import { createWorld, type World } from "../support/world.ts";

// The clock of the AWS clients: as often as ever, without the waits of ten attempts.
vi.mock("node:timers/promises", async (original) => {
  const timers = await original<typeof TimersPromises>();
  return {
    ...timers,
    setTimeout: (milliseconds: number, ...rest: []) => timers.setTimeout(Math.min(milliseconds, 2), ...rest),
  };
});

let world: World;
afterEach(() => world.close());

const run = (...args: string[]) => {
  let time = Date.now();
  return runInProcess([...args, "--rps", "1000"], {
    cwd: world.folder,
    url: world.sandbox.url,
    longestSleep: 2,
    now: () => (time += 200),
  });
};

const open = async (manifest: object, seed?: SandboxState, faults?: string): Promise<void> => {
  world = await createWorld({
    ...(seed === undefined ? {} : { seed }),
    ...(faults === undefined ? {} : { faults }),
  });
  await world.write("access.yaml", { version: 1, ...manifest });
};

const allowances = ["--allow", "max-removals=users:9,groups:9,memberships:9,permissionSets:9,assignments:9"];

/** What is not done, with its reason. */
const leftUndone = (stdout: string): Record<string, string> =>
  Object.fromEntries(
    (JSON.parse(stdout).outcomes as { address: string; status: string; detail?: string }[])
      .filter(({ status }) => status === "skipped")
      .map(({ address, detail }) => [address, detail ?? ""]),
  );

/** Applies `before`, then `after` with the fault, and gives what stands there and what was left undone. */
const cutShort = async (before: object, after: object, faults: string) => {
  await open(before);
  expect((await run("apply", "--auto-approve")).exitCode).toBe(0);
  await settled(world);
  const { state, instance } = world;
  // None is newer than another, so that any may be the earlier name of any.
  for (const set of instance.permissionSets) set.CreatedDate = 0;
  await world.close();
  await open(after, state, faults);
  const { exitCode, stdout, stderr } = await run(
    "apply",
    "--auto-approve",
    "--format",
    "json",
    ...allowances,
  );
  expect({ exitCode, stderr: exitCode === 6 ? "" : stderr }).toEqual({ exitCode: 6, stderr: "" });
  const { memberships, assignments, sets } = sketchOf(world.instance);
  return { memberships, assignments, sets, undone: leftUndone(stdout) };
};

const account = "111111111111";
const jane = { jane: { givenName: "Jane", familyName: "Doe", displayName: "Jane Doe" } };
const max = { max: { givenName: "Max", familyName: "Roe", displayName: "Max Roe" } };
const admin = { managedPolicies: ["AdministratorAccess"] };
const reader = { managedPolicies: ["ReadOnlyAccess"] };
const give = (
  permissionSet: string,
  to: { groups: string[] } | { users: string[] },
  accounts = [account],
) => ({
  ...to,
  permissionSets: [permissionSet],
  accounts,
});
const toGroup = (permissionSet: string, ...groups: string[]) => give(permissionSet, { groups });
const cause = (address: string): string =>
  `Not done, because ${address} failed: access is taken only when what replaces it is there`;

describe("nobody's access goes before what replaces it is there", () => {
  it("keeps a direct assignment where its user does not get into the group that has it", async () => {
    const same = {
      users: jane,
      permissionSets: { Admin: admin },
      guards: { minAdministrators: [{ accounts: [account], people: 1 }] },
    };
    const { assignments, undone } = await cutShort(
      {
        ...same,
        groups: { Admins: { members: [] } },
        assignments: [give("Admin", { users: ["jane"] }), toGroup("Admin", "Admins")],
      },
      { ...same, groups: { Admins: { members: ["jane"] } }, assignments: [toGroup("Admin", "Admins")] },
      "denied@CreateGroupMembership=1",
    );
    expect(assignments).toContain(`${account}/Admin/user:jane`);
    expect(undone).toEqual({ [`assignment/${account}/Admin/user:jane`]: cause("membership/Admins/jane") });
  });

  it("keeps a membership where the new group does not get its assignment", async () => {
    const same = { users: jane, permissionSets: { Admin: admin } };
    const { memberships, undone } = await cutShort(
      {
        ...same,
        groups: { Old: { members: ["jane"] }, New: { members: [] } },
        assignments: [toGroup("Admin", "Old")],
      },
      {
        ...same,
        groups: { Old: { members: [] }, New: { members: ["jane"] } },
        assignments: [toGroup("Admin", "Old", "New")],
      },
      "async-failed@CreateAccountAssignment=1",
    );
    expect(memberships).toEqual(["New/jane", "Old/jane"]);
    expect(undone["membership/Old/jane"]).toBe(cause(`assignment/${account}/Admin/group:New`));
  });

  it.each([
    ["breakGlass", { breakGlass: [{ groups: ["BG"], accounts: [account] }] }],
    ["minAdministrators", { minAdministrators: [{ accounts: [account], people: 1 }] }],
  ])(
    "keeps the last administrator where the one who replaces them is not created (%s)",
    async (_, guards) => {
      const same = { permissionSets: { Admin: admin }, assignments: [toGroup("Admin", "BG")], guards };
      const { memberships, undone } = await cutShort(
        { ...same, users: jane, groups: { BG: { members: ["jane"] } } },
        { ...same, users: { ...jane, ...max }, groups: { BG: { members: ["max"] } } },
        "denied@CreateUser=1",
      );
      expect(memberships).toEqual(["BG/jane"]);
      expect(undone["membership/BG/jane"]).toBe(cause("user/max"));
    },
  );

  it.each([
    ["declared", "acme"],
    ["exclusive", null],
  ])(
    "keeps a permission set that goes, with its assignment, where another is not assigned (%s)",
    async (mode, name) => {
      const same = { ...(name === null ? {} : { name }), mode, groups: { Ops: {} }, users: jane };
      const { assignments, sets } = await cutShort(
        { ...same, permissionSets: { OldAdmin: admin }, assignments: [toGroup("OldAdmin", "Ops")] },
        { ...same, permissionSets: { NewAdmin: admin }, assignments: [toGroup("NewAdmin", "Ops")] },
        "async-failed@CreateAccountAssignment=1",
      );
      expect(assignments).toEqual([`${account}/OldAdmin/group:Ops`]);
      expect(Object.keys(sets)).toContain("OldAdmin");
    },
  );

  it("keeps an assignment where another set of the same group does not come to allow as much", async () => {
    const { assignments } = await cutShort(
      {
        users: jane,
        groups: { BG: { members: ["jane"] } },
        permissionSets: { A1: admin, Ops: reader },
        assignments: [toGroup("A1", "BG"), toGroup("Ops", "BG")],
      },
      {
        users: jane,
        groups: { BG: { members: ["jane"] } },
        permissionSets: { A1: admin, Ops: admin },
        assignments: [toGroup("Ops", "BG")],
      },
      "denied@AttachManagedPolicyToPermissionSet=1",
    );
    expect(assignments).toEqual([`${account}/A1/group:BG`, `${account}/Ops/group:BG`]);
  });

  it("keeps what a set had under its earlier name where the new one cannot be brought up to date", async () => {
    const { assignments } = await cutShort(
      {
        groups: { G: {} },
        permissionSets: { Old: admin, New: reader },
        assignments: [toGroup("Old", "G"), toGroup("New", "G")],
      },
      {
        groups: { G: {} },
        permissionSets: { New: { ...admin, previously: ["Old"] } },
        assignments: [toGroup("New", "G")],
      },
      "denied@AttachManagedPolicyToPermissionSet=1",
    );
    expect(assignments).toEqual([`${account}/New/group:G`, `${account}/Old/group:G`]);
  });

  it("keeps what a permission set allows where another is not assigned to who has it", async () => {
    const { sets } = await cutShort(
      { groups: { G: {} }, users: jane, permissionSets: { Dev: admin }, assignments: [toGroup("Dev", "G")] },
      {
        groups: { G: {} },
        users: jane,
        permissionSets: { Dev: reader, Admin: admin },
        assignments: [toGroup("Dev", "G"), toGroup("Admin", "G")],
      },
      "async-failed@CreateAccountAssignment=1",
    );
    expect(sets.Dev?.managedPolicies).toEqual(["AdministratorAccess"]);
  });

  it("does not wait with what is listed under removed, nor for what is given to somebody else", async () => {
    const { assignments, memberships } = await cutShort(
      {
        users: { ...jane, ...max },
        groups: { Team: { members: ["jane", "max"] }, Other: { members: [] } },
        permissionSets: { Dev: reader, Gone: admin },
        assignments: [toGroup("Gone", "Team"), toGroup("Dev", "Other")],
      },
      {
        users: { ...jane, ...max },
        groups: { Team: { members: ["jane"] }, Other: { members: ["jane"] } },
        permissionSets: { Dev: reader },
        assignments: [toGroup("Dev", "Other", "Team")],
        removed: { permissionSets: ["Gone"] },
      },
      "denied@CreateGroupMembership=1",
    );
    expect(memberships).toEqual(["Team/jane"]);
    expect(assignments).toEqual([`${account}/Dev/group:Other`, `${account}/Dev/group:Team`]);
  });
});

describe("who was to lose access does not get more", () => {
  it("does not widen a permission set that could not be taken from a group", async () => {
    const same = { groups: { Devs: {}, Contractors: {} } };
    const { assignments, sets, undone } = await cutShort(
      { ...same, permissionSets: { Dev: reader }, assignments: [toGroup("Dev", "Devs", "Contractors")] },
      { ...same, permissionSets: { Dev: admin }, assignments: [toGroup("Dev", "Devs")] },
      "async-failed@DeleteAccountAssignment=1",
    );
    expect(assignments).toHaveLength(2);
    expect(sets.Dev?.managedPolicies).toEqual(["ReadOnlyAccess"]);
    expect(undone).toEqual({
      "permissionSet/Dev": `Not done, because assignment/${account}/Dev/group:Contractors failed: nothing more is given to who was to lose access first`,
    });
  });

  it("does not give a group more while somebody is in it who was to leave", async () => {
    const same = { users: { ...jane, ...max }, permissionSets: { Admin: admin } };
    const { assignments, memberships } = await cutShort(
      { ...same, groups: { G: { members: ["jane", "max"] } } },
      { ...same, groups: { G: { members: ["max"] } }, assignments: [toGroup("Admin", "G")] },
      "denied@DeleteGroupMembership=1",
    );
    expect(memberships).toEqual(["G/jane", "G/max"]);
    expect(assignments).toEqual([]);
  });
});
