import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateAccountAssignmentCommand,
  CreatePermissionSetCommand,
  DescribeAccountAssignmentCreationStatusCommand,
  ListInstancesCommand,
} from "@aws-sdk/client-sso-admin";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { defaultSeed } from "../../../src/sandbox/seed.ts";
import { startSandbox } from "../../../src/sandbox/server.ts";
import type { SandboxState } from "../../../src/sandbox/state.ts";
import { readState } from "../../../src/sandbox/state-file.ts";
import { SandboxUsageError } from "../../../src/sandbox/usage-error.ts";
import { createClient, createClock, developers, InstanceArn, peopled } from "./support.ts";

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sandbox-state-"));
  file = join(folder, "state.json");
  onTestFinished(() => rmSync(folder, { recursive: true }));
});

const create = (Name: string) => new CreatePermissionSetCommand({ InstanceArn, Name });
const stored = () => JSON.parse(readFileSync(file, "utf8")) as SandboxState;

describe("a sandbox with a state file", () => {
  it("holds on disk what it has confirmed, and goes on from it", async () => {
    const first = await startSandbox({ state: file });
    const client = createClient(first.url);
    const { PermissionSet } = await client.send(create("A"));
    expect(stored()).toEqual(first.state);
    client.destroy();
    await first.close();
    const second = await startSandbox({ state: file });
    const again = createClient(second.url);
    const next = await again.send(create("B"));
    again.destroy();
    await second.close();
    expect(next.PermissionSet?.PermissionSetArn).not.toBe(PermissionSet?.PermissionSetArn);
    expect(stored().instances[0]?.permissionSets.map((set) => set.Name)).toEqual(["A", "B"]);
  });

  it("is made from the seed once; after that the state file wins", async () => {
    const seed = peopled();
    await (await startSandbox({ state: file, seed })).close();
    expect(stored()).toEqual(seed);
    const second = await startSandbox({ state: file, seed: defaultSeed() });
    expect(second.state).toEqual(seed);
    await second.close();
  });

  it("ends after a restart what was under way before", async () => {
    const clock = createClock();
    const options = { state: file, seed: peopled(), now: clock.now, speed: "real" } as const;
    const first = await startSandbox(options);
    const client = createClient(first.url);
    const { PermissionSet } = await client.send(create("A"));
    const { AccountAssignmentCreationStatus } = await client.send(
      new CreateAccountAssignmentCommand({
        InstanceArn,
        TargetId: "222222222222",
        TargetType: "AWS_ACCOUNT",
        PermissionSetArn: PermissionSet?.PermissionSetArn,
        PrincipalType: "GROUP",
        PrincipalId: developers,
      }),
    );
    client.destroy();
    await first.close();
    clock.advance(60_000);
    const second = await startSandbox(options);
    const again = createClient(second.url);
    const { AccountAssignmentCreationStatus: status } = await again.send(
      new DescribeAccountAssignmentCreationStatusCommand({
        InstanceArn,
        AccountAssignmentCreationRequestId: AccountAssignmentCreationStatus?.RequestId,
      }),
    );
    again.destroy();
    await second.close();
    expect(status?.Status).toBe("SUCCEEDED");
    expect(stored().instances[0]?.assignments).toHaveLength(1);
  });

  it("replaces the file instead of writing into it, leaves no other file, and a read writes nothing", async () => {
    const sandbox = await startSandbox({ state: file });
    const client = createClient(sandbox.url);
    const before = statSync(file).ino;
    await client.send(new ListInstancesCommand({}));
    expect(statSync(file).ino).toBe(before);
    await client.send(create("A"));
    expect(statSync(file).ino).not.toBe(before);
    expect(readdirSync(folder)).toEqual(["state.json"]);
    client.destroy();
    await sandbox.close();
  });
});

