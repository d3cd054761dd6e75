import { Readable } from "node:stream";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { CommandContext, Output } from "../../../src/commands/context.ts";
import { exitCodes } from "../../../src/commands/exit-codes.ts";
import { Interrupted, unlessInterrupted } from "../../../src/commands/interruption.ts";
import { type Alone, withLock } from "../../../src/commands/with-lock.ts";
import { acquireLock } from "../../../src/lock/acquire.ts";
import type { HeldLock } from "../../../src/lock/hold.ts";
import type { LockStore } from "../../../src/lock/store.ts";
import { unlock } from "../../../src/lock/unlock.ts";
import { createFakeTime, eventually, type FakeTime } from "./support/fake-time.ts";
import { options } from "./support/options.ts";
import { s3Place } from "./support/stores.ts";

let time: FakeTime;
let place: Awaited<ReturnType<typeof s3Place>>;
let store: LockStore;
let stderr: string;
let interrupt: AbortController;

beforeEach(async () => {
  time = createFakeTime();
  place = await s3Place(time.now);
  store = await place.open(time.machine(1));
  stderr = "";
  interrupt = new AbortController();
});
afterEach(async () => {
  store.close();
  await place.close();
  vi.unstubAllEnvs();
});

const output: Output = {
  write: (text) => {
    stderr += text;
  },
  writeExactly: () => {},
  isTTY: false,
  columns: 100,
  colour: false,
};
const run = (fields: { lock?: string; lockWait?: number }, work: (alone: Alone) => Promise<number>) => {
  const context: CommandContext = {
    ...time.machine(2),
    cwd: "/",
    env: { GITHUB_ACTOR: "joe" },
    stdin: Object.assign(Readable.from([]), { isTTY: false }),
    stdout: output,
    stderr: output,
    signal: interrupt.signal,
    self: ["node", "reconcile"],
    version: "0.0.0",
  };
  return withLock({ lockWait: 0, planDigest: null, ...fields }, context, work);
};
const takeItAway = async (): Promise<void> => {
  const there = await store.read();
  if (there === null) throw new Error("nobody has it");
  await unlock(store, there);
};
const takeOver = async (): Promise<HeldLock> => {
  await takeItAway();
  return await acquireLock(store, options({ owner: "jane" }));
};
/** The next renewal finds out. */
const untilLost = async (signal: AbortSignal): Promise<void> => {
  await time.advance(20_000);
  await eventually(() => signal.aborted);
};

it("says that the lock is lost and what to do where that breaks off the reading, and not that somebody interrupted it", async () => {
  const running = run({ lock: place.url }, async ({ signal }) => {
    await takeItAway();
    const [exitCode] = await Promise.all([
      unlessInterrupted(new Promise<number>(() => {}), signal),
      untilLost(signal),
    ]);
    return exitCode;
  });
  expect(await running).toBe(exitCodes.interrupted);
  expect(stderr).toBe(
    [
      `error[lock-lost]: The lock ${place.url} was unlocked by somebody else`,
      "  = Look at what else runs, then plan again: what this run had not done yet is in the next plan",
      "",
    ].join("\n"),
  );
});

it("shows who has it now, each line behind a bar", async () => {
  await run({ lock: place.url }, async ({ signal }) => {
    await takeItAway();
    const other = await acquireLock(store, options({ owner: "::error::jane" }));
    await untilLost(signal);
    await other.release();
    return exitCodes.interrupted;
  });
  expect(stderr).toContain(
    `error[lock-lost]: Another run took the lock ${place.url}\n  | owner  ::error::jane on `,
  );
});

it("never ends well where somebody else had the lock and no renewal has found out", async () => {
  expect(
    await run({ lock: place.url }, async () => {
      await takeItAway();
      return exitCodes.ok;
    }),
  ).toBe(exitCodes.interrupted);
  expect(stderr).toMatch(/^error\[lock-lost\]: The lock \S+ was unlocked by somebody else\n {2}= /);
});

