import { afterEach, describe, expect, it, vi } from "vitest";
import { openDirectory } from "../../../src/aws/directory.ts";
import { chooseInstance } from "../../../src/live/choose-instance.ts";
import { readOrganization } from "../../../src/live/organization.ts";
import { readLiveState } from "../../../src/live/read-live-state.ts";
import { expectedCalls } from "../../../src/live/strategy.ts";
import type { LogEntry } from "../../../src/sandbox/log.ts";
import { defaultSeed } from "../../../src/sandbox/seed.ts";
import { type RunningSandbox, startSandbox } from "../../../src/sandbox/server.ts";
import type { SandboxState } from "../../../src/sandbox/state.ts";
import { fast, useEndpoint } from "../aws/support/stub-service.ts";

/** The reader and the SDK against a server that speaks the real protocol and cuts its pages short. */
let sandbox: RunningSandbox | undefined;

afterEach(async () => {
  vi.unstubAllEnvs();
  await sandbox?.close();
  sandbox = undefined;
});

const sets = 14;
const groups = 25;
const users = 130;
const members = 120;

/** More of everything than a page holds. */
const seed = (): SandboxState => {
  const state = defaultSeed();
  const [instance] = state.instances;
  const accountIds = (state.organization?.accounts ?? []).map(({ Id }) => Id);
  if (instance === undefined) throw new Error("The seed has no instance.");
  const uuid = (kind: string, index: number) =>
    `9067a1b2c3-${kind.padEnd(8, "0")}-0000-4000-a000-${String(index).padStart(12, "0")}`;
  const times = <T>(count: number, make: (index: number) => T): T[] =>
    Array.from({ length: count }, (_, index) => make(index));
  instance.users.push(
    ...times(users, (index) => ({
      UserId: uuid("aa", index),
      UserName: `user-${index}`,
      attributes: { Name: { GivenName: "User", FamilyName: String(index) }, DisplayName: `User ${index}` },
      ExternalIds: index === 0 ? [{ Issuer: "https://idp.example", Id: "0" }] : [],
      UserStatus: index === 2 ? ("DISABLED" as const) : ("ENABLED" as const),
      CreatedAt: 0,
      UpdatedAt: 0,
    })),
  );
  instance.groups.push(
    ...times(groups, (index) => ({
      GroupId: uuid("bb", index),
      DisplayName: `group-${index}`,
      ExternalIds: [],
      CreatedAt: 0,
      UpdatedAt: 0,
    })),
  );
  instance.memberships.push(
    ...times(members, (index) => ({
      MembershipId: uuid("cc", index),
      GroupId: uuid("bb", 0),
      UserId: uuid("aa", index),
      CreatedAt: 0,
    })),
  );
  const arn = (index: number) =>
    `arn:aws:sso:::permissionSet/ssoins-5a4d6b0c1e2f3a4b/ps-${String(index).padStart(16, "0")}`;
  instance.permissionSets.push(
    ...times(sets, (index) => ({
      PermissionSetArn: arn(index),
      Name: `Set-${index}`,
      SessionDuration: "PT1H",
      CreatedDate: 0,
      managedPolicies: times(index === 0 ? 11 : 0, (policy) => ({
        Name: `P${policy}`,
        Arn: `arn:aws:iam::aws:policy/P${policy}`,
      })),
      customerManagedPolicies: times(index === 0 ? 12 : 0, (policy) => ({ Name: `C${policy}`, Path: "/" })),
      tags: Object.fromEntries(times(index === 0 ? 30 : 0, (tag) => [`key-${tag}`, "value"])),
    })),
  );
  for (const [index, AccountId] of accountIds.entries()) {
    instance.provisioned.push({
      AccountId,
      PermissionSetArn: arn(0),
      latest: index !== 1,
      roleSuffix: `0123456789abcde${index}`,
    });
  }
  instance.assignments.push(
    ...times(groups, (index) => ({
      AccountId: accountIds[0] ?? "",
      PermissionSetArn: arn(0),
      PrincipalType: "GROUP" as const,
      PrincipalId: uuid("bb", index),
    })),
  );
  return state;
};

const open = async (options: { seed: SandboxState; faults?: string }) => {
  const log: LogEntry[] = [];
  sandbox = await startSandbox({ ...options, log: (entry) => log.push(entry) });
  useEndpoint(sandbox.url);
  const directory = await openDirectory(fast);
  const read = async (strategy: "auto" | "principals" = "auto") => {
    const instance = chooseInstance(await directory.listInstances(), { configuredRegion: directory.region });
    const organization = await readOrganization(directory.organizations, {
      needs: { organization: true, organizationalUnits: true, accountTags: true },
      manifestAccounts: {},
      managementAccountId: instance.ownerAccountId,
      onProgress: () => {},
    });
    return readLiveState(directory.reader(instance), instance, organization, {
      needs: { tags: true, memberships: "all" },
      strategy,
      onProgress: () => {},
    });
  };
  const calls = (service: string) =>
    log.filter((entry) => entry.event === "request" && entry.service === service);
  return { read, calls, state: sandbox.state };
};

