import { describe, expect, it } from "vitest";
import { passesInSso, passesInStore, retryConflicts } from "../../../src/aws/conflicts.ts";
import { toAwsError } from "../../../src/aws/errors.ts";
import { AwsError } from "../../../src/model/errors.ts";
import type { Progress } from "../../../src/model/progress.ts";

const conflict = (message: string, fields: object = {}) =>
  toAwsError(
    Object.assign(new Error(message), { name: "ConflictException", $metadata: { attempts: 1 }, ...fields }),
    "sso:Write",
  );

const fakeClients = () => {
  const slept: number[] = [];
  const told: Progress[] = [];
  let time = 0;
  return {
    slept,
    told,
    onProgress: (progress: Progress) => told.push(progress),
    clock: {
      now: () => time,
      random: () => 1,
      sleep: async (milliseconds: number) => {
        slept.push(milliseconds);
        time += milliseconds;
      },
    },
  };
};

const failing = (errors: readonly unknown[]) => {
  let calls = 0;
  return async () => {
    const error = errors[calls];
    calls += 1;
    if (error !== undefined) throw error;
    return calls;
  };
};

describe("retryConflicts", () => {
  it("tries again, with growing waits, and says so", async () => {
    const clients = fakeClients();
    const passing = conflict("There is a conflicting operation in process.");
    expect(await retryConflicts(failing([passing, passing]), clients, { passes: passesInSso })).toBe(3);
    expect(clients.slept).toEqual([500, 1000]);
    expect(clients.told).toHaveLength(2);
    expect(clients.told[0]).toMatchObject({ type: "retry" });
  });

  it("ends after eight tries or a minute", async () => {
    const clients = fakeClients();
    let calls = 0;
    const always = async () => {
      calls += 1;
      throw conflict("busy");
    };
    await expect(retryConflicts(always, clients, { passes: () => true })).rejects.toMatchObject({
      code: "conflict",
    });
    expect(calls).toBeLessThanOrEqual(8);
    expect(calls).toBeGreaterThan(4);
    expect(clients.slept.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(60_000);
  });

  it("does not repeat what stays, nor any other error", async () => {
    const clients = fakeClients();
    const taken = conflict("PermissionSet with name X already exists");
    await expect(retryConflicts(failing([taken]), clients, { passes: passesInSso })).rejects.toBe(taken);
    const other = toAwsError(Object.assign(new Error("no"), { name: "ValidationException" }), "sso:Write");
    await expect(retryConflicts(failing([other]), clients, { passes: () => true })).rejects.toBe(other);
    const bug = new TypeError("bug");
    await expect(retryConflicts(failing([bug]), clients, { passes: () => true })).rejects.toBe(bug);
    expect(clients.slept).toEqual([]);
  });

  it("remembers an attempt that stayed open through those that follow", async () => {
    const lost = toAwsError(Object.assign(new Error("busy"), { name: "ConflictException" }), "sso:Write");
    const open = new AwsError("conflict", lost.message, { cause: lost.cause, afterOpenAttempt: true });
    const taken = conflict("PermissionSet with name X already exists");
    await expect(
      retryConflicts(failing([open, taken]), fakeClients(), { passes: passesInSso }),
    ).rejects.toMatchObject({ code: "conflict", message: taken.message, afterOpenAttempt: true });
  });

  it("is done where the wanted state is there already", async () => {
    const clients = fakeClients();
    const settled = async () => ({ value: 42 });
    expect(await retryConflicts(failing([conflict("busy")]), clients, { passes: passesInSso, settled })).toBe(
      42,
    );
    const notYet = async () => undefined;
    expect(
      await retryConflicts(failing([conflict("busy")]), clients, { passes: passesInSso, settled: notYet }),
    ).toBe(2);
  });
});

describe("what passes", () => {
  it.each([
    ["There is a conflicting operation in process.", true],
    ["A conflict with a previous successful write", true],
    ["PermissionSet with name X already exists.", false],
    ["Managed policy is already attached", false],
    ["Could not delete because PermissionSet has ApplicationProfile associated with it", false],
  ])("sso-admin: %s: %s", (message, passes) => {
    expect(passesInSso(conflict(message))).toBe(passes);
  });

  it.each([
    ["CONCURRENT_MODIFICATION", true],
    ["UNIQUENESS_CONSTRAINT_VIOLATION", false],
    [undefined, false],
  ])("identity store: %s: %s", (Reason, passes) => {
    expect(passesInStore(conflict("no", { Reason }))).toBe(passes);
  });
});
