import { expect, test } from "vitest";
import { adoptRequests } from "../../../src/apply/adopt.ts";
import type { LeftInFlight } from "../../../src/apply/adopt.ts";
import type { JournalEntry, RequestEntry } from "../../../src/apply/journal.ts";
import type { InstanceReader } from "../../../src/model/ports.ts";
import { first, listed } from "./support/fake-run.ts";
import { failed, fakePorts, inProgress, succeeded } from "./support/fake-ports.ts";
import { createVirtualClock } from "./support/virtual-clock.ts";

const request = (
  requestId: string,
  operation: RequestEntry["operation"] = "create-assignment",
): RequestEntry => ({
  event: "request",
  id: 1,
  address: `assignment/${first}/Admins/group:Developers`,
  operation,
  requestId,
  target: {
    accountId: first,
    permissionSet: "Admins",
    permissionSetArn: "arn-admins",
    principalType: "GROUP",
    principalId: "g-dev",
  },
});

const adopt = async (left: LeftInFlight, reader: Partial<InstanceReader>) => {
  const clock = createVirtualClock();
  const begin = clock.now();
  const noted: JournalEntry[] = [];
  const ports = fakePorts(reader);
  const adopted = await adoptRequests(left, ports.reader, {
    ...clock,
    journal: { record: async () => {}, note: (entry) => void noted.push(entry) },
    onProgress: () => {},
  });
  return { adopted, noted, calls: ports.calls, milliseconds: clock.now() - begin };
};

test("waits for what is in progress, and for the read to show it", async () => {
  let [looks, reads] = [0, 0];
  const { adopted, noted, milliseconds } = await adopt(
    { requests: [request("r1")], unanswered: [] },
    {
      listRequests: async () => {
        looks += 1;
        return looks < 4 ? ["r1"] : [];
      },
      describeRequest: async (_, id) => succeeded(id),
      listAccountAssignments: async () => {
        reads += 1;
        return reads < 3 ? [] : [listed(first)];
      },
    },
  );
  expect(adopted).toMatchObject([{ requestId: "r1", settled: { status: "succeeded" } }]);
  expect(noted).toEqual([{ event: "settled", requestId: "r1", status: "succeeded" }]);
  expect(reads).toBe(3);
  expect(milliseconds).toBeGreaterThan(1000);
});

test("one that failed, or that AWS no longer knows, is left to the reading", async () => {
  const { adopted, calls } = await adopt(
    { requests: [request("r1"), request("r2")], unanswered: [] },
    {
      listRequests: async () => [],
      describeRequest: async (_, id) => (id === "r1" ? failed(id, "No such policy") : null),
    },
  );
  expect(adopted.map(({ settled }) => settled)).toEqual([
    { status: "failed", reason: "No such policy" },
    { status: "unknown", why: "AWS no longer knows the request" },
  ]);
  expect(calls.filter((call) => call.startsWith("listAccountAssignments"))).toEqual([]);
});

test("where a write had no answer, whatever is in progress of its kind is waited for", async () => {
  let looks = 0;
  const { adopted } = await adopt(
    {
      requests: [request("r1", "delete-assignment")],
      unanswered: ["delete-assignment", "delete-assignment"],
    },
    {
      listRequests: async () => {
        looks += 1;
        return looks < 4 ? ["r1", "unknown"] : [];
      },
      describeRequest: async (_, id) => (looks < 4 ? inProgress(id) : succeeded(id)),
      listAccountAssignments: async () => [],
    },
  );
  expect(adopted.map(({ address, requestId }) => [address, requestId])).toEqual([
    [`assignment/${first}/Admins/group:Developers`, "r1"],
    [null, "unknown"],
  ]);
});

test("a list that is too long is no list of nothing: it is asked again, and then nothing is begun", async () => {
  const left = { requests: [], unanswered: ["create-assignment"] } as const;
  let looks = 0;
  const { adopted } = await adopt(left, {
    listRequests: async () => {
      looks += 1;
      return looks < 3 ? null : ["unknown"];
    },
    describeRequest: async (_, id) => (looks < 6 ? inProgress(id) : succeeded(id)),
  });
  expect(adopted.map(({ requestId }) => requestId)).toEqual(["unknown"]);
  await expect(adopt(left, { listRequests: async () => null })).rejects.toMatchObject({
    code: "too-many-requests",
    message: expect.stringContaining("create-assignment"),
  });
});

test("nothing in flight: nothing is asked", async () => {
  expect(await adopt({ requests: [], unanswered: [] }, {})).toMatchObject({ adopted: [], calls: [] });
});
