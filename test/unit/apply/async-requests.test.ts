import { expect, test } from "vitest";
import { createAsyncRequests } from "../../../src/apply/async-requests.ts";
import { AwsError } from "../../../src/model/errors.ts";
import type { InstanceReader } from "../../../src/model/ports.ts";
import { failed, fakePorts, inProgress, succeeded } from "./support/fake-ports.ts";
import { createVirtualClock } from "./support/virtual-clock.ts";

const follow = (reader: Partial<InstanceReader>) => {
  const clock = createVirtualClock();
  const ports = fakePorts(reader);
  return { clock, calls: ports.calls, requests: createAsyncRequests(ports.reader, clock) };
};

test("one list serves all requests of a kind, and only those that left it are described", async () => {
  const start = { at: 0 };
  const { clock, calls, requests } = follow({
    listRequestsInProgress: async () =>
      ["r1", "r2", "r3"].filter((_, index) => clock.now() - start.at < 3000 * (index + 1)),
    describeRequest: async (_, id) => (id === "r2" ? failed(id, "No such policy") : succeeded(id)),
  });
  start.at = clock.now();
  const ends = await Promise.all(
    ["r1", "r2", "r3"].map((id) => requests.settle("create-assignment", inProgress(id))),
  );
  expect(ends).toEqual([
    { status: "succeeded" },
    { status: "failed", reason: "No such policy" },
    { status: "succeeded" },
  ]);
  expect(calls.filter((call) => call.startsWith("describeRequest"))).toEqual([
    "describeRequest create-assignment r1",
    "describeRequest create-assignment r2",
    "describeRequest create-assignment r3",
  ]);
  // 9 seconds: dense at first, then a fraction of the age.
  expect(calls.filter((call) => call.startsWith("list")).length).toBeLessThan(30);
});

test("an answer that is there at once is not asked for", async () => {
  const { requests, calls } = follow({});
  expect(await requests.settle("delete-assignment", succeeded(""))).toEqual({ status: "succeeded" });
  expect(calls).toEqual([]);
});

test("a list that does not show a new request yet does not end it", async () => {
  let describes = 0;
  const { requests } = follow({
    listRequestsInProgress: async () => [],
    describeRequest: async (_, id) => {
      describes += 1;
      return describes < 3 ? inProgress(id) : succeeded(id);
    },
  });
  expect(await requests.settle("provision", inProgress("r"))).toEqual({ status: "succeeded" });
  expect(describes).toBe(3);
});

test("a request that AWS no longer knows is unknown", async () => {
  const { requests } = follow({ listRequestsInProgress: async () => [], describeRequest: async () => null });
  expect(await requests.settle("provision", inProgress("r"))).toEqual({
    status: "unknown",
    why: "AWS no longer knows the request",
  });
});

test("a request that does not end is given up after ten minutes", async () => {
  const { clock, requests } = follow({ listRequestsInProgress: async () => ["r"] });
  const start = clock.now();
  expect(await requests.settle("provision", inProgress("r"))).toEqual({ status: "unfinished" });
  expect((clock.now() - start) / 60_000).toBeCloseTo(10, 0);
});

test("a failed look is repeated, and given up when none succeeds", async () => {
  let looks = 0;
  const flaky = follow({
    listRequestsInProgress: async () => {
      looks += 1;
      if (looks < 3) throw new AwsError("service-error", "An internal failure occurred.");
      return [];
    },
    describeRequest: async (_, id) => succeeded(id),
  });
  expect(await flaky.requests.settle("provision", inProgress("r"))).toEqual({ status: "succeeded" });

  const denied = follow({
    listRequestsInProgress: () => Promise.reject(new AwsError("access-denied", "Not authorized")),
  });
  expect(await denied.requests.settle("provision", inProgress("r"))).toEqual({
    status: "unknown",
    why: "its state could not be read: Not authorized",
  });
});

test("kinds of requests are followed apart, and again after a pause", async () => {
  const { requests, calls } = follow({
    listRequestsInProgress: async () => [],
    describeRequest: async (_, id) => succeeded(id),
  });
  await requests.settle("create-assignment", inProgress("a"));
  await requests.settle("delete-assignment", inProgress("b"));
  await requests.settle("create-assignment", inProgress("c"));
  expect(calls.filter((call) => call.startsWith("list"))).toEqual([
    "listRequestsInProgress create-assignment",
    "listRequestsInProgress delete-assignment",
    "listRequestsInProgress create-assignment",
  ]);
});
