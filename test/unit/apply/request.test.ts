import { expect, test } from "vitest";
import { createAsyncRequests } from "../../../src/apply/async-requests.ts";
import type { ChangeRun } from "../../../src/apply/context.ts";
import { NotStarted } from "../../../src/apply/failure.ts";
import { createIds } from "../../../src/apply/ids.ts";
import type { JournalEntry } from "../../../src/apply/journal.ts";
import { requestHint, runRequest } from "../../../src/apply/request.ts";
import type { Request } from "../../../src/apply/request.ts";
import { AwsError } from "../../../src/model/errors.ts";
import type { AsyncOperation, AsyncStatus, InstanceReader } from "../../../src/model/ports.ts";
import { failed, fakePorts, inProgress, succeeded } from "./support/fake-ports.ts";
import { create, liveOf, toGroup } from "./support/plans.ts";
import { createVirtualClock } from "./support/virtual-clock.ts";

const active = "111111111111";
const suspended = "777777777777";

const execute = async (
  answers: readonly (AsyncStatus | AwsError)[],
  {
    operation = "create-assignment",
    request = {},
    reader = {},
    interruptedAfter = Number.POSITIVE_INFINITY,
    closedAfter = Number.POSITIVE_INFINITY,
  }: {
    operation?: AsyncOperation;
    request?: Partial<Request>;
    reader?: Partial<InstanceReader>;
    interruptedAfter?: number;
    closedAfter?: number;
  } = {},
) => {
  const clock = createVirtualClock();
  const begin = clock.now();
  const ports = fakePorts(reader);
  const live = liveOf({
    accounts: [
      { id: active, name: "production" },
      { id: suspended, name: "legacy", state: "SUSPENDED" },
    ],
  });
  const requestIds: string[] = [];
  const retries: string[] = [];
  const journal: JournalEntry[] = [];
  let starts = 0;
  const run: ChangeRun = {
    ...ports,
    live,
    ids: createIds(live.ids, []),
    clock,
    requests: createAsyncRequests(ports.reader, clock),
    journal: { record: async () => {}, note: (entry) => void journal.push(entry) },
    change: create("assignment", toGroup(active, "Admins", "Developers")),
    isAwaited: false,
    mayWrite: async () => {},
    emptied: new Set(),
    begin: (_, work) => (starts >= closedAfter ? Promise.reject(new NotStarted()) : work()),
    stopIfInterrupted: () => {
      if (starts >= interruptedAfter) throw new NotStarted();
    },
    retrying: (reason) => void retries.push(reason),
    requested: (id) => void requestIds.push(id),
  };
  const outcome = await runRequest(run, operation, {
    lanes: [],
    accountId: active,
    start: async () => {
      const answer = answers[Math.min(starts, answers.length - 1)];
      starts += 1;
      if (answer === undefined || answer instanceof AwsError) throw answer;
      return answer;
    },
    ...request,
  }).catch((error: unknown) => error);
  return { outcome, starts, requestIds, retries, journal, milliseconds: clock.now() - begin };
};

const internal = "An unexpected internal service exception was encountered";
const slow =
  "AWS SSO is unable to complete your request at this time. Obtaining permissions to manage your AWS account is taking longer than usual.";
const assignmentGone = "Received a 404 status error: Assignment not found.";

test("null is success, and the id of the request was told before", async () => {
  expect(await execute([succeeded("r1")])).toMatchObject({ outcome: null, starts: 1, requestIds: ["r1"] });
});

test("a deletion that found nothing has no request", async () => {
  expect(await execute([succeeded("")], { operation: "delete-assignment" })).toMatchObject({
    outcome: null,
    requestIds: [],
  });
});

test("a final failure is AWS's reason, verbatim, after one attempt", async () => {
  const reason = "Received a 404 status error: the USER assignee x was not found in directory d-1.";
  expect(await execute([failed("r1", reason)])).toMatchObject({ outcome: reason, starts: 1 });
});

test("an internal failure is started again, and given up after four attempts", async () => {
  expect(await execute([failed("r1", internal), failed("r2", internal), succeeded("r3")])).toMatchObject({
    outcome: null,
    requestIds: ["r1", "r2", "r3"],
    retries: [internal, internal],
  });
  expect(await execute([failed("r", internal)])).toMatchObject({ outcome: internal, starts: 4 });
});

test("an account that is slow is tried again only where it is active", async () => {
  expect((await execute([failed("r", slow)])).starts).toBe(4);
  expect((await execute([failed("r", slow)], { request: { accountId: suspended } })).starts).toBe(1);
});

