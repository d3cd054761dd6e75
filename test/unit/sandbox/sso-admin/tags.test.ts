import {
  ListTagsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-sso-admin";
import { describe, expect, it } from "vitest";
import { failure, InstanceArn, startBench } from "../support.ts";
import { createSet } from "./permission-set-calls.ts";

describe("tags", () => {
  it("are set with the set, added, changed and taken away", async () => {
    const bench = await startBench();
    const ResourceArn = await createSet(bench, "Developer", { Tags: [{ Key: "team", Value: "a" }] });
    const resource = { InstanceArn, ResourceArn };
    await bench.client.send(
      new TagResourceCommand({
        ...resource,
        Tags: [
          { Key: "team", Value: "b" },
          { Key: "env", Value: "" },
        ],
      }),
    );
    const list = async () => (await bench.client.send(new ListTagsForResourceCommand(resource))).Tags;
    expect(await list()).toEqual([
      { Key: "env", Value: "" },
      { Key: "team", Value: "b" },
    ]);
    await bench.client.send(new UntagResourceCommand({ ...resource, TagKeys: ["team", "never-there"] }));
    expect(await list()).toEqual([{ Key: "env", Value: "" }]);
  });

  it("are on the instance too, and the instance ARN may be left out", async () => {
    const bench = await startBench();
    await bench.client.send(
      new TagResourceCommand({ ResourceArn: InstanceArn, Tags: [{ Key: "a", Value: "1" }] }),
    );
    expect(bench.instance.tags).toEqual({ a: "1" });
  });

  it("are at most 75", async () => {
    const bench = await startBench();
    const ResourceArn = await createSet(bench);
    const tag = (from: number, count: number) =>
      bench.client.send(
        new TagResourceCommand({
          InstanceArn,
          ResourceArn,
          Tags: Array.from({ length: count }, (_, n) => ({ Key: `k${from + n}`, Value: "v" })),
        }),
      );
    await tag(0, 75);
    expect((await failure(tag(75, 1))).name).toBe("ServiceQuotaExceededException");
    expect((await failure(tag(0, 76))).name).toBe("ValidationException");
  });

  it("are not found on what is not there", async () => {
    const bench = await startBench();
    const ResourceArn = "arn:aws:sso::999999999999:application/ssoins-5a4d6b0c1e2f3a4b/apl-0123456789abcdef";
    const list = bench.client.send(new ListTagsForResourceCommand({ InstanceArn, ResourceArn }));
    expect((await failure(list)).name).toBe("ResourceNotFoundException");
  });
});