describe("reading over the wire", () => {
  it("misses nothing on any page", async () => {
    const { read } = await open({ seed: seed() });
    const live = await read();
    expect(live.state.users.size).toBe(users);
    expect(live.state.groups.size).toBe(groups);
    expect(live.state.memberships.size).toBe(members);
    expect(live.state.permissionSets.size).toBe(sets);
    expect(live.state.assignments.size).toBe(groups);
    const full = live.state.permissionSets.get("Set-0");
    expect(full?.managedPolicies).toHaveLength(11);
    expect(full?.customerManagedPolicies).toHaveLength(12);
    expect(Object.keys(full?.tags ?? {})).toHaveLength(30);
    expect(live.provisioning.get("Set-0")?.accounts).toHaveLength(8);
    expect(live.provisioning.get("Set-0")?.stale).toHaveLength(1);
    expect(live.externallyOwned.users).toEqual(new Set(["user-0"]));
    expect(live.disabledUsers).toEqual(new Set(["user-2"]));
    expect(live.coverage.unread).toEqual([]);
    const { accounts } = live.organization;
    expect(accounts.get("222222222222")).toMatchObject({
      name: "development",
      state: "ACTIVE",
      organizationalUnits: ["Workloads", "Dev"],
      tags: { env: "dev", team: "shop" },
    });
    expect(accounts.get("777777777777")).toMatchObject({ state: "SUSPENDED", tags: null });
  });

  it("makes the calls of the formula and not one more", async () => {
    const { read, calls } = await open({ seed: seed() });
    await read();
    const population = { permissionSets: sets, accounts: 8, users, groups, pairs: 8 };
    const expected = expectedCalls(population, {
      tags: true,
      assignments: 8,
      // One group has more than a page of members.
      memberships: groups + 1,
      accountsAreComplete: true,
    });
    // The formula leaves out ListInstances; and how many tags come with a page is the service's own affair.
    const extraTagPages =
      calls("sso-admin").filter(
        (entry) => entry.event === "request" && entry.operation === "ListTagsForResource",
      ).length - sets;
    expect(calls("sso-admin")).toHaveLength(1 + expected.sso + extraTagPages);
    expect(calls("identitystore")).toHaveLength(expected.identityStore);
    // ListAccounts, ListRoots, one list for the root and each of five units, tags of seven active accounts.
    expect(calls("organizations")).toHaveLength(1 + 1 + 6 + 7);
  });

  it("finds orphans by pair, and says that it can not by principal", async () => {
    const state = seed();
    state.instances[0]?.groups.splice(3, 1);
    const { read } = await open({ seed: state });
    const orphans = [...(await read()).state.assignments.values()].filter(({ orphan }) => orphan === true);
    expect(orphans).toMatchObject([
      { permissionSet: "Set-0", principal: expect.stringContaining("bb000000") },
    ]);
    const blind = await read("principals");
    expect(blind.state.assignments.size).toBe(groups - 1);
    expect(blind.coverage.unread.map(({ scope }) => scope)).toEqual(["assignment/*/*/orphaned"]);
  });

  it("reads the same through throttling, failures and cut connections", async () => {
    const calm = await open({ seed: seed() });
    const expected = await calm.read();
    await sandbox?.close();
    vi.unstubAllEnvs();
    const rough = await open({
      seed: seed(),
      faults: "throttle=0.3,error=0.1,reset=0.05,lost-reply=0.05,seed=7",
    });
    const live = await rough.read();
    expect(live.coverage.unread).toEqual([]);
    expect(live.state).toEqual(expected.state);
    expect(live.provisioning).toEqual(expected.provisioning);
    expect(
      rough.calls("sso-admin").some((entry) => entry.event === "request" && entry.outcome === "throttled"),
    ).toBe(true);
  });

  it("lists as unread what keeps failing, and reads the rest", async () => {
    const { read } = await open({ seed: seed(), faults: "error@GetInlinePolicyForPermissionSet=1" });
    const live = await read();
    expect(live.coverage.unread).toHaveLength(sets);
    expect(live.coverage.unread[0]?.reason).toContain("sso:GetInlinePolicyForPermissionSet");
    expect(live.state.permissionSets.size).toBe(0);
    expect(live.state.assignments.size).toBe(groups);
  });
});
