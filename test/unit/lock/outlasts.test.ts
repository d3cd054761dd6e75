import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { acquireLock } from "../../../src/lock/acquire.ts";
import type { HeldLock } from "../../../src/lock/hold.ts";
import type { LockStore } from "../../../src/lock/store.ts";
import { createFakeTime, eventually, type FakeTime } from "./support/fake-time.ts";
import { options } from "./support/options.ts";
import { s3Place } from "./support/stores.ts";

let time: FakeTime;
let place: Awaited<ReturnType<typeof s3Place>>;
let store: LockStore;
let held: HeldLock;

beforeEach(async () => {
  time = createFakeTime();
  place = await s3Place(time.now);
  store = await place.open(time.machine(1));
  held = await acquireLock(store, options());
});
afterEach(async () => {
  await held.release().catch(() => {});
  store.close();
  await place.close();
  vi.unstubAllEnvs();
});

const refuseRenewals = (): void => {
  const denied = { method: "PUT", kind: "error", status: 403, code: "AccessDenied" } as const;
  place.server.faults.push(...Array.from({ length: 100 }, () => denied));
};

/** A question that is open, and what came of it. */
const ask = (milliseconds: number) => {
  const asked: { answer: unknown; readonly ended: Promise<void> } = {
    answer: "none yet",
    ended: held.outlasts(milliseconds).then(
      () => void (asked.answer = "yes"),
      (error: unknown) => void (asked.answer = error),
    ),
  };
  return asked;
};

it("is so at once while the lease lasts long enough", async () => {
  await held.outlasts(35_000);
  await time.advance(15_000);
  await held.outlasts(35_000);
});

it("comes with the next renewal where the lease runs out too soon", async () => {
  refuseRenewals();
  await time.advance(26_000);
  const asked = ask(35_000);
  await time.advance(1000);
  expect(asked.answer).toBe("none yet");
  place.server.faults.length = 0;
  while (asked.answer === "none yet" && time.sleepers() > 0) {
    await time.advance(1000);
    await eventually(() => time.sleepers() >= 2);
  }
  await asked.ended;
  expect(asked.answer).toBe("yes");
  expect(held.lost.aborted).toBe(false);
});

it("never comes where no renewal succeeds, and says why", async () => {
  refuseRenewals();
  await time.advance(26_000);
  const asked = ask(35_000);
  await time.advance(25_000);
  await asked.ended;
  expect(asked.answer).toMatchObject({ code: "lock-lost" });
});

it("is known not to be by a machine that has just woken up, before any of its timers", async () => {
  time.suspend(50_000);
  expect(held.lost.aborted).toBe(false);
  await expect(held.outlasts(0)).rejects.toMatchObject({ code: "lock-lost" });
  expect(held.lost.aborted).toBe(true);
});

it("is no question when the lock has been given back", async () => {
  await held.release();
  await expect(held.outlasts(0)).rejects.toThrow();
});
