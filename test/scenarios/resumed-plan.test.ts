/**
 * A reviewed plan that was applied in part, and then the same command again with the same plan file: what an earlier run
 * of this plan has done is not asked for again, and everything else that moved is refused as ever. The built command,
 * real signals; what counts is what the sandbox holds.
 */
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { noFaults } from "../../src/sandbox/faults.ts";
import type { LogEntry } from "../../src/sandbox/log.ts";
import type { SandboxOptions } from "../../src/sandbox/server.ts";
import type { SandboxState } from "../../src/sandbox/state.ts";
import { estate, holdings } from "../support/estate.ts";
import { createHands } from "../support/hands.ts";
import { runInProcess } from "../support/in-process.ts";
import { type Run, type Running, sandboxEnvironment, startReconcile } from "../support/reconcile.ts";
import { settled } from "../support/settled.ts";
import { createWorld, type World } from "../support/world.ts";

let world: World;
let before: SandboxState;
let wanted: ReturnType<typeof holdings>;
let writes: number;

beforeAll(async () => {
  world = await createWorld();
  await world.write("before.yaml", estate.before);
  await world.write("after.yaml", estate.after);
  const apply = async (manifest: string) =>
    expect(await inProcess("apply", manifest, "--auto-approve")).toMatchObject({ exitCode: 0 });
  await apply("before.yaml");
  before = structuredClone(world.state);
  for (const instance of before.instances) instance.requests = [];
  const start = world.log.length;
  await apply("after.yaml");
  wanted = holdings(world);
  writes = world.log.slice(start).filter(isWritten).length;
  await world.close();
}, 120_000);

afterEach(() => world.close());

const inProcess = (...args: readonly string[]): Promise<Run> =>
  runInProcess([...args, "--rps", "1000"], { cwd: world.folder, url: world.sandbox.url, longestSleep: 20 });

const start = (...args: readonly string[]): Running =>
  startReconcile([...args, "--rps", "1000"], {
    cwd: world.folder,
    env: sandboxEnvironment(world.sandbox.url),
  });
const apply = (...args: readonly string[]): Running => start("apply", "after.yaml", ...args);
const again = (...args: readonly string[]): Promise<Run> => apply("--plan", "plan.json", ...args).ended;

interface Opening extends SandboxOptions {
  readonly onWrite?: (count: number) => void;
}

/** A world as it was before, with a reviewed plan of what is wanted. */
const open = async ({ onWrite, ...options }: Opening = {}): Promise<void> => {
  let count = 0;
  world = await createWorld({
    seed: before,
    ...options,
    log: (entry) => {
      if (isWritten(entry)) onWrite?.((count += 1));
    },
  });
  await world.write("after.yaml", estate.after);
  expect(await inProcess("plan", "after.yaml", "--out", "plan.json")).toMatchObject({ exitCode: 0 });
};

/** The plan was applied, and killed after so many writes. */
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

const expectDone = async (run: Run): Promise<void> => {
  expect(`${run.stderr}${run.exitCode}`).toMatch(/0$/);
  expect(holdings(world)).toEqual(wanted);
  expect((await inProcess("plan", "after.yaml")).stdout).toMatch(/No changes\.\n$/);
};

const expectRefused = (run: Run, held: ReturnType<typeof holdings>): void => {
  expect(run.exitCode).toBe(5);
  expect(holdings(world)).toEqual(held);
};

