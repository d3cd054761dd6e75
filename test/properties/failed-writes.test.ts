/**
 * Random estates and manifests against the sandbox, with one kind of write that AWS refuses, always or now and then: who
 * had access before and is to have it is in afterwards, with no less than both give. What is there and what is wanted
 * are read and worked out without the product.
 */
import type * as TimersPromises from "node:timers/promises";
import * as fc from "fast-check";
import { expect, it, vi } from "vitest";
import { runInProcess } from "../support/in-process.ts";
import { liveSketch, readAssignment, type SetSketch, type Sketch } from "../support/random-access.ts";
import { expected, manifestOf, ownedOnlyFor, type Wanted, wanted } from "../support/random-manifest.ts";
import { sketchOf, stateOf } from "../support/sandbox-sketch.ts";
import { settled } from "../support/settled.ts";
import { createWorld } from "../support/world.ts";

// The clock of the AWS clients: as often as ever, without the waits of ten attempts.
vi.mock("node:timers/promises", async (original) => {
  const timers = await original<typeof TimersPromises>();
  return {
    ...timers,
    setTimeout: (milliseconds: number, ...rest: []) => timers.setTimeout(Math.min(milliseconds, 2), ...rest),
  };
});

const fault = fc
  .record({
    kind: fc.constantFrom(
      "denied@CreateUser",
      "denied@CreateGroup",
      "denied@CreateGroupMembership",
      "denied@DeleteGroupMembership",
      "denied@CreatePermissionSet",
      "denied@UpdatePermissionSet",
      "denied@AttachManagedPolicyToPermissionSet",
      "denied@PutInlinePolicyToPermissionSet",
      "async-failed@CreateAccountAssignment",
      "async-failed@DeleteAccountAssignment",
      "async-failed@ProvisionPermissionSet",
    ),
    share: fc.constantFrom(1, 0.5),
    seed: fc.nat({ max: 999 }),
  })
  .map(({ kind, share, seed }) => `${kind}=${share},seed=${seed}`);

const allowances = [
  "empty-manifest=users:999,groups:999,memberships:999,permissionSets:999,assignments:999",
  "shrunken-manifest=999",
].flatMap((words) => ["--allow", words]);

it("an apply in which writes fail takes nobody's access who is to keep it", async () => {
  let cutShort = 0;
  await fc.assert(
    fc.asyncProperty(wanted, liveSketch, fault, async (want, drawn, faults) => {
      const world = await createWorld({ seed: stateOf(ownedOnlyFor(want, drawn)), faults });
      try {
        const start = sketchOf(world.instance);
        await world.write("access.yaml", manifestOf(want));
        let time = Date.now();
        const { exitCode, stdout, stderr } = await runInProcess(
          ["apply", "--auto-approve", ...allowances, "--rps", "1000"],
          { cwd: world.folder, url: world.sandbox.url, longestSleep: 2, now: () => (time += 200) },
        );
        expect([0, 6, 7], stderr).toContain(exitCode);
        await settled(world);
        if (exitCode === 6) cutShort += 1;
        const goal = expected(want, start);
        const before = accessOf(withoutRemoved(start, want));
        const [after, now] = [accessOf(goal), accessOf(sketchOf(world.instance))];
        const taking = Object.keys(start.sets).filter((name) => takes(start.sets[name], goal.sets[name]));
        // What gives and takes at once has no order in which nothing is lost, nor have two that make up for each other.
        const isJudged =
          taking.length < 2 && !taking.some((name) => takes(goal.sets[name], start.sets[name]));
        for (const [place, sets] of before) {
          const kept = after.get(place);
          if (kept === undefined) continue;
          expect(now.has(place), `${faults}: ${place}\n${stdout}`).toBe(true);
          if (!isJudged) continue;
          const lost = sets.filter((set) => covers(kept, set) && !covers(now.get(place), set));
          expect(lost, `${faults}: ${place}\n${stdout}`).toEqual([]);
        }
      } finally {
        await world.close();
      }
    }),
    { numRuns: 60 },
  );
  expect(cutShort).toBeGreaterThan(5);
}, 300_000);

/** What is listed there goes whatever fails. */
const withoutRemoved = (sketch: Sketch, { removed }: Wanted): Sketch => ({
  ...sketch,
  memberships: sketch.memberships.filter((text) => !removed.groups.includes(text.split("/")[0] ?? "")),
  assignments: sketch.assignments.filter((text) => {
    const { set, kind, principal } = readAssignment(text);
    return (
      !removed.permissionSets.includes(set) && !(kind === "groups" && removed.groups.includes(principal))
    );
  }),
});

/** By place, such as `ann 111111111111`. */
const accessOf = (sketch: Sketch): Map<string, SetSketch[]> => {
  const access = new Map<string, SetSketch[]>();
  for (const text of sketch.assignments) {
    const { account, set, kind, principal } = readAssignment(text);
    const found = sketch.sets[set];
    const users =
      kind === "users"
        ? [principal]
        : sketch.memberships.flatMap((membership) => {
            const [group, user = ""] = membership.split("/");
            return group === principal ? [user] : [];
          });
    for (const user of users) {
      const place = `${user} ${account}`;
      if (found !== undefined && user in sketch.users) {
        access.set(place, [...(access.get(place) ?? []), found]);
      }
    }
  }
  return access;
};

const covers = (sets: readonly SetSketch[] = [], narrow: SetSketch): boolean =>
  sets.some(
    (wide) =>
      narrow.managedPolicies.every((policy) => wide.managedPolicies.includes(policy)) &&
      (narrow.inlineAction === null || wide.inlineAction === narrow.inlineAction) &&
      (wide.boundary === null || wide.boundary === narrow.boundary),
  );

const takes = (before: SetSketch | undefined, after: SetSketch | undefined): boolean =>
  before !== undefined && after !== undefined && !covers([after], before);
