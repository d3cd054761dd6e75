/** What S3 and the network can do to whoever takes the lock: it fails closed, and says why. */
import { describe, expect, it, vi } from "vitest";
import { acquireLock } from "../../../src/lock/acquire.ts";
import { openLock } from "../../../src/lock/open-lock.ts";
import { type LockRecord, writeRecord } from "../../../src/lock/record.ts";
import type { LockStore } from "../../../src/lock/store.ts";
import { parseLockUrl } from "../../../src/lock/target.ts";
import { AwsError, UsageError } from "../../../src/model/errors.ts";
import { type Fault, startS3Server } from "../../support/s3-server.ts";
import { eventually } from "./support/fake-time.ts";
import { lockKey, useFaultyS3 } from "./support/faulty-s3.ts";
import { options } from "./support/options.ts";

const s3 = useFaultyS3();

const collision: Fault = { method: "PUT", kind: "error", status: 409, code: "ConditionalRequestConflict" };
const unavailable: Fault = { method: "PUT", kind: "error" };

const released: LockRecord = {
  state: "released",
  id: "0123456789abcdef",
  write: "fedcba9876543210",
  owner: "john",
  host: "runner-2",
  runUrl: null,
  planDigest: null,
  since: 0,
  until: 1000,
};

const failing = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.catch((error: unknown) => error);

