/**
 * Somebody makes the very object that a plan is about to make, while its creation is under way and has to be repeated.
 * It is theirs: what the plan gives to its own object is not given to it.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  CreateGroupCommand,
  CreateGroupMembershipCommand,
  CreateUserCommand,
} from "@aws-sdk/client-identitystore";
import {
  AttachManagedPolicyToPermissionSetCommand,
  CreatePermissionSetCommand,
} from "@aws-sdk/client-sso-admin";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ApplyResult } from "../../src/apply/result.ts";
import { type HostileProxy, type HostileReply, startHostileProxy } from "../support/hostile-proxy.ts";
import { runInProcess } from "../support/in-process.ts";
import { createWorld, type World } from "../support/world.ts";

let world: World;
let proxy: HostileProxy | undefined;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(async () => {
  await proxy?.close();
  proxy = undefined;
  await world.close();
});

/** The first creation: `meanwhile` happens, then it is answered so without having been done. */
const applyWhile = async (operation: string, meanwhile: () => Promise<unknown>, reply: HostileReply) => {
  await world.write("access.yaml", manifest);
  let isFirst = true;
  proxy = await startHostileProxy(world.sandbox.url, async (call) => {
    if (call.operation !== operation || !isFirst) return null;
    isFirst = false;
    await meanwhile();
    return reply;
  });
  const run = await runInProcess(["apply", "--auto-approve", "--format", "json", "--rps", "1000"], {
    cwd: world.folder,
    url: proxy.url,
    longestSleep: 50,
  });
  const { outcomes } = JSON.parse(run.stdout) as ApplyResult;
  return {
    exitCode: run.exitCode,
    of: (address: string) => outcomes.find((each) => each.address === address),
  };
};

const manifest = {
  version: 1,
  users: { "jane.doe": { givenName: "Jane", familyName: "Doe", displayName: "Jane Doe" } },
  groups: { Admins: { members: ["jane.doe"] } },
  permissionSets: { Everything: { managedPolicies: ["ViewOnlyAccess"] } },
  assignments: [{ groups: ["Admins"], permissionSets: ["Everything"], accounts: ["development"] }],
};

const replies: [string, HostileReply][] = [
  [
    "throttled",
    { status: 400, body: JSON.stringify({ __type: "ThrottlingException", Message: "Rate exceeded" }) },
  ],
  [
    "a failure of AWS",
    { status: 500, body: JSON.stringify({ __type: "InternalServerException", Message: "no" }) },
  ],
  ["the page of a proxy", { status: 502, headers: { "content-type": "text/html" }, body: "<html></html>" }],
];

const makeUser = async (UserName: string): Promise<string | undefined> => {
  const { IdentityStoreId } = world.instance;
  const name = { Name: { GivenName: "M", FamilyName: "M" }, DisplayName: "M" };
  return (await world.store.send(new CreateUserCommand({ IdentityStoreId, UserName, ...name }))).UserId;
};

describe.each(replies)("a creation that is repeated after it was answered with: %s", (_, reply) => {
  it("takes no group over that has members", async () => {
    const makeGroup = async () => {
      const { IdentityStoreId } = world.instance;
      const UserId = await makeUser("mallory");
      const made = await world.store.send(new CreateGroupCommand({ IdentityStoreId, DisplayName: "Admins" }));
      await world.store.send(
        new CreateGroupMembershipCommand({
          IdentityStoreId,
          GroupId: made.GroupId,
          MemberId: { UserId: UserId ?? "" },
        }),
      );
    };
    const { exitCode, of } = await applyWhile("CreateGroup", makeGroup, reply);
    expect(of("group/Admins")).toMatchObject({
      status: "failed",
      detail: "group/Admins appeared since the plan was made",
    });
    expect(exitCode).toBe(6);
    expect(world.instance.memberships).toHaveLength(1);
    expect(world.instance.assignments).toEqual([]);
    const audit = await readFile(join(world.folder, ".reconcile/audit.jsonl"), "utf8");
    const line = audit.split("\n").find((text) => text.includes('"group/Admins"'));
    expect(JSON.parse(line ?? "{}")).toMatchObject({
      outcome: "failed",
      calls: [{ call: "createGroup", answer: "conflict", times: 1 }],
    });
  });

  it("assigns no permission set that grants something else", async () => {
    const makeSet = async () => {
      const { InstanceArn } = world.instance;
      const { PermissionSet } = await world.sso.send(
        new CreatePermissionSetCommand({ InstanceArn, Name: "Everything", SessionDuration: "PT12H" }),
      );
      const PermissionSetArn = PermissionSet?.PermissionSetArn;
      const ManagedPolicyArn = "arn:aws:iam::aws:policy/AdministratorAccess";
      await world.sso.send(
        new AttachManagedPolicyToPermissionSetCommand({ InstanceArn, PermissionSetArn, ManagedPolicyArn }),
      );
    };
    const { exitCode, of } = await applyWhile("CreatePermissionSet", makeSet, reply);
    expect(of("permissionSet/Everything")).toMatchObject({
      status: "failed",
      detail: "permissionSet/Everything appeared since the plan was made",
    });
    expect(exitCode).toBe(6);
    expect(world.instance.assignments).toEqual([]);
    expect(world.instance.permissionSets).toMatchObject([
      { Name: "Everything", managedPolicies: [{ Name: "AdministratorAccess" }] },
    ]);
  });

  it("lets in no user with other attributes", async () => {
    const { exitCode, of } = await applyWhile("CreateUser", () => makeUser("jane.doe"), reply);
    expect(of("user/jane.doe")).toMatchObject({
      status: "failed",
      detail: "user/jane.doe appeared since the plan was made",
    });
    expect(exitCode).toBe(6);
    expect(world.instance.memberships).toEqual([]);
  });
});

it("takes no empty group over after throttling alone, which has made nothing", async () => {
  const { IdentityStoreId } = world.instance;
  const makeGroup = () =>
    world.store.send(new CreateGroupCommand({ IdentityStoreId, DisplayName: "Admins" }));
  const [throttled] = replies;
  if (throttled === undefined) throw new Error("No reply.");
  const { of } = await applyWhile("CreateGroup", makeGroup, throttled[1]);
  expect(of("group/Admins")).toMatchObject({ status: "failed" });
  expect(world.instance.assignments).toEqual([]);
});