it("keeps the exit code of a run that has told already that something is not as it should be", async () => {
  expect(
    await run({ lock: place.url }, async ({ whyNotAlone }) => {
      const other = await takeOver();
      expect(await whyNotAlone()).toContain(`Another run took the lock ${place.url}`);
      await other.release();
      return exitCodes.notConverged;
    }),
  ).toBe(exitCodes.notConverged);
  expect(stderr).toContain("error[lock-lost]: Another run took the lock");
});

it("ends well where the lock is lost when the run has asked whether it was alone, and says so", async () => {
  expect(
    await run({ lock: place.url }, async ({ whyNotAlone }) => {
      expect(await whyNotAlone()).toBeNull();
      await takeItAway();
      return exitCodes.ok;
    }),
  ).toBe(exitCodes.ok);
  expect(stderr).toBe(
    `note: The lock ${place.url} was unlocked by somebody else, after everything was read back: what this run did stands as it says.\n`,
  );
});

it("is not sure to be alone where the store is out of reach for the rest of the lease", async () => {
  expect(
    await run({ lock: place.url }, async ({ whyNotAlone }) => {
      const denied = { method: "PUT", kind: "error", status: 403, code: "AccessDenied" } as const;
      place.server.faults.push(...Array.from({ length: 100 }, () => denied));
      const asked = { told: false };
      const why = whyNotAlone().finally(() => {
        asked.told = true;
      });
      while (!asked.told) {
        await eventually(() => asked.told || time.sleepers() > 1);
        await time.advance(5000);
      }
      expect(await why).toContain("could not be renewed in time");
      place.server.faults.length = 0;
      return exitCodes.notConverged;
    }),
  ).toBe(exitCodes.notConverged);
  expect(stderr).toContain("error[lock-lost]: ");
});

it("tells of the lost lock before the failure of the run", async () => {
  const failure = new Error("failed");
  await expect(
    run({ lock: place.url }, async () => {
      await takeItAway();
      throw failure;
    }),
  ).rejects.toBe(failure);
  expect(stderr).toContain("error[lock-lost]: ");
});

it("takes a release whose reply was lost for its own", async () => {
  expect(
    await run({ lock: place.url }, async () => {
      place.server.faults.push({ method: "PUT", kind: "lost-reply" });
      return exitCodes.ok;
    }),
  ).toBe(exitCodes.ok);
  expect(stderr).toBe("");
  expect((await store.read())?.record.state).toBe("released");
});

it("leaves an interruption by the user and a failure as they are", async () => {
  await expect(
    run({ lock: place.url }, async ({ signal }) => {
      interrupt.abort(new Error("SIGINT"));
      return unlessInterrupted(new Promise<number>(() => {}), signal);
    }),
  ).rejects.toBeInstanceOf(Interrupted);
  const failure = new Error("failed");
  interrupt = new AbortController();
  await expect(run({ lock: place.url }, () => Promise.reject(failure))).rejects.toBe(failure);
  expect((await store.read())?.record.state).toBe("released");
  expect(stderr).toBe("");
});

it("does nothing where the user goes while it waits, and says once for whom it waited", async () => {
  const held = await acquireLock(store, options({ owner: "jane" }));
  const work = vi.fn(() => Promise.resolve(0));
  const waiting = run({ lock: place.url, lockWait: 600_000 }, work).catch((error: unknown) => error);
  for (let looks = 1; looks <= 3; looks += 1) {
    // The holder's two loops, and the one that waits.
    await eventually(() => time.sleepers() === 3);
    await time.advance(5000);
  }
  await eventually(() => time.sleepers() === 3);
  const reason = new Error("SIGINT");
  interrupt.abort(reason);
  expect(await waiting).toBe(reason);
  expect(work).not.toHaveBeenCalled();
  expect(stderr.match(/Waiting|owner {2}jane/g)).toEqual(["Waiting", "owner  jane"]);
  await held.release();
});

it("waits for no lock that is not there", async () => {
  const work = vi.fn(() => Promise.resolve(0));
  await expect(run({ lockWait: 600_000 }, work)).rejects.toMatchObject({ code: "lock-missing" });
  expect(work).not.toHaveBeenCalled();
  expect(await run({}, work)).toBe(0);
});