describe("taking the lock", () => {
  it("writes on condition, and finds the bucket by the path where the endpoint is not AWS's own", async () => {
    const { time, place, server } = s3();
    vi.stubEnv("AWS_ENDPOINT_URL_S3", server.url.replace("127.0.0.1", "localhost"));
    const other = await place.open(time.machine(2));
    const held = await acquireLock(other, options());
    await held.release();
    const again = await acquireLock(other, options());
    await again.release();
    const written = server.requests.filter(({ method, status }) => method === "PUT" && status === 200);
    expect(written.map(({ ifNoneMatch }) => ifNoneMatch)).toEqual(["*", undefined, undefined, undefined]);
    expect(written.map(({ ifMatch }) => ifMatch)).toEqual([
      undefined,
      held.fence,
      expect.stringMatching(/^"[0-9a-f]{32}"$/),
      again.fence,
    ]);
    for (const { path, host } of server.requests) {
      expect(path).toBe(lockKey);
      expect(host).toMatch(/^localhost:/);
    }
    other.close();
  });

  it("tries again after a 503", async () => {
    const { server, store, puts } = s3();
    server.faults.push(unavailable);
    const held = await acquireLock(store, options());
    expect(puts().slice(0, 2)).toEqual([503, 200]);
    await held.release();
  });

  it("knows its own lock where the reply was lost and the second attempt met the first", async () => {
    const { server, store, puts, state } = s3();
    server.faults.push({ method: "PUT", kind: "lost-reply" });
    const held = await acquireLock(store, options());
    expect(puts().slice(0, 2)).toEqual([undefined, 412]);
    expect(held.fence).toBe(server.objects.get(lockKey)?.etag);
    await held.release();
    expect(state()).toMatchObject({ state: "released" });
  });

  it("knows its own lock where no attempt was answered", async () => {
    const { server, store } = s3();
    server.faults.push({ method: "PUT", kind: "lost-reply" });
    for (let attempt = 2; attempt <= 4; attempt += 1) server.faults.push({ method: "PUT", kind: "reset" });
    const held = await acquireLock(store, options());
    expect(held.fence).toBe(server.objects.get(lockKey)?.etag);
    await held.release();
  });

  it("says why the lock could not be written where it can not be looked at either", async () => {
    const { store } = s3();
    let reads = 0;
    const broken: LockStore = {
      ...store,
      read: async () => {
        reads += 1;
        if (reads > 1) throw new AwsError("unreachable", "reading failed");
        return null;
      },
      write: () => Promise.reject(new AwsError("unreachable", "writing failed")),
    };
    await expect(acquireLock(broken, options())).rejects.toThrow("writing failed");
  });

  it("tries again after two writes at one moment", async () => {
    const { time, server, store, puts } = s3();
    server.faults.push(collision);
    const taking = acquireLock(store, options());
    await eventually(() => time.sleepers() === 1);
    await time.advance(500);
    const held = await taking;
    expect(puts().slice(0, 2)).toEqual([409, 200]);
    await held.release();
  });

  it("gives up where it never gets a write through", async () => {
    const { time, server, store } = s3();
    for (let attempt = 1; attempt <= 10; attempt += 1) server.faults.push(collision);
    const taking = failing(acquireLock(store, options()));
    for (let attempt = 1; attempt < 10; attempt += 1) {
      await eventually(() => time.sleepers() === 1);
      await time.advance(500);
    }
    expect(await taking).toMatchObject({ code: "lock-busy" });
    expect(server.objects.size).toBe(0);
  });

  it.each([
    [
      "reading is denied",
      { method: "GET", kind: "error", status: 403, code: "AccessDenied", message: "Access Denied" },
      "access-denied",
      [
        "Allow s3:GetObject",
        "s3:PutObject on arn:aws:s3:::locks/identity-center.lock",
        "s3:ListBucket on arn:aws:s3:::locks",
      ],
    ],
    [
      "writing is denied",
      { method: "PUT", kind: "error", status: 403, code: "AccessDenied", message: "Access Denied" },
      "access-denied",
      ["Allow s3:PutObject"],
    ],
    [
      "the key is denied",
      {
        method: "PUT",
        kind: "error",
        status: 403,
        code: "AccessDenied",
        message: "User: x is not authorized to perform: kms:GenerateDataKey on resource: y",
      },
      "access-denied",
      ["Allow kms:GenerateDataKey", "kms:Decrypt"],
    ],
    [
      "credentials have expired",
      {
        method: "GET",
        kind: "error",
        status: 400,
        code: "ExpiredToken",
        message: "The provided token has expired.",
      },
      "credentials-expired",
      ["Sign in again"],
    ],
  ] as const)("fails closed where %s", async (_what, fault, code, words) => {
    const { server, store } = s3();
    server.faults.push(fault);
    const error = await failing(acquireLock(store, options({ wait: 60_000 })));
    expect(error).toBeInstanceOf(AwsError);
    expect(error).toMatchObject({ code });
    for (const word of words) expect((error as AwsError).hint).toContain(word);
    expect(server.objects.size).toBe(0);
  });

  it("fails closed where there is no such bucket", async () => {
    const { time } = s3();
    const elsewhere = await openLock(parseLockUrl("s3://no-such-bucket/x.lock"), time.machine(2));
    const error = await failing(acquireLock(elsewhere, options()));
    expect(error).toBeInstanceOf(AwsError);
    expect((error as AwsError).hint).toBe("Create the bucket no-such-bucket, or correct its name");
    elsewhere.close();
  });

  it("fails closed where nothing answers", async () => {
    const { server, store } = s3();
    await server.close();
    const error = await failing(acquireLock(store, options()));
    expect(error).toBeInstanceOf(AwsError);
    expect(error).toMatchObject({ code: "unreachable" });
  });

  it.each([
    ["a file", '{"version": 4, "terraform_version": "1.9.0"}', "not-a-lock"],
    ["no JSON", "hello", "not-a-lock"],
    ["nothing in it", "", "not-a-lock"],
    ["too large for one", writeRecord(released) + " ".repeat(100_000), "not-a-lock"],
    ["a lock of a later version", '{"reconcileLock": 2}', "lock-version"],
  ])("leaves what is there alone where it is %s", async (_what, body, code) => {
    const { server, store } = s3();
    server.objects.set(lockKey, { body, etag: '"e"' });
    const error = await failing(acquireLock(store, options()));
    expect(error).toBeInstanceOf(UsageError);
    expect(error).toMatchObject({ code });
    expect(server.objects.get(lockKey)?.body).toBe(body);
  });

  it("refuses a store that ignores conditions", async () => {
    const { time, place } = s3();
    const careless = await startS3Server({ buckets: ["locks"], now: time.now, ignoresConditions: true });
    vi.stubEnv("AWS_ENDPOINT_URL_S3", careless.url);
    const other = await place.open(time.machine(2));
    expect(await failing(acquireLock(other, options()))).toMatchObject({ code: "lock-not-atomic" });
    other.close();
    await careless.close();
  });

  it("refuses where no Region is configured", async () => {
    const { time, place } = s3();
    vi.stubEnv("AWS_REGION", undefined);
    const error = await failing(place.open(time.machine(2)));
    expect(error).toBeInstanceOf(UsageError);
    expect(error).toMatchObject({ code: "region-missing" });
  });
});