describe("killed, and again with the same plan", () => {
  it.each([0.04, 0.2, 0.4, 0.6, 0.8])("after %f of the writes: it converges", async (part) => {
    await kill(Math.max(1, Math.round(part * writes)));
    const run = await again();
    expect(run.stderr).toContain("An earlier apply broke off");
    await expectDone(run);
    const digests = new Set(auditLines().map(({ planDigest }) => planDigest));
    expect([...digests]).toEqual([reviewedDigest()]);
    expect(existsSync(join(world.folder, ".reconcile/journal.jsonl"))).toBe(false);
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
      left = Math.ceil(writes / 4);
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
    await kill(Math.round(writes / 2));
    rmSync(join(world.folder, ".reconcile/audit.jsonl"));
    await expectDone(await again());
  });

  it("finds nothing where both trails are lost, and refuses", async () => {
    await kill(Math.round(writes / 2));
    rmSync(join(world.folder, ".reconcile"), { recursive: true });
    const held = await heldAtRest();
    const run = await again();
    expectRefused(run, held);
    expect(run.stderr).toContain("error[stale-plan]");
    expect(run.stderr).not.toContain("by an earlier run");
  });

  it("takes no other plan's traces for its own", async () => {
    await kill(Math.round(writes / 2));
    await settled(world);
    const [audit, journal] = [".reconcile/audit.jsonl", ".reconcile/journal.jsonl"];
    for (const name of [audit, journal]) {
      writeFileSync(join(world.folder, name), file(name).replaceAll(reviewedDigest(), "0".repeat(64)));
    }
    expectRefused(await again(), holdings(world));
  });

  it("takes no traces from before the plan was made: what they tell may have been undone since", async () => {
    await kill(Math.round(writes / 2));
    await settled(world);
    const name = join(world.folder, ".reconcile/audit.jsonl");
    writeFileSync(name, file(name).replaceAll(/"runStartedAt":"20/g, '"runStartedAt":"19'));
    rmSync(join(world.folder, ".reconcile/journal.jsonl"));
    expectRefused(await again(), holdings(world));
  });

  it("tells whoever has only the digest to give the plan", async () => {
    await kill(Math.round(writes / 2));
    const held = await heldAtRest();
    const run = await apply("--expect", reviewedDigest()).ended;
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
        if (count === Math.round(writes / 3)) victim?.kill("SIGINT");
      },
    });
    victim = apply("--plan", "plan.json");
    expect((await victim.ended).exitCode).toBe(130);
    await expectDone(await again());
  });
});

describe("applied in part, and again with the same plan", () => {
  const partly = async (faults: string): Promise<void> => {
    const options = { ...noFaults, rates: [] as { kind: "denied"; operation: string; rate: number }[] };
    await open({ faults: options });
    options.rates.push({ kind: "denied", operation: faults, rate: 1 });
    const run = await again();
    expect(run.exitCode).toBe(6);
    options.rates.length = 0;
  };

  it.each([
    "CreateGroupMembership",
    "PutInlinePolicyToPermissionSet",
    "AttachManagedPolicyToPermissionSet",
    "ProvisionPermissionSet",
    "CreateAccountAssignment",
    "DeletePermissionSet",
  ])("%s was denied: it converges", async (operation) => {
    await partly(operation);
    const run = await again();
    expect(run.stderr).toMatch(/\d+ of \d+ changes of this plan were done by an earlier run \(started 20/);
    await expectDone(run);
  });

  it("carries the reviewed digest in the result, too", async () => {
    await partly("CreateAccountAssignment");
    const run = await again("--format", "json");
    expect(JSON.parse(run.stdout)).toMatchObject({ planDigest: reviewedDigest() });
    await expectDone(run);
    const none = await again("--format", "json");
    expect(JSON.parse(none.stdout)).toMatchObject({ planDigest: reviewedDigest(), outcomes: [] });
  });

  it("a policy was denied, and somebody put another: refused, by name", async () => {
    await partly("PutInlinePolicyToPermissionSet");
    await createHands(world).putInline("Operate", policy("iam:*"));
    const held = holdings(world);
    const run = await again();
    expectRefused(run, held);
    expect(run.stderr).toContain("permissionSet/Operate");
    expect(run.stderr).not.toContain("group/Operators");
  });

  it("what was refused was then done by hand: nobody's run did that, refused", async () => {
    await partly("CreateGroupMembership");
    await createHands(world).addMember("Operators", "ann");
    const held = holdings(world);
    const run = await again();
    expectRefused(run, held);
    expect(run.stderr).toContain("+ membership/Operators/ann  (was not there, and is now)");
    expect(run.stderr).not.toContain("group/Operators");
  });

  it("what was done was undone by hand: refused, by name", async () => {
    await partly("CreateAccountAssignment");
    await createHands(world).removeMember("Operators", "ann");
    const held = holdings(world);
    const run = await again();
    expectRefused(run, held);
    expect(run.stderr).toContain(
      "membership/Operators/ann  (was done by an earlier run of this plan, and is not so any more)",
    );
  });

  it("something else moved: refused, and only that is named", async () => {
    await partly("CreateAccountAssignment");
    await createHands(world).assign("Read", "222222222222", "USER", "ann");
    const held = await heldAtRest();
    const run = await again();
    expectRefused(run, held);
    const named = run.stderr.slice(run.stderr.indexOf("error[stale-plan]")).split("\n");
    expect(named.filter((line) => /^ {2}[-+~] /.test(line))).toEqual([
      expect.stringContaining("assignment/222222222222/Read/user:ann"),
    ]);
    expect(run.stderr).toMatch(/\d+ of \d+ changes of this plan were done by an earlier run \([^)]*\)\.\n/);
  });

  it("the manifest changed: refused", async () => {
    await partly("CreateAccountAssignment");
    await world.write("after.yaml", { ...estate.after, name: "acme" });
    const held = holdings(world);
    const run = await again();
    expectRefused(run, held);
    expect(run.stderr).toContain("error[manifest-changed]");
  });

  it("the plan has expired: refused", async () => {
    await partly("CreateAccountAssignment");
    const held = holdings(world);
    const run = await runInProcess(["apply", "after.yaml", "--plan", "plan.json"], {
      cwd: world.folder,
      url: world.sandbox.url,
      now: () => Date.now() + 25 * 3_600_000,
    });
    expectRefused(run, held);
    expect(run.stderr).toContain("error[plan-expired]");
  });

  it("the trail holds lines that a crash or a person has spoilt: they say nothing, and harm nothing", async () => {
    await partly("CreateAccountAssignment");
    const digest = reviewedDigest();
    appendFileSync(
      join(world.folder, ".reconcile/audit.jsonl"),
      `not JSON ${digest}\nnull\n[]\n{"planDigest":"${digest}","calls":7,"outcome":"failed"}\n{"planDigest":"${digest}","addr`,
    );
    await expectDone(await again());
  });
});

