import { describe, expect, it } from "vitest";
import { createRetryStrategy, maxAttempts } from "../../../src/aws/retry-strategy.ts";

type Refresh = ReturnType<typeof createRetryStrategy>["refreshRetryTokenForRetry"];
type SdkError = NonNullable<Parameters<Refresh>[1]["error"]>;

const named = (name: string, fields: object = {}): SdkError =>
  Object.assign(new Error("Rate exceeded"), { name, $fault: "client", $metadata: {} }, fields) as SdkError;

describe("createRetryStrategy", () => {
  it("allows ten attempts, each after a longer wait of at most twenty seconds", async () => {
    const strategy = createRetryStrategy(() => 1);
    let token = await strategy.acquireInitialRetryToken("");
    const waits: number[] = [];
    for (let attempt = 1; attempt < maxAttempts; attempt += 1) {
      token = await strategy.refreshRetryTokenForRetry(token, {
        errorType: "THROTTLING",
        error: named("ThrottlingException"),
      });
      waits.push(token.getRetryDelay());
    }
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 20_000, 20_000, 20_000]);
    const last = strategy.refreshRetryTokenForRetry(token, {
      errorType: "THROTTLING",
      error: named("ThrottlingException"),
    });
    await expect(last).rejects.toThrow("No retry");
  });

  it("has no purse that a bad hour empties", async () => {
    const strategy = createRetryStrategy(() => 0);
    for (let call = 0; call < 1000; call += 1) {
      const token = await strategy.acquireInitialRetryToken("");
      await expect(
        strategy.refreshRetryTokenForRetry(token, { errorType: "TRANSIENT" }),
      ).resolves.toBeDefined();
    }
  });

  it.each(["CLIENT_ERROR", "SERVER_ERROR"] as const)("does not repeat a %s", async (errorType) => {
    const strategy = createRetryStrategy(() => 0);
    const token = await strategy.acquireInitialRetryToken("");
    await expect(strategy.refreshRetryTokenForRetry(token, { errorType })).rejects.toThrow();
  });

  it("leaves a full queue of requests to the caller", async () => {
    const strategy = createRetryStrategy(() => 0);
    const token = await strategy.acquireInitialRetryToken("");
    const error = named("ThrottlingException", {
      message: "There are too many requests processing. Please try again later.",
    });
    await expect(
      strategy.refreshRetryTokenForRetry(token, { errorType: "THROTTLING", error }),
    ).rejects.toThrow();
  });

  it("waits as long as the service asks, in a header or in the body", async () => {
    const strategy = createRetryStrategy(() => 0);
    const token = await strategy.acquireInitialRetryToken("");
    const body = await strategy.refreshRetryTokenForRetry(token, {
      errorType: "THROTTLING",
      error: named("ThrottlingException", { RetryAfterSeconds: 7 }),
    });
    expect(body.getRetryDelay()).toBe(7000);
    const header = await strategy.refreshRetryTokenForRetry(token, {
      errorType: "THROTTLING",
      retryAfterHint: new Date(Date.now() + 5000),
    });
    expect(header.getRetryDelay()).toBeGreaterThan(4000);
  });
});
