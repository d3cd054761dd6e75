/** A manifest without a `name` keeps off the permission sets of others, and asks whose they are only where it must. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runInProcess } from "../support/in-process.ts";
import { createWorld, type World } from "../support/world.ts";

const base = {
  version: 1,
  accounts: { production: "111111111111", development: "222222222222" },
  groups: { Team: {} },
  permissionSets: { Ours: { sessionDuration: "PT1H" }, Theirs: { sessionDuration: "PT1H" } },
  assignments: [{ groups: ["Team"], permissionSets: ["Ours", "Theirs"], accounts: ["production"] }],
};
const ours = { groups: ["Team"], permissionSets: ["Ours"], accounts: ["production"] };
const { Ours, Theirs } = base.permissionSets;

describe("a permission set that carries another manifest's mark, and a manifest without a name", () => {
  let world: World;
  const run = async (command: string, manifest: object, ...args: string[]) => {
    await world.write("access.yaml", manifest);
    world.log.splice(0);
    return runInProcess([command, "--rps", "1000", ...args], { cwd: world.folder, url: world.sandbox.url });
  };
  const tagsRead = (): number =>
    world.log.filter((entry) => entry.event === "request" && entry.operation === "ListTagsForResource")
      .length;

  beforeAll(async () => {
    world = await createWorld();
    expect(await run("apply", base, "--auto-approve")).toMatchObject({ exitCode: 0 });
    const theirs = world.instance.permissionSets.find(({ Name }) => Name === "Theirs");
    if (theirs === undefined) throw new Error("apply made no permission set Theirs");
    theirs.tags["reconcile:owner"] = "other";
  });
  afterAll(() => world.close());

  it("is not asked about where nothing changes", async () => {
    expect((await run("plan", base)).stdout).toContain("No changes.");
    expect(tagsRead()).toBe(0);
  });

  it("is asked about, one call, only where it would change", async () => {
    const changed = { ...base, permissionSets: { Ours: { sessionDuration: "PT2H" }, Theirs } };
    expect((await run("plan", changed)).stdout).toContain("1 to update");
    expect(tagsRead()).toBe(1);
  });

  it("is nobody's drift, and not to be accepted, where it is not declared: one call for each such set", async () => {
    const without = { ...base, permissionSets: { Ours }, assignments: [ours] };
    const { stdout, stderr, exitCode } = await run("drift", without, "--accept", "accept.patch");
    expect(stdout).toMatch(/\n\nNo drift\. Coverage 100 %\.\n$/);
    expect(stdout.replaceAll(/\s+/g, " ")).toContain(
      '1 assignment, 1 permission set: its permission set belongs to manifest "other" (tag reconcile:owner)',
    );
    expect(exitCode).toBe(0);
    expect(tagsRead()).toBe(1);
    expect(stderr).toContain("it accepts 0 of 0 findings.");
    expect(await readFile(join(world.folder, "accept.patch"), "utf8")).not.toContain("Theirs");
    await run("drift", base);
    expect(tagsRead()).toBe(0);
  });

  it.each([
    ["an edit", { ...base, permissionSets: { Ours, Theirs: { sessionDuration: "PT2H" } } }],
    ["an assignment", { ...base, assignments: [ours] }],
    [
      "a deletion",
      { ...base, permissionSets: { Ours }, assignments: [ours], removed: { permissionSets: ["Theirs"] } },
    ],
    ["a rename", { ...base, permissionSets: { Ours, New: { previously: ["Theirs"] } }, assignments: [ours] }],
  ])("refuses %s", async (_what, manifest) => {
    const before = JSON.stringify(world.instance);
    const { exitCode, stderr } = await run("apply", manifest, "--auto-approve");
    expect(stderr).toContain('belongs to manifest "other"');
    expect(exitCode).toBe(3);
    expect(JSON.stringify(world.instance)).toBe(before);
  });

  it("leaves it and who has it alone in mode exclusive", async () => {
    const { permissionSets, assignments } = world.instance;
    const before = JSON.stringify([permissionSets, assignments]);
    const exclusive = { ...base, mode: "exclusive", permissionSets: { Ours }, assignments: [ours] };
    const { stdout } = await run("apply", exclusive, "--auto-approve");
    expect(stdout).toContain("No changes.");
    expect(JSON.stringify([world.instance.permissionSets, world.instance.assignments])).toBe(before);
  });

  it("leaves its group, and who is in it, alone in mode exclusive", async () => {
    const jane = { givenName: "Jane", familyName: "Doe", displayName: "Jane Doe" };
    await run(
      "apply",
      { ...base, users: { jane }, groups: { Team: { members: ["jane"] } } },
      "--auto-approve",
    );
    const there = () => {
      const { users, groups, memberships } = world.instance;
      return [
        users.map(({ UserName }) => UserName),
        groups.map(({ DisplayName }) => DisplayName).sort(),
        memberships.length,
      ];
    };
    expect(there()).toEqual([["jane"], ["Team"], 1]);
    const exclusive = {
      version: 1,
      mode: "exclusive",
      groups: { Others: {} },
      permissionSets: { Ours },
    };
    const allow = ["--allow", "empty-manifest=assignments:1"];
    expect(await run("apply", exclusive, "--auto-approve", ...allow)).toMatchObject({ exitCode: 0 });
    expect(there()).toEqual([["jane"], ["Others", "Team"], 1]);
    expect(world.instance.assignments).toHaveLength(1);
    expect((await run("plan", exclusive)).stdout).toMatch(/No changes\.\n$/);
  });
});
