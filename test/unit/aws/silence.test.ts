/** A call to which no answer comes: the user hears of it after the first half minute, and it comes to an end. */
import { beforeEach, describe, expect, it } from "vitest";
import type { Progress } from "../../../src/model/progress.ts";
import type { Answer } from "./support/stub-service.ts";
import { useStub } from "./support/use-stub.ts";

let told: Extract<Progress, { type: "no-reply" }>[];
beforeEach(() => {
  told = [];
});

const openStub = useStub();
/** `pace`: what the clock makes of each look at it. An answer is awaited for a tenth of a second. */
const open = (answer: (index: number) => Answer, pace: number) => {
  let time = Date.now();
  return openStub((_, index) => answer(index), {
    rps: 100_000,
    answerTimeout: 100,
    clock: { now: () => (time += pace), sleep: async () => {}, random: () => 0 },
    onProgress: (progress) => {
      if (progress.type === "no-reply") told.push(progress);
    },
  });
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
