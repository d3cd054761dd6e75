import { IdentitystoreClient, ListGroupsCommand, ListUsersCommand } from "@aws-sdk/client-identitystore";
import { ListRootsCommand, OrganizationsClient } from "@aws-sdk/client-organizations";
import { ListInstancesCommand, ListPermissionSetsCommand } from "@aws-sdk/client-sso-admin";
import { describe, expect, it, onTestFinished } from "vitest";
import { createThrottle } from "../../../src/sandbox/quotas.ts";
import { failure, InstanceArn, startBench } from "./support.ts";

/** How many of `count` calls at one moment are admitted. */
const burst = (call: () => boolean, count: number) =>
  Array.from({ length: count }, call).filter(Boolean).length;

describe("the throttle", () => {
  it("gives sso-admin 20 calls at once, and 20 a second for all its operations together", () => {
    const { admit } = createThrottle();
    expect(burst(() => admit("sso-admin", "ListInstances", 0), 25)).toBe(20);
    expect(admit("sso-admin", "CreatePermissionSet", 0)).toBe(false);
    expect(burst(() => admit("sso-admin", "CreatePermissionSet", 250), 25)).toBe(5);
    expect(burst(() => admit("sso-admin", "ListInstances", 60_000), 25)).toBe(20);
  });

  it("never throttles a client that keeps to the rate", () => {
    const { admit } = createThrottle();
    const admitted = Array.from({ length: 2000 }, (_, n) => admit("sso-admin", "ListInstances", n * 50));
    expect(admitted).not.toContain(false);
  });

  it("gives each operation of identitystore its own 20", () => {
    const { admit } = createThrottle();
    expect(burst(() => admit("identitystore", "ListUsers", 0), 25)).toBe(20);
    expect(burst(() => admit("identitystore", "ListGroups", 0), 25)).toBe(20);
  });

  it.each([
    ["ListRoots", 2, 1],
    ["ListAccounts", 12, 8],
    ["ListTagsForResource", 15, 10],
    ["DescribeAccount", 30, 20],
  ])("gives Organizations' %s a burst of %i and %i a second", (operation, atOnce, perSecond) => {
    const { admit } = createThrottle();
    expect(burst(() => admit("organizations", operation, 0), 50)).toBe(atOnce);
    expect(burst(() => admit("organizations", operation, 1000), 50)).toBe(perSecond);
  });

  it("lets STS through", () => {
    const { admit } = createThrottle();
    expect(burst(() => admit("sts", "GetCallerIdentity", 0), 500)).toBe(500);
  });
});

describe("speed real", () => {
  const options = (endpoint: string) => ({
    endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
  });

  it("throttles what is over the quota, before it looks at the input, and lets go with time", async () => {
    const { client, clock, log } = await startBench({ speed: "real" });
    for (let n = 0; n < 20; n += 1) await client.send(new ListInstancesCommand({}));
    const invalid = client.send(new ListPermissionSetsCommand({ InstanceArn: "none" }));
    expect((await failure(invalid)).name).toBe("ThrottlingException");
    expect(log.at(-1)).toMatchObject({
      outcome: "throttled",
      operation: "ListPermissionSets",
      message: "Rate exceeded",
    });
    clock.advance(50);
    await client.send(new ListPermissionSetsCommand({ InstanceArn }));
  });

  it("words it as each service does", async () => {
    const { sandbox } = await startBench({ speed: "real" });
    const store = new IdentitystoreClient(options(sandbox.url));
    const organizations = new OrganizationsClient(options(sandbox.url));
    onTestFinished(() => {
      store.destroy();
      organizations.destroy();
    });
    const users = () => store.send(new ListUsersCommand({ IdentityStoreId: "d-9067a1b2c3" }));
    for (let n = 0; n < 20; n += 1) await users();
    await expect(users()).rejects.toMatchObject({ name: "ThrottlingException", RetryAfterSeconds: 1 });
    await store.send(new ListGroupsCommand({ IdentityStoreId: "d-9067a1b2c3" }));
    const roots = () => organizations.send(new ListRootsCommand({}));
    await roots();
    await roots();
    await expect(roots()).rejects.toMatchObject({ name: "TooManyRequestsException" });
  });
});

describe("speed fast", () => {
  it("does not count calls", async () => {
    const { client, log } = await startBench();
    for (let n = 0; n < 60; n += 1) await client.send(new ListInstancesCommand({}));
    expect(log.every((entry) => entry.outcome === "ok")).toBe(true);
  });
});
