import { afterEach, expect, it, vi } from "vitest";
import { openAuditTrail } from "../../../src/aws/cloudtrail.ts";
import { type Answer, fast, startStub, useEndpoint } from "./support/stub-service.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

const since = Date.UTC(2026, 2, 1);

/** What one look-up comes to when CloudTrail answers with these pages. */
const lookUp = async (answer: (index: number) => Answer) => {
  const stub = await startStub((_request, index) => answer(index));
  useEndpoint(stub.url);
  const trail = await openAuditTrail("eu-west-1", fast.clock, new AbortController().signal);
  try {
    return { ...(await trail.lookUp("CreateUser", since)), requests: stub.requests };
  } finally {
    trail.close();
    await stub.close();
  }
};

const event = (record: unknown, more: Record<string, unknown> = {}) => ({
  EventId: "e-1",
  EventName: "CreateUser",
  EventSource: "identitystore.amazonaws.com",
  EventTime: 1_780_000_000,
  CloudTrailEvent: typeof record === "string" ? record : JSON.stringify(record),
  ...more,
});

it("asks for one call by name, in the Region of the instance, and reads what its events say", async () => {
  const { events, complete, requests } = await lookUp(() => ({
    Events: [
      event({
        userIdentity: { arn: "arn:aws:iam::1:user/eve" },
        sourceIPAddress: "203.0.113.7",
        requestParameters: { groupId: "g", members: [{ memberId: "m" }], count: 1 },
        responseElements: { membershipId: "x" },
      }),
    ],
  }));
  expect(requests.map(({ operation, body }) => [operation, body])).toEqual([
    [
      "LookupEvents",
      {
        LookupAttributes: [{ AttributeKey: "EventName", AttributeValue: "CreateUser" }],
        StartTime: since / 1000,
        MaxResults: 50,
      },
    ],
  ]);
  expect(requests[0]?.headers.authorization).toContain("/eu-west-1/cloudtrail/");
  expect(complete).toBe(true);
  expect(events).toEqual([
    {
      id: "e-1",
      time: 1_780_000_000_000,
      name: "CreateUser",
      source: "identitystore.amazonaws.com",
      actor: "arn:aws:iam::1:user/eve",
      from: "203.0.113.7",
      failed: false,
      mentions: new Set(["g", "m", "x"]),
    },
  ]);
});

it.each([
  [{ type: "IdentityCenterUser", onBehalfOf: { userId: "u-1" } }, "Identity Center user u-1"],
  [{ type: "IAMUser", userName: "eve" }, "eve"],
  [{ type: "AWSService", invokedBy: "sso.amazonaws.com" }, "sso.amazonaws.com"],
  [{ type: "Unknown", principalId: "p" }, "p"],
  [{ type: "Unknown" }, "Unknown"],
  [undefined, "unknown"],
])("names the caller %j as %s", async (userIdentity, actor) => {
  const { events } = await lookUp(() => ({ Events: [event({ userIdentity })] }));
  expect(events.map((each) => each.actor)).toEqual([actor]);
});

it("passes over other services and what can not be read, and tells failed calls apart", async () => {
  const { events } = await lookUp(() => ({
    Events: [
      event({}, { EventSource: "iam.amazonaws.com" }),
      event("{not JSON"),
      event([]),
      event({ errorCode: "AccessDenied" }, { EventId: "e-2" }),
    ],
  }));
  expect(events.map(({ id, failed }) => [id, failed])).toEqual([["e-2", true]]);
});

it("follows pages, up to an end", async () => {
  const three = await lookUp((index) => ({
    Events: [event({}, { EventId: `e-${index}` })],
    ...(index < 2 ? { NextToken: `page-${index + 1}` } : {}),
  }));
  expect(three.events.map(({ id }) => id)).toEqual(["e-0", "e-1", "e-2"]);
  expect(three.requests.map(({ body }) => body.NextToken)).toEqual([undefined, "page-1", "page-2"]);
  const endless = await lookUp((index) => ({ Events: [], NextToken: `page-${index}` }));
  expect(endless.complete).toBe(false);
  expect(endless.requests).toHaveLength(20);
});

it("says what to allow where it may not be asked", async () => {
  await expect(lookUp(() => ({ error: "AccessDeniedException" }))).rejects.toMatchObject({
    code: "access-denied",
    hint: expect.stringContaining("cloudtrail:LookupEvents") as string,
  });
});
