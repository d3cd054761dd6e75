/**
 * What was reviewed is also whom a change reaches: the same call gives more, or gives it to more people, when access
 * beside it has changed. And a plan that was not carried out is not told as done.
 */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createHands, type Hands } from "../support/hands.ts";
import { startDenyingProxy } from "../support/denying-proxy.ts";
import { runInProcess } from "../support/in-process.ts";
import { settled } from "../support/settled.ts";
import { createWorld, type World } from "../support/world.ts";

let world: World;
let hands: Hands;
let url: string;
beforeEach(async () => {
  world = await createWorld();
  hands = createHands(world);
  url = world.sandbox.url;
});
afterEach(() => world.close());

const reconcile = (...args: string[]) =>
  runInProcess([...args, "--rps", "1000"], { cwd: world.folder, url, longestSleep: 20 });
const applied = async (manifest: object): Promise<void> => {
  await world.write("access.yaml", manifest);
  const { exitCode, stderr } = await reconcile("apply", "--auto-approve");
  expect(exitCode, stderr).toBe(0);
};
const planned = async (manifest: object): Promise<string> => {
  await world.write("access.yaml", manifest);
  expect((await reconcile("plan", "--out", "plan.json")).exitCode).toBe(0);
  return (JSON.parse((await reconcile("plan", "--format", "json")).stdout) as { digest: string }).digest;
};

const people = { jane: { givenName: "Jane", familyName: "Doe", displayName: "Jane Doe" } };
const base = {
  version: 1,
  users: people,
  groups: { Devs: { members: [] as string[] }, Contractors: {} },
  permissionSets: {
    Dev: { managedPolicies: ["ReadOnlyAccess"] },
    Admin: { managedPolicies: ["AdministratorAccess"] },
  },
  assignments: [{ groups: ["Devs"], permissionSets: ["Dev"], accounts: ["development"] }],
};
const joined = { ...base, groups: { ...base.groups, Devs: { members: ["jane"] } } };
const widened = {
  ...base,
  mode: { default: "declared", assignments: "additive" },
  permissionSets: { ...base.permissionSets, Dev: { managedPolicies: ["AdministratorAccess"] } },
};

describe("whom a change reaches", () => {
  it("is reviewed with it: a group that was given more meanwhile is not joined by the old plan", async () => {
    // Nothing of Admin is declared, so that what is assigned of it is left alone.
    const { Admin: _, ...sets } = base.permissionSets;
    await applied(base);
    const digest = await planned({ ...joined, permissionSets: sets });
    await hands.assign("Admin", "111111111111", "GROUP", "Devs");
    await settled(world);
    for (const how of [
      ["--plan", "plan.json"],
      ["--expect", digest],
    ]) {
      const stale = await reconcile("apply", ...how);
      expect(stale.exitCode).toBe(5);
      expect(stale.stderr).toContain("stale-plan");
    }
    const { stderr } = await reconcile("apply", "--plan", "plan.json");
    expect(stderr).toMatch(/membership\/Devs\/jane {2}\(does the same, and reaches further now\)/);
    expect(stderr).toContain("+ accounts: 111111111111");
    expect(stderr).toContain("+ administrator access to: 111111111111");
    expect(world.instance.memberships).toEqual([]);
  });

  it("is reviewed with it: a permission set that others were given meanwhile is not widened by the old plan", async () => {
    await applied({ ...base, mode: widened.mode });
    await planned(widened);
    await hands.assign("Dev", "111111111111", "GROUP", "Contractors");
    await settled(world);
    const { exitCode, stderr } = await reconcile("apply", "--plan", "plan.json");
    expect(exitCode).toBe(5);
    expect(stderr).toMatch(/permissionSet\/Dev {2}\(does the same, and reaches further now\)/);
    expect(stderr).toContain("+ for: group:Contractors");
    expect(stderr).toContain("+ administrator access to: 111111111111");
  });

  it("counts by pairs: the same groups and accounts, differently joined, are others", async () => {
    const both = {
      ...base,
      mode: widened.mode,
      assignments: [
        { groups: ["Devs"], permissionSets: ["Dev"], accounts: ["development"] },
        { groups: ["Contractors"], permissionSets: ["Dev"], accounts: ["production"] },
      ],
    };
    await applied(both);
    await planned({ ...widened, assignments: both.assignments });
    await hands.assign("Dev", "111111111111", "GROUP", "Devs");
    await settled(world);
    const { exitCode, stderr } = await reconcile("apply", "--plan", "plan.json");
    expect(exitCode).toBe(5);
    expect(stderr).toContain("others have it, or in other accounts, than when it was reviewed");
  });

  it("does not count where it is not touched: access of others may come and go", async () => {
    await applied(base);
    await planned(joined);
    await hands.assign("Dev", "222222222222", "USER", "jane");
    await settled(world);
    // The assignment is not declared: it is what the plan finds beside its change, of a declared set.
    const { stderr } = await reconcile("apply", "--plan", "plan.json");
    expect(stderr).not.toContain("reaches further");
  });
});

describe("where nothing is to be done now", () => {
  it("a reviewed plan that stands there already is done, whoever did it", async () => {
    await applied(base);
    const digest = await planned(joined);
    expect((await reconcile("apply", "--auto-approve")).exitCode).toBe(0);
    expect((await reconcile("apply", "--plan", "plan.json")).exitCode).toBe(0);
    expect((await reconcile("apply", "--expect", digest)).exitCode).toBe(0);
  });

  it("one that was not looked at is stale: --only hides it", async () => {
    await applied(base);
    const digest = await planned(joined);
    for (const how of [
      ["--plan", "plan.json"],
      ["--expect", digest],
    ]) {
      const { exitCode, stderr } = await reconcile("apply", ...how, "--only", "user/nobody");
      expect(exitCode).toBe(5);
      expect(stderr).toContain("stale-plan");
    }
    expect(world.instance.memberships).toEqual([]);
  });

  it("one that could not be read is stale, and says what could not", async () => {
    const everywhere = {
      groups: ["Contractors"],
      permissionSets: ["Dev"],
      accounts: ["production"],
    };
    await applied({ ...joined, assignments: [...joined.assignments, everywhere] });
    const digest = await planned({ ...joined, assignments: [everywhere] });
    const proxy = await startDenyingProxy(world.sandbox.url, "ListAccountAssignments", "222222222222");
    url = proxy.url;
    const runs = [
      await reconcile("apply", "--plan", "plan.json"),
      await reconcile("apply", "--expect", digest),
    ];
    await proxy.close();
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([5, 5]);
    expect(runs[0]?.stderr).toContain("could not be read this time, so that nobody knows whether it is done");
    expect(world.instance.assignments).toHaveLength(2);
  });
});
