import { afterEach, describe, expect, it, vi } from "vitest";
import { openDirectory } from "../../../src/aws/directory.ts";
import { UsageError } from "../../../src/model/errors.ts";
import type { Progress } from "../../../src/model/progress.ts";
import {
  type Answer,
  fast,
  instance,
  type SeenRequest,
  setArn,
  startStub,
  useEndpoint,
} from "./support/stub-service.ts";

let stub: Awaited<ReturnType<typeof startStub>> | undefined;

afterEach(async () => {
  vi.unstubAllEnvs();
  await stub?.close();
  stub = undefined;
});

const open = async (
  answer: (request: SeenRequest, index: number) => Answer,
  onProgress?: (p: Progress) => void,
) => {
  stub = await startStub(answer);
  useEndpoint(stub.url);
  const directory = await openDirectory({ ...fast, onProgress });
  return { directory, requests: stub.requests, url: stub.url };
};

const throttled = { error: "ThrottlingException", fields: { Message: "Rate exceeded" } };

describe("close", () => {
  it("ends calls that wait for their turn or for a retry, and sends nothing afterwards", async () => {
    stub = await startStub(() => throttled);
    useEndpoint(stub.url);
    const directory = await openDirectory({ rps: 1 });
    const calls = Array.from({ length: 5 }, () => directory.listInstances());
    const ended = Promise.allSettled(calls);
    await vi.waitFor(() => expect(stub?.requests.length).toBeGreaterThan(0));
    directory.close();
    expect((await ended).map(({ status }) => status)).toEqual(Array.from({ length: 5 }, () => "rejected"));
    const sent = stub.requests.length;
    await expect(directory.listInstances()).rejects.toMatchObject({ code: "closed" });
    expect(stub.requests).toHaveLength(sent);
  });
});

describe("openDirectory", () => {
  it("says which endpoint it talks to, without a call", async () => {
    const { directory, requests, url } = await open(() => ({}));
    expect(directory.endpoint).toBe(url);
    expect(directory.region).toBe("us-east-1");
    expect(requests).toEqual([]);
    directory.close();
  });

  it("has no endpoint to name where AWS's own is used", async () => {
    useEndpoint("http://127.0.0.1:1");
    vi.stubEnv("AWS_ENDPOINT_URL", undefined);
    expect((await openDirectory(fast)).endpoint).toBeNull();
  });

  it("names the endpoint of sso-admin where only some are set", async () => {
    useEndpoint("http://127.0.0.1:1");
    vi.stubEnv("AWS_ENDPOINT_URL", undefined);
    vi.stubEnv("AWS_ENDPOINT_URL_SSO_ADMIN", "https://vpce-1.sso.us-east-1.vpce.amazonaws.com/path");
    expect((await openDirectory(fast)).endpoint).toBe("https://vpce-1.sso.us-east-1.vpce.amazonaws.com/path");
  });

  it("refuses a sandbox for one service and AWS for another", async () => {
    useEndpoint("http://127.0.0.1:1");
    vi.stubEnv("AWS_ENDPOINT_URL", undefined);
    vi.stubEnv("AWS_ENDPOINT_URL_IDENTITYSTORE", "http://localhost:4000");
    const opened = openDirectory(fast);
    await expect(opened).rejects.toBeInstanceOf(UsageError);
    await expect(opened).rejects.toMatchObject({
      code: "mixed-endpoints",
      message: expect.stringContaining("http://localhost:4000"),
    });
  });

  it("says that no Region is configured", async () => {
    useEndpoint("http://127.0.0.1:1");
    vi.stubEnv("AWS_REGION", undefined);
    const opened = openDirectory(fast);
    await expect(opened).rejects.toBeInstanceOf(UsageError);
    await expect(opened).rejects.toMatchObject({
      code: "region-missing",
      hint: expect.stringContaining("AWS_REGION"),
    });
  });

  it("says that there are no credentials, before any call", async () => {
    useEndpoint("http://127.0.0.1:1");
    vi.stubEnv("AWS_ACCESS_KEY_ID", undefined);
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", undefined);
    await expect(openDirectory(fast)).rejects.toMatchObject({
      code: "credentials-missing",
      hint: expect.stringContaining("aws sso login"),
    });
  });
});

