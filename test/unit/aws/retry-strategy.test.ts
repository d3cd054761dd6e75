import { describe, expect, it } from "vitest";
import { createRetryStrategy, maxAttempts } from "../../../src/aws/retry-strategy.ts";

type Refresh = ReturnType<typeof createRetryStrategy>["refreshRetryTokenForRetry"];
type SdkError = NonNullable<Parameters<Refresh>[1]["error"]>;

const named = (name: string, fields: object = {}): SdkError =>
  Object.assign(new Error("Rate exceeded"), { name, $fault: "client", $metadata: {} }, fields) as SdkError;

const clockOf = (random: number) => {
  const slept: number[] = [];
  const sleep = async (milliseconds: number) => {
    slept.push(milliseconds);
  };
  return { slept, clock: { now: () => 1_000_000, sleep, random: () => random } };
};

describe("createRetryStrategy", () => {
  it("allows ten attempts, each after a longer wait of at most twenty seconds", async () => {
    const { slept, clock } = clockOf(1);
    const strategy = createRetryStrategy(clock);
    const throttled = { errorType: "THROTTLING", error: named("ThrottlingException") } as const;
    let token = await strategy.acquireInitialRetryToken("");
    for (let attempt = 1; attempt < maxAttempts; attempt += 1) {
      token = await strategy.refreshRetryTokenForRetry(token, throttled);
      expect(token.getRetryDelay()).toBe(0);
    }
    expect(slept).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 20_000, 20_000, 20_000]);
    await expect(strategy.refreshRetryTokenForRetry(token, throttled)).rejects.toThrow("No retry");
  });

  it("repeats what a corrected clock cures, and nothing else", async () => {
    const strategy = createRetryStrategy(clockOf(0).clock);
    const first = await strategy.acquireInitialRetryToken("");
    const corrected = { $metadata: { clockSkewCorrected: true } };
    const asked = (error: SdkError) =>
      strategy.refreshRetryTokenForRetry(first, { errorType: "TRANSIENT", error });
    await expect(asked(named("ResourceNotFoundException", corrected))).rejects.toThrow("No retry");
    expect((await asked(named("InvalidSignatureException", corrected))).getRetryCount()).toBe(1);
    const failure = named("InternalServerException", { ...corrected, $fault: "server" });
    expect((await asked(failure)).getRetryCount()).toBe(1);
  });

  it("gives up soon where nobody listens", async () => {
    const strategy = createRetryStrategy(clockOf(0).clock);
    const refused = { errorType: "TRANSIENT", error: named("Error", { code: "ECONNREFUSED" }) } as const;
    let token = await strategy.acquireInitialRetryToken("");
    for (let attempt = 1; attempt < 3; attempt += 1) {
      token = await strategy.refreshRetryTokenForRetry(token, refused);
    }
    await expect(strategy.refreshRetryTokenForRetry(token, refused)).rejects.toThrow("No retry");
  });

  it("gives up after four attempts without an answer, whatever else happens between them", async () => {
    const strategy = createRetryStrategy(clockOf(0).clock);
    const silent = { errorType: "TRANSIENT", error: named("TimeoutError") } as const;
    const throttled = { errorType: "THROTTLING", error: named("ThrottlingException") } as const;
    let token = await strategy.acquireInitialRetryToken("");
    for (const reason of [silent, throttled, silent, throttled, throttled, silent]) {
      token = await strategy.refreshRetryTokenForRetry(token, reason);
    }
    await expect(strategy.refreshRetryTokenForRetry(token, silent)).rejects.toThrow("No retry");
    await expect(strategy.refreshRetryTokenForRetry(token, throttled)).resolves.toBeDefined();
  });

  it("has no purse that a bad hour empties", async () => {
    const strategy = createRetryStrategy(clockOf(0).clock);
    for (let call = 0; call < 1000; call += 1) {
      const token = await strategy.acquireInitialRetryToken("");
      await expect(
        strategy.refreshRetryTokenForRetry(token, { errorType: "TRANSIENT" }),
      ).resolves.toBeDefined();
    }
  });

  it.each(["CLIENT_ERROR", "SERVER_ERROR"] as const)("does not repeat a %s", async (errorType) => {
    const strategy = createRetryStrategy(clockOf(0).clock);
    const token = await strategy.acquireInitialRetryToken("");
    await expect(strategy.refreshRetryTokenForRetry(token, { errorType })).rejects.toThrow();
  });

  it("leaves a full queue of requests to the caller", async () => {
    const strategy = createRetryStrategy(clockOf(0).clock);
    const token = await strategy.acquireInitialRetryToken("");
    const error = named("ThrottlingException", {
      message: "There are too many requests processing. Please try again later.",
    });
    await expect(
      strategy.refreshRetryTokenForRetry(token, { errorType: "THROTTLING", error }),
    ).rejects.toThrow();
  });

  it.each([
    ["in the body", { error: named("ThrottlingException", { RetryAfterSeconds: 7 }) }, 7000],
    ["in a header", { retryAfterHint: new Date(1_005_000) }, 5000],
    ["for too long", { error: named("ThrottlingException", { RetryAfterSeconds: 3600 }) }, 20_000],
  ])("waits as AWS asks %s", async (_where, asked, milliseconds) => {
    const { slept, clock } = clockOf(0);
    const strategy = createRetryStrategy(clock);
    const token = await strategy.acquireInitialRetryToken("");
    await strategy.refreshRetryTokenForRetry(token, { errorType: "THROTTLING", ...asked });
    expect(slept).toEqual([milliseconds]);
  });
});
