/** What S3 and the network can do to whoever holds the lock: it keeps it, or knows in time that it does not. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { acquireLock } from "../../../src/lock/acquire.ts";
import type { HeldLock } from "../../../src/lock/hold.ts";
import { AwsError } from "../../../src/model/errors.ts";
import { eventually } from "./support/fake-time.ts";
import { lockKey, useFaultyS3 } from "./support/faulty-s3.ts";
import { options } from "./support/options.ts";

const s3 = useFaultyS3();

describe("holding the lock", () => {
  let held: HeldLock;
  beforeEach(async () => {
    held = await acquireLock(s3().store, options());
  });
  afterEach(async () => {
    await held.release().catch(() => {});
  });

  it("keeps it where the reply to a renewal was lost", async () => {
    const { time, server } = s3();
    const { fence } = held;
    server.faults.push({ method: "PUT", kind: "lost-reply" });
    await time.advance(20_000);
    await eventually(() => held.fence !== fence);
    expect(held.fence).toBe(server.objects.get(lockKey)?.etag);
    expect(held.lost.aborted).toBe(false);
  });

  it("keeps it where a renewal is refused and the next is not", async () => {
    const { time, server } = s3();
    const { fence } = held;
    const before = server.requests.length;
    server.faults.push({ method: "PUT", kind: "error", status: 403, code: "AccessDenied" });
    await time.advance(20_000);
    await server.answered(before + 1);
    await eventually(() => time.sleepers() === 2);
    await time.advance(5000);
    await eventually(() => held.fence !== fence);
    expect(held.lost.aborted).toBe(false);
  });

  it("loses it before the lease runs out where renewals are refused, and says why", async () => {
    const { time, server } = s3();
    for (let attempt = 1; attempt <= 20; attempt += 1) {
      server.faults.push({
        method: "PUT",
        kind: "error",
        status: 403,
        code: "AccessDenied",
        message: "Access Denied",
      });
    }
    const start = time.now();
    for (const pause of [20_000, 5000, 5000, 5000, 5000, 5000]) {
      await time.advance(pause);
      await eventually(() => time.sleepers() === 2);
      expect(held.lost.aborted).toBe(false);
    }
    await time.advance(3000);
    expect(held.lost.aborted).toBe(true);
    expect(time.now() - start).toBe(48_000);
    expect(held.lost.reason).toMatchObject({ code: "lock-lost" });
    expect(String(held.lost.reason)).toContain("Access Denied");
  });

  it("loses it in time where a renewal hangs", async () => {
    const { time, server } = s3();
    server.faults.push({ method: "PUT", kind: "hang" });
    const before = server.requests.length;
    await time.advance(20_000);
    await eventually(() => server.requests.length > before);
    await time.advance(27_000);
    expect(held.lost.aborted).toBe(false);
    await time.advance(1000);
    expect(held.lost.aborted).toBe(true);
    await held.release();
    // The one that hung was broken off, not sent again.
    expect(server.requests.slice(before).map(({ method, status }) => [method, status])).toEqual([
      ["PUT", undefined],
      ["PUT", 200],
    ]);
  });

  it("finds out within a second where the machine was suspended for longer than the lease", async () => {
    const { time } = s3();
    time.suspend(3_600_000);
    await time.advance(1000);
    expect(held.lost.aborted).toBe(true);
    expect(String(held.lost.reason)).toContain("asleep");
  });

  it("gives it back after a lost reply, once", async () => {
    const { server, state } = s3();
    server.faults.push({ method: "PUT", kind: "lost-reply" });
    await held.release();
    expect(state()).toMatchObject({ state: "released", id: held.record.id });
    const before = server.requests.length;
    await held.release();
    expect(server.requests).toHaveLength(before);
  });

  it("gives back what it lost for want of renewals, if it is still its own", async () => {
    const { time, state } = s3();
    time.suspend(3_600_000);
    await time.advance(1000);
    await held.release();
    expect(state()).toMatchObject({ state: "released", id: held.record.id });
  });

  it("leaves alone what took the place of a lock that was deleted", async () => {
    const { time, server } = s3();
    server.objects.delete(lockKey);
    await time.advance(20_000);
    await eventually(() => held.lost.aborted);
    await held.release();
    expect(server.objects.size).toBe(0);
  });

  it("says so where it can not be given back", async () => {
    const { server } = s3();
    server.faults.push({ method: "PUT", kind: "error", status: 403, code: "AccessDenied" });
    const error = await held.release().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AwsError);
    expect((error as AwsError).hint).toContain("s3:PutObject");
  });
});
