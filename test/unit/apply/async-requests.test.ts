import { expect, test } from "vitest";
import { createAsyncRequests } from "../../../src/apply/async-requests.ts";
import { AwsError } from "../../../src/model/errors.ts";
import type { InstanceReader } from "../../../src/model/ports.ts";
import { failed, fakePorts, inProgress, succeeded } from "./support/fake-ports.ts";
import { createVirtualClock } from "./support/virtual-clock.ts";

const start = (reader: Partial<InstanceReader>) => {
  const clock = createVirtualClock();
  const ports = fakePorts(reader);
  const requests = createAsyncRequests(ports.reader, clock);
  type Arguments = Parameters<typeof requests.follow>;
  return {
    clock,
    calls: ports.calls,
    follow: (...args: Arguments) => requests.follow(...args),
    settle: (...args: Arguments) => requests.follow(...args).settled,
  };
};

test("two lists serve all requests of a kind; described are failures, and one for the list", async () => {
  const ids = ["r1", "r2", "r3", "r4"];
  const { clock, calls, settle } = start({
    listRequests: async (_, status) => {
      if (status === "FAILED") return ["r2", "of somebody else"];
      return clock.now() - begin < 4000 ? ids : [];
    },
    describeRequest: async (_, id) => (id === "r2" ? failed(id, "No such policy") : succeeded(id)),
  });
  const begin = clock.now();
  const ends = await Promise.all(ids.map((id) => settle("create-assignment", inProgress(id))));
  expect(ends).toEqual([
    { status: "succeeded" },
    { status: "failed", reason: "No such policy" },
    { status: "succeeded" },
    { status: "succeeded" },
  ]);
  expect(calls.filter((call) => call.startsWith("describeRequest"))).toEqual([
    "describeRequest create-assignment r4",
    "describeRequest create-assignment r2",
  ]);
  expect(calls.filter((call) => call.includes("FAILED"))).toHaveLength(1);
  // After 50 ms, 0.5 s, 1 s, 2 s, 2 s.
  expect(calls.filter((call) => call.includes("IN_PROGRESS"))).toHaveLength(5);
});

test("when it is known how long requests take, looks are a part of that apart", async () => {
  const ends = new Map<string, number>();
  const { clock, calls, settle } = start({
    listRequests: async () => [...ends].filter(([, end]) => end > clock.now()).map(([id]) => id),
    describeRequest: async (_, id) => succeeded(id),
  });
  const looks = async (id: string): Promise<number> => {
    ends.set(id, clock.now() + 10_000);
    const before = calls.length;
    await settle("provision", inProgress(id));
    return calls.slice(before).filter((call) => call.startsWith("listRequests")).length;
  };
  expect(await looks("first")).toBe(8);
  expect(await looks("second")).toBeLessThanOrEqual(3);
});

test.each([
  ["another change waits for it", { confirm: true }, ["r1", "r2", "r3"]],
  ["nothing waits for it", {}, ["r3"]],
])("where %s, success is asked for", async (_, options, described) => {
  let looks = 0;
  const { calls, settle } = start({
    listRequests: async (_operation, status) => {
      if (status === "FAILED") return [];
      looks += 1;
      return looks === 1 ? ["r1", "r2", "r3"] : [];
    },
    describeRequest: async (_operation, id) => succeeded(id),
  });
  await Promise.all(["r1", "r2", "r3"].map((id) => settle("create-assignment", inProgress(id), options)));
  expect(calls.filter((call) => call.startsWith("describe"))).toEqual(
    described.map((id) => `describeRequest create-assignment ${id}`),
  );
});

test("whoever is in progress no more makes room at once, and how it ended is asked later for all", async () => {
  const ids = ["r1", "r2", "r3", "r4"];
  const { clock, calls, follow } = start({
    listRequests: async (_, status) => {
      if (status === "FAILED") return [];
      return clock.now() - begin < 1000 ? ids : clock.now() - begin < 8000 ? ["r4"] : [];
    },
    describeRequest: async (_, id) => succeeded(id),
  });
  const begin = clock.now();
  const endings = ids.map((id) => follow("create-assignment", inProgress(id)));
  await endings[0]?.left;
  await endings[1]?.left;
  expect(clock.now() - begin).toBeLessThan(3000);
  expect(calls.filter((call) => call.includes("FAILED"))).toEqual([]);
  await Promise.all(endings.map(({ settled }) => settled));
  expect(calls.filter((call) => call.includes("FAILED"))).toHaveLength(1);
});

test("where AWS keeps too many failed requests to list, each is asked for", async () => {
  let looks = 0;
  const { calls, settle } = start({
    listRequests: async (_, status) => {
      if (status === "FAILED") return null;
      looks += 1;
      return looks === 1 ? ["r1", "r2"] : [];
    },
    describeRequest: async (_, id) => succeeded(id),
  });
  await Promise.all(["r1", "r2"].map((id) => settle("create-assignment", inProgress(id))));
  expect(calls.filter((call) => call.startsWith("describe"))).toHaveLength(2);
});

test("an answer that is there at once is not asked for", async () => {
  const { settle, calls } = start({});
  expect(await settle("delete-assignment", succeeded(""))).toEqual({ status: "succeeded" });
  expect(calls).toEqual([]);
});

