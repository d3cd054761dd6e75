import { describe, expect, it } from "vitest";
import { type ReadOptions, readLiveState } from "../../../src/live/read-live-state.ts";
import { expectedCalls } from "../../../src/live/strategy.ts";
import { AwsError } from "../../../src/model/errors.ts";
import type { Progress } from "../../../src/model/progress.ts";
import {
  denied,
  type Fail,
  type FakeWorld,
  fakeReader,
  instance,
  notFound,
  organizationOf,
  throttled,
} from "./support/fake-reader.ts";

const world: FakeWorld = {
  users: ["jane", "john", "joan"],
  externalUsers: ["joan"],
  groups: { Dev: ["jane", "john"], Ops: [] },
  externalGroups: ["Ops"],
  sets: { Admin: { team: "platform", "reconcile:owner": "acme" }, Read: {} },
  access: [
    ["111111111111", "Admin", "group:Dev"],
    ["111111111111", "Admin", "user:jane"],
    ["222222222222", "Admin", "group:Gone", true],
    ["222222222222", "Read"],
  ],
};
const organization = organizationOf(["111111111111", "222222222222", "333333333333"]);
const defaults: ReadOptions = {
  needs: { tags: true, memberships: "all" },
  strategy: "auto",
  onProgress: () => {},
};

const read = async (
  changes: Partial<FakeWorld> = {},
  options: Partial<ReadOptions> = {},
  where = organization,
) => {
  const { reader, calls } = fakeReader({ ...world, ...changes });
  return { live: await readLiveState(reader, instance, where, { ...defaults, ...options }), calls };
};

const scopes = ({ coverage }: { coverage: { unread: readonly { scope: string }[] } }) =>
  coverage.unread.map(({ scope }) => scope);

describe("readLiveState", () => {
  it("reads everything, by name, with the ids that writing needs", async () => {
    const { live } = await read();
    expect([...live.state.users.keys()]).toEqual(["jane", "john", "joan"]);
    expect(live.state.users.get("jane")?.attributes.givenName).toBe("jane");
    expect([...live.state.groups.keys()]).toEqual(["Dev", "Ops"]);
    expect([...live.state.memberships.keys()]).toEqual(["membership/Dev/jane", "membership/Dev/john"]);
    expect(live.state.permissionSets.get("Admin")).toMatchObject({
      sessionDuration: 3600,
      managedPolicies: ["arn:aws:iam::aws:policy/A", "arn:aws:iam::aws:policy/B"],
      tags: { team: "platform" },
      owner: "acme",
    });
    expect(live.state.permissionSets.get("Read")).toMatchObject({ tags: {}, owner: null });
    expect([...live.state.assignments.values()]).toEqual([
      { accountId: "111111111111", permissionSet: "Admin", principalType: "GROUP", principal: "Dev" },
      { accountId: "111111111111", permissionSet: "Admin", principalType: "USER", principal: "jane" },
      {
        accountId: "222222222222",
        permissionSet: "Admin",
        principalType: "GROUP",
        principal: "g-Gone",
        orphan: true,
      },
    ]);
    expect(live.ids.users.get("jane")).toBe("u-jane");
    expect(live.ids.permissionSets.get("Admin")).toBe("arn:Admin");
    expect(live.ids.memberships.get("membership/Dev/jane")).toBe("m-Dev-jane");
    expect(live.externallyOwned).toEqual({ users: new Set(["joan"]), groups: new Set(["Ops"]) });
    expect(live.provisioning.get("Admin")).toEqual({
      accounts: ["111111111111", "222222222222"],
      stale: ["222222222222"],
    });
    expect(live.provisioning.get("Read")).toEqual({ accounts: ["222222222222"], stale: [] });
    expect(live.coverage.unread).toEqual([]);
  });

  it("makes exactly the calls of the formula, where there are no orphans", async () => {
    const access = world.access?.filter(([, , principal]) => principal !== "group:Gone") ?? [];
    const told: Progress[] = [];
    const { calls } = await read({ access }, { onProgress: (progress) => told.push(progress) });
    const { sso, identityStore } = expectedCalls(
      { permissionSets: 2, accounts: 3, users: 3, groups: 2, pairs: 2 },
      { tags: true, assignments: 2, memberships: 2, accountsAreComplete: true },
    );
    expect(calls).toHaveLength(sso + identityStore);
    expect(told).toContainEqual({
      type: "expected-calls",
      part: "identity center",
      expected: sso + identityStore,
    });
  });

  it("leaves tags out where they are not needed, and says so by their absence", async () => {
    const { live, calls } = await read({}, { needs: { tags: false, memberships: "all" } });
    expect(calls).not.toContain("listTags");
    expect(live.state.permissionSets.get("Admin")).not.toHaveProperty("tags");
  });

  it("asks accounts where they are fewer than permission sets", async () => {
    const sets = { ...world.sets, Other: {}, More: {} };
    const { live, calls } = await read({ sets });
    expect(calls).toContain("listPermissionSetsProvisionedToAccount");
    expect(live.provisioning.get("Admin")?.stale).toEqual(["222222222222"]);
    expect(live.state.assignments.size).toBe(3);
    const known = await read({ sets }, {}, organizationOf(["111111111111"], "manifest"));
    expect(known.calls).not.toContain("listPermissionSetsProvisionedToAccount");
    expect(known.live.state.assignments.size).toBe(3);
  });

  it("reads memberships of the groups that are asked for only", async () => {
    const { live, calls } = await read(
      {},
      { needs: { tags: true, memberships: new Set(["Ops", "Unknown"]) } },
    );
    expect(calls.filter((call) => call === "listGroupMemberships")).toHaveLength(1);
    expect(live.state.memberships.size).toBe(0);
  });

  it("reads memberships by user where users are fewer", async () => {
    const groups = { Dev: ["jane"], Ops: [], A: ["jane"], B: [] };
    const { live, calls } = await read({ groups });
    expect(calls.filter((call) => call === "listGroupMembershipsForMember")).toHaveLength(3);
    expect([...live.state.memberships.keys()]).toEqual(["membership/Dev/jane", "membership/A/jane"]);
  });

  it("reads an empty instance", async () => {
    const { live, calls } = await read({ users: [], groups: {}, sets: {}, access: [] });
    expect(calls.sort()).toEqual(["listGroups", "listPermissionSets", "listUsers"]);
    expect(live.coverage.unread).toEqual([]);
  });
});

