import { describe, expect, it } from "vitest";
import { createTokenBucket } from "../../../src/aws/token-bucket.ts";
import { fakeTime } from "./support/fake-time.ts";

const startTimes = async (bucket: { take(): Promise<void> }, now: () => number, count: number) =>
  Promise.all(
    Array.from({ length: count }, async () => {
      await bucket.take();
      return now();
    }),
  );

describe("createTokenBucket", () => {
  it("lets the burst through at once and then keeps the rate", async () => {
    const time = fakeTime();
    const bucket = createTokenBucket({ rate: 10, burst: 2, ...time });
    const times = await startTimes(bucket, time.now, 6);
    expect(times).toEqual([0, 0, 100, 200, 300, 400]);
  });

  it("never lets more through than rate × time + burst, whatever the arrivals", async () => {
    const time = fakeTime();
    const bucket = createTokenBucket({ rate: 18, burst: 2, ...time });
    const times: number[] = [];
    for (let round = 0; round < 20; round += 1) {
      times.push(...(await startTimes(bucket, time.now, 1 + (round % 7))));
      time.advance((round * 37) % 200);
    }
    for (const [first, from] of times.entries()) {
      const inOneSecond = times.filter((at, index) => index >= first && at < from + 1000).length;
      expect(inOneSecond).toBeLessThanOrEqual(20);
    }
  });

  it("serves in the order of arrival", async () => {
    const time = fakeTime();
    const bucket = createTokenBucket({ rate: 10, burst: 1, ...time });
    const order: number[] = [];
    await Promise.all(
      [0, 1, 2, 3, 4].map(async (index) => {
        await bucket.take();
        order.push(index);
      }),
    );
    expect(order).toEqual([0, 1, 2, 3, 4]);
  });

  it("counts who waits", async () => {
    const time = fakeTime();
    const changes: number[] = [];
    const bucket = createTokenBucket({
      rate: 10,
      burst: 1,
      ...time,
      onWaiting: (change) => changes.push(change),
    });
    const taken = [bucket.take(), bucket.take(), bucket.take()];
    expect(bucket.waiting).toBe(2);
    await Promise.all(taken);
    expect(bucket.waiting).toBe(0);
    expect(changes.reduce((sum, change) => sum + change, 0)).toBe(0);
    expect(changes.filter((change) => change === 1)).toHaveLength(2);
  });

  it("halves the rate once for throttles that come together, and grows it back", async () => {
    const time = fakeTime();
    const bucket = createTokenBucket({ rate: 10, burst: 1, ...time });
    await bucket.take();
    bucket.throttled();
    bucket.throttled();
    bucket.throttled();
    const times = await startTimes(bucket, time.now, 40);
    const gaps = times.map((at, index) => at - (times[index - 1] ?? 0));
    expect(gaps[1]).toBeGreaterThan(150);
    expect(gaps[1]).toBeLessThanOrEqual(200);
    expect(gaps.at(-1)).toBe(100);
  });

  it("lets everybody go when its sleep is called off", async () => {
    const time = fakeTime();
    const sleep = () => Promise.reject(new Error("closed"));
    const bucket = createTokenBucket({ rate: 1, burst: 1, now: time.now, sleep });
    await Promise.all([bucket.take(), bucket.take(), bucket.take()]);
    expect(bucket.waiting).toBe(0);
  });

  it("never slows down to nothing", async () => {
    const time = fakeTime();
    const bucket = createTokenBucket({ rate: 16, burst: 1, ...time });
    await bucket.take();
    for (let second = 0; second < 50; second += 1) {
      bucket.throttled();
      time.advance(1);
      await bucket.take();
    }
    const before = time.now();
    await bucket.take();
    expect(time.now() - before).toBeLessThanOrEqual(250);
  });
});
