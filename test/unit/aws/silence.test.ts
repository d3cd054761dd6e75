/** A call to which no answer comes: the user hears of it after the first half minute, and it comes to an end. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openDirectory } from "../../../src/aws/directory.ts";
import type { AwsDirectory } from "../../../src/model/ports.ts";
import type { Progress } from "../../../src/model/progress.ts";
import { type Answer, instance, startStub, useEndpoint } from "./support/stub-service.ts";

let told: Extract<Progress, { type: "no-reply" }>[];
const closing: (() => unknown)[] = [];
beforeEach(() => {
  told = [];
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  vi.unstubAllEnvs();
});

/** `pace`: what the clock makes of each look at it. An answer is awaited for a tenth of a second. */
const open = async (answer: (index: number) => Answer, pace: number) => {
  const stub = await startStub((_, index) => answer(index));
  useEndpoint(stub.url);
  let time = Date.now();
  const directory: AwsDirectory = await openDirectory({
    rps: 100_000,
    answerTimeout: 100,
    clock: { now: () => (time += pace), sleep: async () => {}, random: () => 0 },
    onProgress: (progress) => {
      if (progress.type === "no-reply") told.push(progress);
    },
  });
  closing.push(
    () => directory.close(),
    () => stub.close(),
  );
  return { reader: directory.reader(instance), requests: stub.requests };
};

describe("a call without an answer", () => {
  it("is told each time, sent four times, and then given up", async () => {
    const { reader, requests } = await open(() => "silent", 10_000);
    await expect(reader.listPermissionSets()).rejects.toMatchObject({
      code: "unreachable",
      message: expect.stringContaining("sso:ListPermissionSets: no answer after 4 attempts"),
      hint: expect.stringContaining("Check the network"),
    });
    expect(requests).toHaveLength(4);
    expect(told).toEqual(
      [2, 3, 4].map((attempt) => ({
        type: "no-reply",
        call: "sso-admin ListPermissionSets",
        milliseconds: expect.any(Number),
        attempt,
        of: 4,
      })),
    );
    for (const { milliseconds } of told) expect(milliseconds).toBeGreaterThanOrEqual(10_000);
  });

  it("is an answer when one comes", async () => {
    const { reader } = await open((index) => (index === 0 ? "silent" : { Users: [] }), 10_000);
    expect(await reader.listUsers()).toEqual([]);
    expect(told.map(({ call, attempt }) => [call, attempt])).toEqual([["identitystore ListUsers", 2]]);
  });

  it("is told once where many fall silent together", async () => {
    const { reader } = await open((index) => (index < 8 ? "silent" : { GroupMemberships: [] }), 1);
    await Promise.all(Array.from({ length: 8 }, (_, index) => reader.listGroupMemberships(`g-${index}`)));
    expect(told.map(({ call }) => call)).toEqual(["identitystore ListGroupMemberships"]);
  });

  it("because the connection broke is no silence", async () => {
    const { reader } = await open((index) => (index === 0 ? "cut" : { Users: [] }), 10_000);
    expect(await reader.listUsers()).toEqual([]);
    expect(told).toEqual([]);
  });
});
