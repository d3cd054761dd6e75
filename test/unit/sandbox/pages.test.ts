import {
  CreatePermissionSetCommand,
  ListPermissionSetsCommand,
  paginateListPermissionSets,
} from "@aws-sdk/client-sso-admin";
import { describe, expect, it } from "vitest";
import { page } from "../../../src/sandbox/pages.ts";
import { defaultSeed } from "../../../src/sandbox/seed.ts";
import type { CallContext } from "../../../src/sandbox/service.ts";
import { failure, InstanceArn, startBench } from "./support.ts";

const context = (operation = "ListThings", now = 0): CallContext => ({
  state: defaultSeed(),
  operation,
  region: "us-east-1",
  now,
  speed: "fast",
  uuid: () => "",
  asyncOutcome: () => ({ milliseconds: 0, failureReason: undefined }),
});

const letters = ["c", "a", "e", "b", "d"];
const key = (letter: string) => letter;
const list = (input: Readonly<Record<string, unknown>>, items = letters, at = context()) =>
  page(at, input, items, { key });

describe("page", () => {
  it("walks all items once, in the order of their keys", () => {
    const first = list({ MaxResults: 2 });
    const second = list({ MaxResults: 2, ...first.next });
    const third = list({ MaxResults: 2, ...second.next });
    expect([first.items, second.items, third.items]).toEqual([["a", "b"], ["c", "d"], ["e"]]);
    expect(third.next).toEqual({});
  });

  it("has no token where the last page is full", () => {
    expect(list({ MaxResults: 5 }).next).toEqual({});
  });

  it("misses nothing when seen items are deleted between pages", () => {
    const first = list({ MaxResults: 2 });
    expect(list({ MaxResults: 2, ...first.next }, ["c", "d", "e"]).items).toEqual(["c", "d"]);
  });

  it("may change its size on the way", () => {
    const first = list({ MaxResults: 2 });
    expect(list({ MaxResults: 3, ...first.next }).items).toEqual(["c", "d", "e"]);
  });

  it("takes an empty token for none", () => {
    expect(list({ MaxResults: 1, NextToken: "" }).items).toEqual(["a"]);
  });

  const token = list({ MaxResults: 2, Of: "x" }).next.NextToken ?? "";
  it.each([
    ["of another operation", () => list({ Of: "x", NextToken: token }, letters, context("ListOthers"))],
    ["of other parameters", () => list({ Of: "y", NextToken: token })],
    [
      "that is an hour old",
      () => list({ Of: "x", NextToken: token }, letters, context("ListThings", 3_600_001)),
    ],
    ["that was changed", () => list({ Of: "x", NextToken: `${token.slice(0, -4)}AAAA` })],
    ["that was made up", () => list({ Of: "x", NextToken: "page2" })],
  ])("refuses a token %s", (_what, call) => {
    expect(call).toThrow(expect.objectContaining({ code: "ValidationException" }));
  });

  it("accepts the token that those tests spoil", () => {
    expect(list({ Of: "x", NextToken: token }).items).toEqual(["c", "d", "e"]);
  });
});

describe("a list over the wire", () => {
  it("has ten items by default and is complete for a client that follows", async () => {
    const { client } = await startBench();
    for (let n = 0; n < 23; n += 1)
      await client.send(new CreatePermissionSetCommand({ InstanceArn, Name: `Set${n}` }));
    const first = await client.send(new ListPermissionSetsCommand({ InstanceArn }));
    expect(first.PermissionSets).toHaveLength(10);
    const all = new Set<string>();
    for await (const { PermissionSets } of paginateListPermissionSets(
      { client, pageSize: 7 },
      { InstanceArn },
    )) {
      for (const arn of PermissionSets ?? []) all.add(arn);
    }
    expect(all.size).toBe(23);
    const tooMany = client.send(new ListPermissionSetsCommand({ InstanceArn, MaxResults: 101 }));
    expect((await failure(tooMany)).name).toBe("ValidationException");
  });
});