describe("calls", () => {
  it("are repeated while AWS throttles, up to ten attempts", async () => {
    const { directory, requests } = await open((_request, index) =>
      index < 9 ? throttled : { PermissionSets: [] },
    );
    expect(await directory.reader(instance).listPermissionSets()).toEqual([]);
    expect(requests.map(({ headers }) => headers["amz-sdk-request"])).toContain("attempt=10; max=10");
  });

  it("fail as throttled after the tenth, never as an empty list", async () => {
    const { directory, requests } = await open(() => throttled);
    await expect(directory.reader(instance).listPermissionSets()).rejects.toMatchObject({
      code: "throttled",
      message: expect.stringContaining("10 attempts"),
    });
    expect(requests).toHaveLength(10);
  });

  it("are repeated after a cut connection", async () => {
    const { directory } = await open((_request, index) =>
      index === 0 ? "cut" : { PermissionSets: [setArn] },
    );
    expect(await directory.reader(instance).listPermissionSets()).toEqual([setArn]);
  });

  it("are paged to the end, with the largest page size", async () => {
    const { directory, requests } = await open(({ body }) =>
      body.NextToken === undefined ? { PermissionSets: [], NextToken: "more" } : { PermissionSets: [setArn] },
    );
    expect(await directory.reader(instance).listPermissionSets()).toEqual([setArn]);
    expect(requests.map(({ body }) => body)).toEqual([
      { InstanceArn: instance.instanceArn, MaxResults: 100 },
      { InstanceArn: instance.instanceArn, MaxResults: 100, NextToken: "more" },
    ]);
  });

  it("say that a page of a proxy is not from AWS", async () => {
    const { directory } = await open(() => ({ raw: "<html>Please sign in</html>" }));
    await expect(directory.listInstances()).rejects.toMatchObject({ code: "malformed-reply" });
  });

  it("take a list of users that is not there for what it is", async () => {
    const { directory } = await open(() => ({}));
    await expect(directory.reader(instance).listUsers()).rejects.toMatchObject({ code: "malformed-reply" });
    await expect(directory.reader(instance).listGroups()).rejects.toMatchObject({ code: "malformed-reply" });
  });

  it("are counted, attempts that failed too", async () => {
    const told: Progress[] = [];
    const { directory } = await open(
      (_request, index) => (index === 0 ? throttled : { PermissionSets: [] }),
      (progress) => told.push(progress),
    );
    await directory.reader(instance).listPermissionSets();
    expect(told.findLast(({ type }) => type === "calls")).toEqual({
      type: "calls",
      done: 2,
      waiting: 0,
    });
  });

  it("slow down after a throttled reply", async () => {
    const slept: number[] = [];
    stub = await startStub((_request, index) => (index === 0 ? throttled : { Users: [] }));
    useEndpoint(stub.url);
    let time = 0;
    const clock = {
      now: () => time,
      random: () => 0,
      sleep: async (milliseconds: number) => {
        slept.push(milliseconds);
        time += milliseconds;
      },
    };
    const reader = (await openDirectory({ rps: 20, clock })).reader(instance);
    await reader.listUsers();
    await reader.listUsers();
    // At 20 a second the burst would have let both through without a wait.
    expect(slept.reduce((sum, each) => sum + each, 0)).toBeGreaterThan(150);
  });
});

describe("listInstances", () => {
  it("takes what AWS says, and the configured Region where it says none", async () => {
    const { directory } = await open(() => ({
      Instances: [
        {
          InstanceArn: instance.instanceArn,
          IdentityStoreId: "d-1234567890",
          OwnerAccountId: "999999999999",
          Status: "CREATE_FAILED",
          StatusReason: "because",
          PrimaryRegion: "eu-west-1",
          Name: "main",
        },
        {
          InstanceArn: "arn:aws:sso:::instance/ssoins-2",
          IdentityStoreId: "d-2",
          OwnerAccountId: "111111111111",
          Status: "ACTIVE",
        },
      ],
    }));
    expect(await directory.listInstances()).toEqual([
      { ...instance, name: "main", region: "eu-west-1", status: "CREATE_FAILED", statusReason: "because" },
      {
        instanceArn: "arn:aws:sso:::instance/ssoins-2",
        identityStoreId: "d-2",
        ownerAccountId: "111111111111",
        name: null,
        region: "us-east-1",
        status: "ACTIVE",
        statusReason: null,
      },
    ]);
  });
});
