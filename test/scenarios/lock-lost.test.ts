/**
 * A run whose lease can not be renewed while it is in the middle of a change of many writes, and another that takes the
 * lock as soon as it can. The time of the lock is a fake one, seven seconds a write; whose writes came when is read from
 * the sandbox's own log.
 */
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { applyPlan } from "../../src/apply/apply-plan.ts";
import { openForWriting, type WritableAws } from "../../src/aws/writer.ts";
import { acquireLock } from "../../src/lock/acquire.ts";
import type { HeldLock } from "../../src/lock/hold.ts";
import { type LogEntry, type RequestEntry } from "../../src/sandbox/log.ts";
import { type RunningSandbox, startSandbox } from "../../src/sandbox/server.ts";
import { type HostileProxy, startHostileProxy } from "../support/hostile-proxy.ts";
import { sandboxEnvironment } from "../support/reconcile.ts";
import { instance, liveOf, permissionSet, planOf, update } from "../unit/apply/support/plans.ts";
import { createFakeTime, eventually, type FakeTime } from "../unit/lock/support/fake-time.ts";
import { options } from "../unit/lock/support/options.ts";
import { s3Place } from "../unit/lock/support/stores.ts";

let time: FakeTime;
let start: number;
let place: Awaited<ReturnType<typeof s3Place>>;
let sandbox: RunningSandbox;
let proxy: HostileProxy;
let writes: RequestEntry[];
let opened: WritableAws[];
/** What happens when a write of the first run has come, before it is done. */
let onWrite: () => Promise<void>;

beforeEach(async () => {
  time = createFakeTime();
  start = time.now();
  writes = [];
  opened = [];
  sandbox = await startSandbox({
    now: time.now,
    log: (entry: LogEntry) => {
      if (entry.event === "request" && !/^(List|Describe|Get)/.test(entry.operation)) writes.push(entry);
    },
  });
  proxy = await startHostileProxy(sandbox.url, async ({ operation }) => {
    if (operation.startsWith("Attach")) await onWrite();
    return null;
  });
  place = await s3Place(time.now);
});
afterEach(async () => {
  for (const { directory } of opened) directory.close();
  await proxy.close();
  await sandbox.close();
  await place.close();
  vi.unstubAllEnvs();
});

const elapsed = (): number => (time.now() - start) / 1000;

const connect = async (url: string, mayWrite?: HeldLock["outlasts"]): Promise<WritableAws> => {
  for (const [name, value] of Object.entries(sandboxEnvironment(url))) vi.stubEnv(name, value);
  const clock = { now: Date.now, random: () => 0.1, sleep: (ms: number) => delay(ms / 100) };
  const aws = await openForWriting({ rps: 100_000, clock, mayWrite });
  opened.push(aws);
  return aws;
};

const policies = Array.from({ length: 13 }, (_, index) => ({ name: `Policy-${index}`, path: "/" }));

/** Carries out what the first run is there for: a permission set that gets 13 policies. */
const applyFirst = async (held: HeldLock, { asking }: { readonly asking: boolean }) => {
  const arn = await makeSet();
  let waiting = 0;
  const outlasts = async (milliseconds: number): Promise<void> => {
    waiting += 1;
    await held.outlasts(milliseconds).finally(() => {
      waiting -= 1;
    });
  };
  const aws = await connect(proxy.url, asking ? outlasts : undefined);
  const before = permissionSet("First");
  const run = { isDone: false };
  const applying = applyPlan(
    planOf(update("permissionSet", before, { ...before, customerManagedPolicies: policies })),
    liveOf({ permissionSets: { First: arn } }),
    { reader: aws.directory.reader(instance), writer: aws.writer(instance) },
    {
      now: time.now,
      random: () => 0.1,
      sleep: (ms) => delay(ms / 100),
      onProgress: () => {},
      signal: held.lost,
      mayWrite: aws.mayWrite,
    },
  ).finally(() => {
    run.isDone = true;
  });
  while (!run.isDone) {
    await eventually(() => run.isDone || waiting > 0);
    if (!run.isDone) await time.advance(1000);
  }
  return await applying;
};

const makeSet = async (): Promise<string> => {
  const aws = await connect(sandbox.url);
  return await aws.writer(instance).createPermissionSet({
    name: "First",
    description: null,
    sessionDuration: "PT1H",
    relayState: null,
    tags: {},
  });
};

/** The second run, which makes a group. Whether it got the lock. */
const trySecond = async (): Promise<boolean> => {
  place.server.faults.length = 0;
  const store = await place.open(time.machine(2));
  try {
    const held = await acquireLock(store, options({ owner: "joe" }));
    const aws = await connect(sandbox.url, held.outlasts);
    await aws.writer(instance).createGroup("Second", null);
    await held.release();
    return true;
  } catch {
    return false;
  } finally {
    store.close();
  }
};

const runBoth = async ({ asking }: { readonly asking: boolean }) => {
  const store = await place.open(time.machine(1));
  const held = await acquireLock(store, options());
  const denied = { method: "PUT", kind: "error", status: 403, code: "AccessDenied" } as const;
  let second = false;
  onWrite = async () => {
    await time.advance(7000);
    if (elapsed() < 63) place.server.faults.push(...Array.from({ length: 20 }, () => denied));
    else if (!second) second = await trySecond();
  };
  const result = await applyFirst(held, { asking });
  if (!second) {
    await time.advance(63_000 - (time.now() - start));
    second = await trySecond();
  }
  await held.release().catch(() => {});
  store.close();
  expect(second).toBe(true);
  const own = writes.filter(({ operation }) => operation !== "CreatePermissionSet");
  const turns = own.map(({ operation }) => (operation === "CreateGroup" ? "second" : "first"));
  return { result, own, turns: turns.filter((who, index) => who !== turns[index - 1]) };
};

it("writes of both interleave where nobody asks the lock, which is what this test would see", async () => {
  const { turns } = await runBoth({ asking: false });
  expect(turns).toEqual(["first", "second", "first"]);
});

it("sends no write that may be under way when another run may begin, in the middle of a change either", async () => {
  const { result, own, turns } = await runBoth({ asking: true });
  expect(turns).toEqual(["first", "second"]);
  const attached = own.filter(({ operation }) => operation.startsWith("Attach"));
  expect(attached.length).toBeGreaterThan(2);
  expect(attached.length).toBeLessThan(13);
  const last = Math.max(...attached.map(({ time: at }) => Date.parse(at) - start));
  // The lease of a minute, less the 35 seconds that a call may take; and here a write takes seven.
  expect(last).toBeLessThanOrEqual(25_000 + 7000);
  const [outcome] = result.outcomes;
  expect(outcome?.status).toBe("failed");
  expect(outcome?.detail).toMatch(
    /^It was updated in part, and this is missing: customerManagedPolicies\..* could not be renewed in time/,
  );
  expect(result.counts.failed).toBe(1);
});

it("carries on where the lock can be renewed again in time", async () => {
  const store = await place.open(time.machine(1));
  const held = await acquireLock(store, options());
  const denied = { method: "PUT", kind: "error", status: 403, code: "AccessDenied" } as const;
  place.server.faults.push(denied, denied);
  onWrite = () => time.advance(7000);
  const result = await applyFirst(held, { asking: true });
  expect(result.outcomes[0]?.status).toBe("done");
  expect(sandbox.state.instances[0]?.permissionSets[0]?.customerManagedPolicies).toHaveLength(13);
  await held.release();
  store.close();
});
