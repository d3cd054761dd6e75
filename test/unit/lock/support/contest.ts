import { afterEach, beforeEach, describe, vi } from "vitest";
import type { LockStore } from "../../../../src/lock/store.ts";
import { createFakeTime, type FakeTime } from "./fake-time.ts";
import { dynamoDbPlace, type Place, s3Place } from "./stores.ts";

export const minute = 60_000;

/** A place for the lock that any number of machines open, with one time for all. */
export interface Contest {
  readonly time: FakeTime;
  readonly place: Place;
  /** As another machine does, whose clock is ahead by so many milliseconds. */
  readonly open: (seed: number, ahead?: number) => Promise<LockStore>;
}

/** The same tests for both kinds of store, each with a place of its own. */
export const describeContests = (name: string, tests: (contest: () => Contest) => void): void => {
  describe.each([
    ["S3", s3Place],
    ["DynamoDB", dynamoDbPlace],
  ] as const)(`${name} in %s`, (_, start) => {
    let contest: Contest;
    let stores: LockStore[];
    beforeEach(async () => {
      const time = createFakeTime();
      const place = await start(time.now);
      stores = [];
      const open = async (seed: number, ahead = 0): Promise<LockStore> => {
        const store = await place.open(time.machine(seed, ahead));
        stores.push(store);
        return store;
      };
      contest = { time, place, open };
    });
    afterEach(async () => {
      for (const store of stores) store.close();
      await contest.place.close();
      vi.unstubAllEnvs();
    });
    tests(() => contest);
  });
};