test("a list that does not show a new request yet does not end it", async () => {
  let describes = 0;
  const { settle } = start({
    listRequests: async () => [],
    describeRequest: async (_, id) => {
      describes += 1;
      return describes < 3 ? inProgress(id) : succeeded(id);
    },
  });
  expect(await settle("provision", inProgress("r"))).toEqual({ status: "succeeded" });
  expect(describes).toBe(3);
});

test("a request that AWS no longer knows is unknown", async () => {
  const { settle } = start({ listRequests: async () => [], describeRequest: async () => null });
  expect(await settle("provision", inProgress("r"))).toEqual({
    status: "unknown",
    why: "AWS no longer knows the request",
  });
});

test("a request that does not end is given up after ten minutes", async () => {
  const { clock, settle } = start({ listRequests: async () => ["r"] });
  const begin = clock.now();
  expect(await settle("provision", inProgress("r"))).toEqual({ status: "unfinished" });
  expect((clock.now() - begin) / 60_000).toBeCloseTo(10, 0);
});

/** From the second look on; calls that answer in no time, for as long as the request is in progress. */
const missing = (list: readonly string[] | null) => {
  let looks = 0;
  return {
    listRequests: async () => {
      looks += 1;
      return looks === 1 ? ["r"] : list;
    },
    describeRequest: async (_: unknown, id: string) => inProgress(id),
  };
};

test.each([
  ["is missing in every list", [] as string[]],
  ["is in a list that is too long", null],
])("a request that does not end and %s is given up after ten minutes, too", async (_, list) => {
  for (const confirm of [true, false]) {
    const { clock, calls, settle } = start(missing(list));
    const begin = clock.now();
    expect(await settle("provision", inProgress("r"), { confirm })).toEqual({ status: "unfinished" });
    expect((clock.now() - begin) / 60_000).toBeCloseTo(10, 0);
    expect(calls.length).toBeLessThan(1000);
  }
});

test("a list that is too long says of nobody that it is in progress no more", async () => {
  const ids = Array.from({ length: 15 }, (_, index) => `r${index}`);
  let looks = 0;
  const { clock, follow } = start({
    listRequests: async () => {
      looks += 1;
      return looks === 1 ? ids : null;
    },
    describeRequest: async (_, id) => (clock.now() - begin < 20_000 ? inProgress(id) : succeeded(id)),
  });
  const begin = clock.now();
  const endings = ids.map((id) => follow("create-assignment", inProgress(id)));
  await Promise.race(endings.map(({ left }) => left));
  expect(clock.now() - begin).toBeGreaterThanOrEqual(20_000);
  expect(await Promise.all(endings.map(({ settled }) => settled))).toEqual(
    ids.map(() => ({ status: "succeeded" })),
  );
});

test.each([true, false])(
  "one page that is stale ends nothing (where a change waits for it: %s)",
  async (confirm) => {
    let looks = 0;
    const { clock, calls, settle } = start({
      listRequests: async () => {
        looks += 1;
        return looks === 2 || clock.now() - begin > 30_000 ? [] : ["r"];
      },
      describeRequest: async (_, id) => (clock.now() - begin < 30_000 ? inProgress(id) : succeeded(id)),
    });
    const begin = clock.now();
    expect(await settle("provision", inProgress("r"), { confirm })).toEqual({ status: "succeeded" });
    expect(clock.now() - begin).toBeGreaterThan(30_000);
    expect(calls.length).toBeLessThan(40);
  },
);

test("a page that is stale gives no place away while they are in progress", async () => {
  const ids = Array.from({ length: 15 }, (_, index) => `r${index}`);
  let looks = 0;
  const { clock, follow } = start({
    listRequests: async (_, status) => {
      if (status === "FAILED") return [];
      looks += 1;
      return looks === 2 || clock.now() - begin > 30_000 ? [] : ids;
    },
    describeRequest: async (_, id) => (clock.now() - begin < 30_000 ? inProgress(id) : succeeded(id)),
  });
  const begin = clock.now();
  const endings = ids.map((id) => follow("create-assignment", inProgress(id)));
  await Promise.race(endings.map(({ left }) => left));
  expect(clock.now() - begin).toBeGreaterThan(30_000);
  expect(await Promise.all(endings.map(({ settled }) => settled))).toEqual(
    ids.map(() => ({ status: "succeeded" })),
  );
});

test("a failed look is repeated, and given up when none succeeds", async () => {
  let looks = 0;
  const flaky = start({
    listRequests: async () => {
      looks += 1;
      if (looks < 3) throw new AwsError("service-error", "An internal failure occurred.");
      return [];
    },
    describeRequest: async (_, id) => succeeded(id),
  });
  expect(await flaky.settle("provision", inProgress("r"))).toEqual({ status: "succeeded" });

  const denied = start({
    listRequests: () => Promise.reject(new AwsError("access-denied", "Not authorized")),
  });
  expect(await denied.settle("provision", inProgress("r"))).toEqual({
    status: "unknown",
    why: "its state could not be read: Not authorized",
  });
});

test("kinds of requests are followed apart, and again after a pause", async () => {
  const { settle, calls } = start({
    listRequests: async () => [],
    describeRequest: async (_, id) => succeeded(id),
  });
  await settle("create-assignment", inProgress("a"));
  await settle("delete-assignment", inProgress("b"));
  await settle("create-assignment", inProgress("c"));
  expect(calls.filter((call) => call.startsWith("list"))).toEqual([
    "listRequests create-assignment IN_PROGRESS 5",
    "listRequests delete-assignment IN_PROGRESS 5",
    "listRequests create-assignment IN_PROGRESS 5",
  ]);
});
