/**
 * A reviewed plan that was applied in part, and then the same command again with the same plan file: what an earlier run
 * of this plan has done is not asked for again, and everything else that moved is refused as ever. The built command,
 * real signals; what counts is what the sandbox holds.
 */
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { noFaults } from "../../src/sandbox/faults.ts";
import { auditLines } from "../support/changed-estate.ts";
import { holdings } from "../support/estate.ts";
import { runInProcess } from "../support/in-process.ts";
import type { Run, Running } from "../support/reconcile.ts";
import { useReviewedChange } from "../support/reviewed-change.ts";
import { settled } from "../support/settled.ts";

const { world, writes, open, inProcess, apply, again, file, digest, heldAtRest, expectDone, expectRefused } =
  useReviewedChange();

/** The plan was applied, and killed after so many writes(). */
const kill = async (at: number): Promise<void> => {
  let victim: Running | undefined;
  await open({
    faults: { ...noFaults, asyncMilliseconds: 100 },
    onWrite: (count) => {
      if (count === at) victim?.kill("SIGKILL");
    },
  });
  victim = apply("--plan", "plan.json");
  expect((await victim.ended).exitCode).toBeNull();
};

describe("killed, and again with the same plan", () => {
  it.each([0.04, 0.2, 0.4, 0.6, 0.8])("after %f of the writes(): it converges", async (part) => {
    await kill(Math.max(1, Math.round(part * writes())));
    const run = await again();
    expect(run.stderr).toContain("An earlier apply broke off");
    await expectDone(run);
    const digests = new Set(auditLines(world()).map(({ planDigest }) => planDigest));
    expect([...digests]).toEqual([digest()]);
    expect(existsSync(join(world().folder, ".reconcile/journal.jsonl"))).toBe(false);
  });

  it("killed again and again: it converges, and says how far it came", async () => {
    let victim: Running | undefined;
    let left = 0;
    await open({
      onWrite: () => {
        left -= 1;
        if (left === 0) victim?.kill("SIGKILL");
      },
    });
    const { length } = (JSON.parse(file("plan.json")) as { changes: unknown[] }).changes;
    let run: Run;
    const said: number[] = [];
    do {
      left = Math.ceil(writes() / 4);
      victim = apply("--plan", "plan.json");
      run = await victim.ended;
      const [, done, all, rest] = /(\d+) of (\d+) changes .*; (\d+) are left/.exec(run.stderr) ?? [];
      if (done === undefined) continue;
      said.push(Number(done));
      expect(Number(all)).toBe(length);
      expect(Number(done) + Number(rest)).toBe(length);
    } while (run.exitCode === null);
    expect(said.length).toBeGreaterThan(1);
    expect(said).toEqual(said.toSorted((a, b) => a - b));
    await expectDone(run);
  });

  it("finds what was done in the journal alone", async () => {
    await kill(Math.round(writes() / 2));
    rmSync(join(world().folder, ".reconcile/audit.jsonl"));
    await expectDone(await again());
  });

  it("finds nothing where both trails are lost, and refuses", async () => {
    await kill(Math.round(writes() / 2));
    rmSync(join(world().folder, ".reconcile"), { recursive: true });
    const held = await heldAtRest();
    const run = await again();
    expectRefused(run, held);
    expect(run.stderr).toContain("error[stale-plan]");
    expect(run.stderr).not.toContain("by an earlier run");
  });

  it("takes no other plan's traces for its own", async () => {
    await kill(Math.round(writes() / 2));
    await settled(world());
    const [audit, journal] = [".reconcile/audit.jsonl", ".reconcile/journal.jsonl"];
    for (const name of [audit, journal]) {
      writeFileSync(join(world().folder, name), file(name).replaceAll(digest(), "0".repeat(64)));
    }
    expectRefused(await again(), holdings(world()));
  });

  it("takes no traces from before the plan was made: what they tell may have been undone since", async () => {
    await kill(Math.round(writes() / 2));
    await settled(world());
    const name = ".reconcile/audit.jsonl";
    writeFileSync(
      join(world().folder, name),
      file(name).replaceAll(/"runStartedAt":"20/g, '"runStartedAt":"19'),
    );
    rmSync(join(world().folder, ".reconcile/journal.jsonl"));
    expectRefused(await again(), holdings(world()));
  });

  it("tells whoever has only the digest to give the plan", async () => {
    await kill(Math.round(writes() / 2));
    const held = await heldAtRest();
    const run = await apply("--expect", digest()).ended;
    expectRefused(run, held);
    expect(run.stderr).toMatch(
      /An earlier run has begun to apply the plan with this digest \(started 20[^)]*\): \d+ of its changes are done\.\n {2}= Give that plan with --plan FILE/,
    );
    await expectDone(await again());
  });
});

describe("interrupted, and again with the same plan", () => {
  it("SIGINT: it converges", async () => {
    let victim: Running | undefined;
    await open({
      onWrite: (count) => {
        if (count === Math.round(writes() / 3)) victim?.kill("SIGINT");
      },
    });
    victim = apply("--plan", "plan.json");
    expect((await victim.ended).exitCode).toBe(130);
    await expectDone(await again());
  });
});

describe("applied and not converged, and again with the same plan", () => {
  it("is refused, names what did not stay, and says to plan again", async () => {
    await open({
      onWrite: (count) => {
        // Somebody undoes it in the moment in which all is done.
        if (count === writes()) world().instance.memberships = [];
      },
    });
    let time = Date.now();
    const first = await runInProcess(["apply", "after.yaml", "--plan", "plan.json", "--rps", "1000"], {
      cwd: world().folder,
      url: world().sandbox.url,
      longestSleep: 20,
      // The patience of the read-back is over after a few looks at the clock.
      now: () => (time += 200),
    });
    expect(first.stdout).toContain("! membership/Operators/ann");
    expect(first.stdout).toMatch(/Apply not converged: .*\. Plan again to see what differs\.\n$/);
    expect(first.exitCode).toBe(7);
    const run = await again();
    expectRefused(run, holdings(world()));
    expect(run.stderr).toContain(
      "membership/Operators/ann  (was done by an earlier run of this plan, and is not so any more)",
    );
    expect(run.stderr).toMatch(/\n {2}= Make a new plan, have it reviewed, and apply that one\n$/);
    const planned = await inProcess("plan", "after.yaml", "--out", "plan.json");
    expect(planned.exitCode).toBe(0);
    await expectDone(await again());
  });
});
