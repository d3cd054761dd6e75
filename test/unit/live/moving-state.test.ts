/** What is deleted, made or doubled while it is read. */
import { describe, expect, it } from "vitest";
import { readLiveState } from "../../../src/live/read-live-state.ts";
import { type Fail, fakeReader, instance, notFound } from "./support/fake-reader.ts";
import { defaults, organization, read, scopes, spread, world } from "./support/small-world.ts";

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
