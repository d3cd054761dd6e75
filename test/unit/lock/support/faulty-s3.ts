import { afterEach, beforeEach, vi } from "vitest";
import type { LockStore } from "../../../../src/lock/store.ts";
import type { S3Server } from "../../../support/s3-server.ts";
import { createFakeTime, type FakeTime } from "./fake-time.ts";
import { s3Place } from "./stores.ts";

/** Where the lock of s3Place is. */
export const lockKey = "locks/identity-center.lock";

export interface FaultyS3 {
  readonly time: FakeTime;
  readonly place: Awaited<ReturnType<typeof s3Place>>;
  readonly server: S3Server;
  readonly store: LockStore;
  /** What each write was answered. */
  readonly puts: () => readonly (number | undefined)[];
  /** What the lock's object says. */
  readonly state: () => unknown;
}

/** Another server for each test of a file, with faults to come. */
export const useFaultyS3 = (): (() => FaultyS3) => {
  let s3: FaultyS3;
  beforeEach(async () => {
    const time = createFakeTime();
    const place = await s3Place(time.now);
    const { server } = place;
    const store = await place.open(time.machine(1));
    s3 = {
      time,
      place,
      server,
      store,
      puts: () => server.requests.filter(({ method }) => method === "PUT").map(({ status }) => status),
      state: () => JSON.parse(server.objects.get(lockKey)?.body ?? "null"),
    };
  });
  afterEach(async () => {
    s3.store.close();
    await s3.server.close();
    vi.unstubAllEnvs();
  });
  return () => s3;
};