describe("by principal", () => {
  it("sees the same access, but no orphans, and says so", async () => {
    const { live, calls } = await read({}, { strategy: "principals" });
    expect(calls).not.toContain("listAccountAssignments");
    expect([...live.state.assignments.keys()].sort()).toEqual([
      "assignment/111111111111/Admin/group:Dev",
      "assignment/111111111111/Admin/user:jane",
    ]);
    expect(scopes(live)).toEqual(["assignment/*/*/orphaned"]);
  });

  it("does not take what comes by way of a group for the user's own", async () => {
    const { live } = await read(
      { access: [["111111111111", "Admin", "group:Dev"]] },
      { strategy: "principals" },
    );
    expect([...live.state.assignments.keys()]).toEqual(["assignment/111111111111/Admin/group:Dev"]);
  });

  it("falls back to pairs where AWS does not allow it", async () => {
    const fail: Fail = (method) =>
      method === "listAccountAssignmentsForPrincipal"
        ? denied("sso:ListAccountAssignmentsForPrincipal")
        : undefined;
    const { live, calls } = await read({ fail }, { strategy: "principals" });
    expect(calls.filter((call) => call === "listAccountAssignmentsForPrincipal")).toHaveLength(1);
    expect(live.state.assignments.size).toBe(3);
    expect(live.coverage.unread).toEqual([]);
  });

  it("lists whose assignments could not be read", async () => {
    const fail: Fail = (method, [, id]) =>
      method === "listAccountAssignmentsForPrincipal" && id === "u-jane" ? throttled : undefined;
    const { live } = await read({ fail }, { strategy: "principals" });
    expect(scopes(live)).toContain("assignment/*/*/user:jane");
  });
});