describe("applied and not converged, and again with the same plan", () => {
  it("is refused, names what did not stay, and says to plan again", async () => {
    await open({
      onWrite: (count) => {
        // Somebody undoes it in the moment in which all is done.
        if (count === writes) world.instance.memberships = [];
      },
    });
    let time = Date.now();
    const first = await runInProcess(["apply", "after.yaml", "--plan", "plan.json", "--rps", "1000"], {
      cwd: world.folder,
      url: world.sandbox.url,
      longestSleep: 20,
      // The patience of the read-back is over after a few looks at the clock.
      now: () => (time += 200),
    });
    expect(first.stdout).toContain("! membership/Operators/ann");
    expect(first.stdout).toMatch(/Apply not converged: .*\. Plan again to see what differs\.\n$/);
    expect(first.exitCode).toBe(7);
    const run = await again();
    expectRefused(run, holdings(world));
    expect(run.stderr).toContain(
      "membership/Operators/ann  (was done by an earlier run of this plan, and is not so any more)",
    );
    expect(run.stderr).toMatch(/\n {2}= Make a new plan, have it reviewed, and apply that one\n$/);
    const planned = await inProcess("plan", "after.yaml", "--out", "plan.json");
    expect(planned.exitCode).toBe(0);
    await expectDone(await again());
  });
});

const file = (name: string): string =>
  readFileSync(name.startsWith("/") ? name : join(world.folder, name), "utf8");

const reviewedDigest = (): string => (JSON.parse(file("plan.json")) as { digest: string }).digest;

const auditLines = (): readonly { readonly planDigest: string }[] =>
  file(".reconcile/audit.jsonl")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { planDigest: string });

const policy = (Action: string): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action, Resource: "*" }] });

/** What is held when nothing is in progress any more. */
const heldAtRest = async (): Promise<ReturnType<typeof holdings>> => {
  await settled(world);
  return holdings(world);
};

/** lost-reply: done all the same. */
const isWritten = (entry: LogEntry): boolean =>
  entry.event === "request" &&
  !/^(List|Describe|Get|Is)/.test(entry.operation) &&
  (entry.outcome === "ok" || entry.outcome === "lost-reply");
