/**
 * For random manifests and random states of a sandbox, over the wire: what apply leaves is what the rules of scope say
 * (worked out here from the manifest, the state and the mode alone), and nothing else is touched.
 */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SandboxInstance } from "../../src/sandbox/state.ts";
import { runInProcess } from "../support/in-process.ts";
import { type LiveSketch, liveSketch, names, type Sketch, sketch } from "../support/random-access.ts";
import { expected, manifestOf, ownedOnlyFor, type Wanted, wanted } from "../support/random-manifest.ts";
import { sketchOf, stateOf } from "../support/sandbox-sketch.ts";
import { createWorld, type World } from "../support/world.ts";

/** What the manifest does not name, whole and with its ids, of what is still there afterwards. */
const untouched = (instance: SandboxInstance, want: Wanted, still: Sketch) => ({
  users: instance.users.filter(({ UserName: name }) => !(name in want.users) && name in still.users),
  groups: instance.groups.filter(({ DisplayName: name }) => !(name in want.groups) && name in still.groups),
  sets: instance.permissionSets.filter(({ Name: name }) => !(name in want.sets) && name in still.sets),
});

/** Role names by pair, where somebody is assigned. */
const roles = ({ provisioned, assignments }: SandboxInstance): ReadonlyMap<string, string> => {
  const pairOf = (at: { AccountId: string; PermissionSetArn: string }): string =>
    `${at.AccountId} ${at.PermissionSetArn}`;
  const assigned = new Set(assignments.map(pairOf));
  return new Map(
    provisioned.filter((role) => assigned.has(pairOf(role))).map((role) => [pairOf(role), role.roleSuffix]),
  );
};

const withWorld = async (live: LiveSketch, test: (world: World) => Promise<void>): Promise<void> => {
  const world = await createWorld({ seed: stateOf(live) });
  try {
    await test(world);
  } finally {
    await world.close();
  }
};

/** Guards have tests of their own. */
const allowAll = [
  "empty-manifest=users:999,groups:999,memberships:999,permissionSets:999,assignments:999",
  "shrunken-manifest=999",
].flatMap((words) => ["--allow", words]);

const run = (world: World, command: string, ...args: string[]) =>
  runInProcess([command, "--rps", "1000", ...allowAll, ...args], {
    cwd: world.folder,
    url: world.sandbox.url,
    longestSleep: 5,
  });

const planOf = async (world: World): Promise<string> => {
  const { stdout, stderr } = await run(world, "plan", "--format", "json");
  if (stdout === "") throw new Error(stderr);
  return stdout;
};

describe("on a random sandbox", () => {
  it("apply leaves what is declared, within its scope, and touches nothing else", async () => {
    await fc.assert(
      fc.asyncProperty(wanted, liveSketch, async (want, live) => {
        await withWorld(ownedOnlyFor(want, live), async (world) => {
          await world.write("access.yaml", manifestOf(want));
          const goal = expected(want, sketchOf(world.instance));
          const before = structuredClone(untouched(world.instance, want, goal));
          const rolesBefore = roles(world.instance);

          const { exitCode, stderr, stdout } = await run(world, "apply", "--auto-approve");
          if (exitCode !== 0) throw new Error(`${stdout}\n${stderr}`);

          expect(sketchOf(world.instance)).toEqual(goal);
          expect(untouched(world.instance, want, goal)).toEqual(before);
          // Whoever keeps a role by one assignment or another keeps the role itself: its name never changes.
          for (const [pair, suffix] of roles(world.instance)) {
            if (rolesBefore.has(pair)) expect([pair, rolesBefore.get(pair)]).toEqual([pair, suffix]);
          }
          // No role is left behind for nobody.
          expect(roles(world.instance).size).toBe(world.instance.provisioned.length);
          const after = await run(world, "plan", "--detailed-exitcode");
          expect(after.stdout).toMatch(/No changes\.\n$/);
          expect(after.exitCode).toBe(0);
        });
      }),
      { numRuns: 25, endOnFailure: true },
    );
  });

  it("a manifest that says what is there changes nothing, in any mode", async () => {
    await fc.assert(
      fc.asyncProperty(sketch, wanted, async (said, { mode }) => {
        const users = { ann: { givenName: "Ann" }, ...said.users };
        await withWorld({ ...said, users, orphans: [], stale: [] }, async (world) => {
          const want = { ...said, users, mode, name: null, membersOf: names.groups, tagsOf: names.sets };
          await world.write(
            "access.yaml",
            manifestOf({ ...want, removed: { groups: [], permissionSets: [] } }),
          );
          expect(JSON.parse(await planOf(world)).changes).toEqual([]);
        });
      }),
      { numRuns: 20, endOnFailure: true },
    );
  });

  it("the order of files, keys, lists and of what AWS answers never changes a byte of the plan", async () => {
    await fc.assert(
      fc.asyncProperty(wanted, liveSketch, fc.infiniteStream(fc.nat()), async (want, live, numbers) => {
        await withWorld(live, async (world) => {
          const manifest = manifestOf(want);
          await world.write("access/all.yaml", manifest);
          const plan = await planOf(world);

          const mixed = shuffle(manifest, numbers);
          for (const [index, [key, value]] of Object.entries(mixed).entries()) {
            await world.write(`access/${index === 0 ? "all" : index}.yaml`, { version: 1, [key]: value });
          }
          for (const list of Object.values(world.instance)) {
            if (Array.isArray(list)) list.splice(0, list.length, ...shuffleList(list, numbers));
          }
          expect(withoutPositions(await planOf(world))).toBe(withoutPositions(plan));
        });
      }),
      { numRuns: 20, endOnFailure: true },
    );
  });
});

type Numbers = fc.Stream<number>;

const shuffleList = <T>(list: readonly T[], numbers: Numbers): T[] =>
  list
    .map((item) => ({ item, key: numbers.next().value ?? 0 }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);

/**
 * The same value with the keys of its maps and the items of its lists in another order. Not inside a policy: its text
 * is put as somebody wrote it.
 */
const shuffle = <T>(value: T, numbers: Numbers): T => {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    return shuffleList(
      value.map((item) => shuffle(item, numbers)),
      numbers,
    ) as T;
  }
  const entries = Object.entries(value).map(
    ([key, part]) => [key, key === "inlinePolicy" ? part : shuffle(part, numbers)] as const,
  );
  return Object.fromEntries(shuffleList(entries, numbers)) as T;
};

/** Where in the manifest something stands is what the order of the manifest decides, and so the order of errors. */
const withoutPositions = (plan: string): string =>
  JSON.stringify(
    JSON.parse(plan, (key, value) => {
      if (key === "position") return undefined;
      return key === "findings" ? value.map((each: unknown) => JSON.stringify(each)).sort() : value;
    }),
  );