describe("what can not be read", () => {
  const failing =
    (wanted: string, error: AwsError, which: (args: readonly unknown[]) => boolean = () => true): Fail =>
    (method, args) =>
      method === wanted && which(args) ? error : undefined;
  const first = (value: unknown) => (args: readonly unknown[]) => args[0] === value;

  it.each(["listPermissionSets", "listUsers", "listGroups"])(
    "ends the reading where it is %s",
    async (method) => {
      for (const error of [denied(method), throttled]) {
        await expect(read({ fail: failing(method, error) })).rejects.toBe(error);
      }
    },
  );

  it("is a pair, and never an absence", async () => {
    const fail = failing("listAccountAssignments", throttled, first("111111111111"));
    const { live } = await read({ fail });
    expect(live.coverage.unread).toEqual([
      { scope: "assignment/111111111111/Admin/*", reason: "still throttled" },
    ]);
    expect(live.state.assignments.size).toBe(1);
  });

  it("is a permission set of which one part failed; its assignments are known", async () => {
    const fail = failing(
      "getInlinePolicy",
      denied("sso:GetInlinePolicyForPermissionSet"),
      first("arn:Admin"),
    );
    const { live } = await read({ fail });
    expect(scopes(live)).toEqual(["permissionSet/Admin"]);
    expect([...live.state.permissionSets.keys()]).toEqual(["Read"]);
    expect(live.ids.permissionSets.get("Admin")).toBe("arn:Admin");
    expect(live.state.assignments.size).toBe(3);
  });

  it("is any permission set where not even a name could be read", async () => {
    const { live } = await read({ fail: failing("describePermissionSet", throttled, first("arn:Admin")) });
    expect(scopes(live)).toEqual(["assignment/*", "permissionSet/*"]);
    expect(live.state.assignments.size).toBe(0);
  });

  it("is where a permission set is provisioned", async () => {
    const fail = failing("listAccountsForProvisionedPermissionSet", throttled, first("arn:Admin"));
    const { live } = await read({ fail });
    expect(scopes(live)).toEqual(["assignment/*/Admin/*"]);
    expect(live.provisioning.get("Admin")?.stale).toBeNull();
    expect(live.provisioning.get("Read")?.stale).toEqual([]);
  });

  it("is an account where accounts are asked", async () => {
    const sets = { ...world.sets, Other: {}, More: {} };
    const fail = failing("listPermissionSetsProvisionedToAccount", throttled, first("111111111111"));
    const { live } = await read({ sets, fail });
    expect(scopes(live)).toEqual(["assignment/111111111111/*"]);
  });

  it("is a group's members, or a user's groups", async () => {
    const byGroup = await read({ fail: failing("listGroupMemberships", throttled, first("g-Dev")) });
    expect(scopes(byGroup.live)).toEqual(["membership/Dev/*"]);
    const groups = { Dev: ["jane", "john"], Ops: [], A: [], B: [] };
    const byUser = await read({
      groups,
      fail: failing("listGroupMembershipsForMember", throttled, first("u-jane")),
    });
    expect(scopes(byUser.live)).toEqual(["membership/*/jane"]);
    expect([...byUser.live.state.memberships.keys()]).toEqual(["membership/Dev/john"]);
  });

  it.each([
    ["getInlinePolicy"],
    ["listTags"],
    ["listAccountsForProvisionedPermissionSet"],
    ["listAccountAssignments"],
    ["listGroupMemberships"],
  ])("is a missing permission where every %s is denied: that ends the reading", async (method) => {
    const error = denied(method);
    await expect(read({ fail: failing(method, error) })).rejects.toBe(error);
    const throttledAll = await read({ fail: failing(method, throttled) });
    expect(throttledAll.live.coverage.unread.length).toBeGreaterThan(0);
  });

  it.each(["unreachable", "credentials-expired", "malformed-reply"])(
    "ends the reading where it is %s",
    async (code) => {
      const error = new AwsError(code, "no");
      await expect(read({ fail: failing("listAccountAssignments", error) })).rejects.toBe(error);
    },
  );

  it("starts nothing more once the reading has ended", async () => {
    const access = Array.from(
      { length: 500 },
      (_, index) => [String(index).padStart(12, "0"), "Admin"] as const,
    );
    const { reader, calls } = fakeReader({
      ...world,
      access,
      fail: failing("listAccountAssignments", new AwsError("unreachable", "no")),
    });
    const reading = readLiveState(reader, instance, organization, { ...defaults, concurrency: 4 });
    await expect(reading).rejects.toMatchObject({ code: "unreachable" });
    expect(calls.filter((call) => call === "listAccountAssignments").length).toBeLessThanOrEqual(4);
  });

  it("passes a bug on", async () => {
    const bug = new TypeError("bug");
    const fail = failing("listTags", bug as AwsError);
    await expect(read({ fail })).rejects.toBe(bug);
  });
});