describe("a state or seed that is wrong", () => {
  const spoil = (change: (state: SandboxState) => void): unknown => {
    const state = peopled();
    change(state);
    return state;
  };

  it.each<[string, unknown, string]>([
    ["another version", { formatVersion: 2 }, "formatVersion must be 1, found 2."],
    ["no state at all", [], "formatVersion must be 1, found none."],
    [
      "a missing list",
      spoil((state) => Reflect.deleteProperty(state, "instances")),
      "'instances' failed to satisfy constraint: Member must not be null",
    ],
    [
      "a short account id",
      spoil((state) => Object.assign(state.caller, { Account: "1" })),
      "'caller.account' failed",
    ],
    [
      "a number for a text",
      spoil((state) => Object.assign(state.caller, { Arn: 1 })),
      "Member 'caller.arn' must be a String",
    ],
    [
      "an unknown state of an account",
      spoil((state) => Object.assign(state.organization?.accounts[0] ?? {}, { State: "GONE" })),
      "enum value set",
    ],
    [
      "a parent that is not there",
      spoil((state) => Object.assign(state.organization?.accounts[0] ?? {}, { ParentId: "ou-x" })),
      "the parent ou-x of 999999999999 does not exist",
    ],
    [
      "an account twice",
      spoil((state) =>
        state.organization?.accounts.push(...(state.organization?.accounts.slice(0, 1) ?? [])),
      ),
      "account 999999999999 is there twice",
    ],
    [
      "a group twice",
      spoil((state) => state.instances[0]?.groups.push(...(state.instances[0]?.groups.slice(0, 1) ?? []))),
      "group 9067a1b2c3-00000000-0000-4000-8000-000000000002 is there twice",
    ],
    [
      "an assignment of no permission set",
      spoil((state) =>
        state.instances[0]?.assignments.push({
          AccountId: "111111111111",
          PermissionSetArn: "ps-x",
          PrincipalType: "USER",
          PrincipalId: "x",
        }),
      ),
      "the permission set ps-x is used but does not exist",
    ],
  ])("is refused, with the file's name: %s", async (_what, value, message) => {
    writeFileSync(file, JSON.stringify(value));
    expect(() => readState(file)).toThrow(SandboxUsageError);
    expect(() => readState(file)).toThrow(`${file}: `);
    expect(() => readState(file)).toThrow(message);
    await expect(startSandbox({ seed: file })).rejects.toThrow(message);
  });

  it("is refused where it is no JSON, and left as it is", async () => {
    writeFileSync(file, "{");
    await expect(startSandbox({ state: file })).rejects.toThrow(SandboxUsageError);
    expect(readFileSync(file, "utf8")).toBe("{");
  });

  it("is refused where there is no such seed file", async () => {
    await expect(startSandbox({ seed: join(folder, "none.json") })).rejects.toThrow("none.json: ENOENT");
    expect(existsSync(join(folder, "none.json"))).toBe(false);
  });

  it("may hold assignments of principals that are gone", async () => {
    const seed = peopled();
    const [instance] = seed.instances;
    const PermissionSetArn = "arn:aws:sso:::permissionSet/ssoins-5a4d6b0c1e2f3a4b/ps-0123456789abcdef";
    instance?.permissionSets.push({
      PermissionSetArn,
      Name: "A",
      SessionDuration: "PT1H",
      CreatedDate: 0,
      managedPolicies: [],
      customerManagedPolicies: [],
      tags: {},
    });
    instance?.assignments.push({
      AccountId: "111111111111",
      PermissionSetArn,
      PrincipalType: "USER",
      PrincipalId: "9067a1b2c3-00000000-0000-4000-8000-00000000dead",
    });
    await (await startSandbox({ seed })).close();
  });
});

describe("the default seed", () => {
  it("is an organization of eight accounts in units two levels deep, with no access yet", () => {
    const { organization, instances } = defaultSeed();
    const accounts = organization?.accounts ?? [];
    expect(accounts.map(({ Id, Name, State }) => [Id, Name, State])).toEqual([
      ["999999999999", "management", "ACTIVE"],
      ["111111111111", "production", "ACTIVE"],
      ["222222222222", "development", "ACTIVE"],
      ["333333333333", "staging", "ACTIVE"],
      ["444444444444", "security", "ACTIVE"],
      ["555555555555", "log-archive", "ACTIVE"],
      ["012345678901", "sandbox-alice", "ACTIVE"],
      ["777777777777", "legacy", "SUSPENDED"],
    ]);
    expect(accounts.every(({ tags }) => tags.env !== undefined && tags.team !== undefined)).toBe(true);
    expect(instances).toMatchObject([
      {
        users: [],
        groups: [],
        memberships: [],
        permissionSets: [],
        assignments: [],
        provisioned: [],
        requests: [],
      },
    ]);
  });
});
