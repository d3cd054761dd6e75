/** What can not be read is never taken for absent: it is listed, or ends the reading. */
import { describe, expect, it } from "vitest";
import { readLiveState } from "../../../src/live/read-live-state.ts";
import { AwsError } from "../../../src/model/errors.ts";
import { denied, type Fail, fakeReader, instance, throttled } from "./support/fake-reader.ts";
import { defaults, organization, read, scopes, world } from "./support/small-world.ts";

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