test("too many outstanding requests are no failure: it is asked again until AWS takes it", async () => {
  const full = new AwsError("outstanding-limit", "There are too many requests processing.");
  const many: (AsyncStatus | AwsError)[] = Array.from({ length: 30 }, () => full);
  expect(await execute([...many, succeeded("r1")])).toMatchObject({ outcome: null, starts: 31 });
  const { outcome, milliseconds } = await execute([full]);
  expect(outcome).toBe(full);
  expect(milliseconds / 60_000).toBeGreaterThan(9);
});

test("a refusal is final: the writer itself has ridden out what passes", async () => {
  const conflict = new AwsError("conflict", "There is a conflicting operation in process.");
  expect(await execute([conflict, succeeded("r1")])).toMatchObject({ outcome: conflict, starts: 1 });
  const denied = new AwsError("access-denied", "Not authorized");
  expect(await execute([denied, succeeded("r1")])).toMatchObject({ outcome: denied, starts: 1 });
});

test("an interruption calls off what AWS has not taken", async () => {
  const full = new AwsError("outstanding-limit", "There are too many requests processing.");
  const { outcome, starts } = await execute([full], { interruptedAfter: 3 });
  expect(outcome).toBeInstanceOf(NotStarted);
  expect(starts).toBe(3);
});

test("an interruption does not call off what went out once", async () => {
  const full = new AwsError("outstanding-limit", "There are too many requests processing.");
  expect(
    await execute([failed("r1", internal), full, succeeded("r2")], { interruptedAfter: 1 }),
  ).toMatchObject({ outcome: null, requestIds: ["r1", "r2"] });
});

test("after an interruption nothing is sent again, and the last answer stands", async () => {
  expect(await execute([failed("r1", internal), succeeded("r2")], { closedAfter: 1 })).toMatchObject({
    outcome: internal,
    starts: 1,
  });
});

test("a deletion that found nothing is done where a read agrees", async () => {
  const deletion = { operation: "delete-assignment" } as const;
  const gone = await execute([failed("r1", assignmentGone)], {
    ...deletion,
    request: { isInPlace: async () => true },
  });
  expect(gone.outcome).toBeNull();
  const there = await execute([failed("r1", assignmentGone)], {
    ...deletion,
    request: { isInPlace: async () => false },
  });
  expect(there.outcome).toBe(assignmentGone);
});

test("the read that tells so may lag behind", async () => {
  let reads = 0;
  const isInPlace = async (): Promise<boolean> => {
    reads += 1;
    return reads === 4;
  };
  const { outcome, starts } = await execute([failed("r1", assignmentGone)], {
    operation: "delete-assignment",
    request: { isInPlace },
  });
  expect([outcome, starts]).toEqual([null, 1]);
});

test("a creation that failed is not taken for done because something stands there", async () => {
  const { outcome } = await execute([failed("r1", "Received a 404 status error: no such policy")], {
    request: { isInPlace: async () => true },
  });
  expect(outcome).toBe("Received a 404 status error: no such policy");
});

test("a request that AWS forgot is judged by what stands there, else sent again", async () => {
  const forgetful = { listRequests: async () => [], describeRequest: async () => null };
  const stands = await execute([inProgress("r1")], {
    reader: forgetful,
    request: { isInPlace: async () => true },
  });
  expect(stands).toMatchObject({ outcome: null, starts: 1 });
  const missing = await execute([inProgress("r1"), succeeded("r2")], {
    reader: forgetful,
    request: { isInPlace: async () => false },
  });
  expect(missing).toMatchObject({ outcome: null, starts: 2 });
});

test("a request that never ends fails with its id", async () => {
  const { outcome, starts } = await execute([inProgress("r1")], {
    reader: { listRequests: async () => ["r1"] },
  });
  expect(outcome).toBe("The request r1 did not finish in 10 minutes; AWS may still complete it");
  expect(starts).toBe(1);
});

test.each([
  [slow, "check that it is active"],
  ["the USER assignee x was not found in directory d-1", "The user or group is gone"],
  ["Not supported policy arn:aws:iam::1:policy/P.", "Create the customer managed policy"],
  ["Received a 403 status error: Access denied by IAM", "need IAM permissions of the caller"],
  [internal, "Run apply again"],
])("says what to do about %s", (reason, hint) => {
  expect(requestHint(reason)).toContain(hint);
});

test("says nothing where nobody knows", () => {
  expect(requestHint("Something new")).toBeUndefined();
});