describe("what changes while it is read", () => {
  it("a permission set that is deleted is simply gone", async () => {
    const fail: Fail = (_method, [subject]) => (subject === "arn:Read" ? notFound : undefined);
    const { live } = await read({ fail });
    expect([...live.state.permissionSets.keys()]).toEqual(["Admin"]);
    expect(live.ids.permissionSets.has("Read")).toBe(false);
    expect(live.provisioning.has("Read")).toBe(false);
    expect(live.coverage.unread).toEqual([]);
  });

  it("a part that is not found, of a set that is there, is unread", async () => {
    const fail: Fail = (method, [arn]) =>
      method === "listTags" && arn === "arn:Read" ? notFound : undefined;
    expect(scopes((await read({ fail })).live)).toEqual(["permissionSet/Read"]);
  });

  it("a group or pair that is gone has nothing left to read", async () => {
    const fail: Fail = (method, [subject]) =>
      (method === "listGroupMemberships" && subject === "g-Dev") || method === "listAccountAssignments"
        ? notFound
        : undefined;
    const { live } = await read({ fail });
    expect(live.coverage.unread).toEqual([]);
    expect(live.state.memberships.size).toBe(0);
  });

  it("a principal that was created meanwhile is no orphan", async () => {
    const { reader, calls } = fakeReader(world);
    const late = { id: "g-Gone", displayName: "Late", description: null, external: false };
    const listGroups = async () => {
      const isSecond = calls.includes("listGroups");
      return isSecond ? [...(await reader.listGroups()), late] : reader.listGroups();
    };
    const withLate = { ...spread(reader), listGroups };
    const live = await readLiveState(withLate, instance, organization, defaults);
    expect(scopes(live)).toEqual(["assignment/222222222222/Admin/group:Late"]);
    expect([...live.state.assignments.values()].some(({ orphan }) => orphan)).toBe(false);
  });

  it("a member that is in no list is not known to be one", async () => {
    const { live } = await read({ groups: { Dev: ["jane", "newcomer"], Ops: [] } });
    expect([...live.state.memberships.keys()]).toEqual(["membership/Dev/jane"]);
    expect(scopes(live)).toEqual(["membership/Dev/u-newcomer"]);
  });
});

describe("names", () => {
  it.each([
    ["users", { id: "u-2", userName: "jane" }],
    ["groups", { id: "g-2", displayName: "Dev" }],
  ])("that two %s share end the reading", async (kind, twin) => {
    const { reader } = fakeReader(world);
    const doubled = {
      ...spread(reader),
      ...(kind === "users"
        ? {
            listUsers: async () => [
              ...(await reader.listUsers()),
              { attributes: {}, external: false, ...twin } as never,
            ],
          }
        : {
            listGroups: async () => [
              ...(await reader.listGroups()),
              { description: null, external: false, ...twin } as never,
            ],
          }),
    };
    await expect(readLiveState(doubled, instance, organization, defaults)).rejects.toMatchObject({
      code: "duplicate-name",
    });
  });

  it("that two permission sets share end the reading", async () => {
    const { reader } = fakeReader(world);
    const doubled = {
      ...spread(reader),
      describePermissionSet: async (arn: string) => ({
        ...(await reader.describePermissionSet(arn)),
        name: "Same",
      }),
    };
    await expect(readLiveState(doubled, instance, organization, defaults)).rejects.toMatchObject({
      code: "duplicate-name",
      message: expect.stringContaining("arn:Admin"),
    });
  });

  it("that differ in case are different names, and special characters stay in their part", async () => {
    const { live } = await read({ users: ["jane", "Jane", "a/b"], groups: { Dev: ["a/b"] } });
    expect([...live.state.users.keys()]).toEqual(["jane", "Jane", "a/b"]);
    expect([...live.state.memberships.keys()]).toEqual(["membership/Dev/a%2Fb"]);
  });
});

/** The fake's methods as plain properties, so that a test can replace one. */
const spread = (reader: ReturnType<typeof fakeReader>["reader"]) =>
  Object.fromEntries(
    Object.keys(reader).map((name) => [name, reader[name as keyof typeof reader]]),
  ) as unknown as typeof reader;
