import { describe, expect, it } from "vitest";
import { notFound, useStub } from "./support/use-stub.ts";

const open = useStub();

describe("identity store", () => {
  it("asks for the enterprise attributes, and never for a filter", async () => {
    const { reader, requests } = await open(() => ({
      Users: [
        {
          UserId: "u-1",
          UserName: "jane",
          Name: { GivenName: "Jane" },
          ExternalIds: [{ Issuer: "https://idp", Id: "1" }],
          Extensions: { "aws:identitystore:enterprise": { costCenter: "42" } },
        },
        { UserId: "u-2" },
        { UserId: "u-3", UserName: "left", UserStatus: "DISABLED" },
        { UserId: "u-4", UserName: "here", UserStatus: "ENABLED" },
      ],
    }));
    const [jane, nameless, ...others] = await reader.listUsers();
    expect(jane).toMatchObject({ id: "u-1", userName: "jane", external: true, disabled: false });
    expect(others.map(({ userName, disabled }) => `${userName} ${disabled}`)).toEqual([
      "left true",
      "here false",
    ]);
    expect(jane?.attributes).toMatchObject({
      givenName: "Jane",
      familyName: null,
      "enterprise.costCenter": "42",
    });
    expect(nameless).toMatchObject({ id: "u-2", userName: "u-2", external: false });
    expect(requests[0]?.body).toEqual({
      IdentityStoreId: "d-1234567890",
      MaxResults: 100,
      Extensions: ["aws:identitystore:enterprise"],
    });
  });

  it("reads groups and memberships, and leaves out members that are no users", async () => {
    const membership = { MembershipId: "m-1", GroupId: "g-1", MemberId: { UserId: "u-1" } };
    const { reader } = await open(({ operation }) =>
      operation === "ListGroups"
        ? { Groups: [{ GroupId: "g-1", DisplayName: "Developers", Description: "d", ExternalIds: [] }] }
        : { GroupMemberships: [membership, { MembershipId: "m-2", GroupId: "g-1", MemberId: {} }] },
    );
    expect(await reader.listGroups()).toEqual([
      { id: "g-1", displayName: "Developers", description: "d", external: false },
    ]);
    const expected = [{ id: "m-1", groupId: "g-1", userId: "u-1" }];
    expect(await reader.listGroupMemberships("g-1")).toEqual(expected);
    expect(await reader.listGroupMembershipsForMember("u-1")).toEqual(expected);
  });

  it("looks names up", async () => {
    const { reader, requests } = await open(() => ({ UserId: "u-1", GroupId: "g-1", MembershipId: "m-1" }));
    expect(await reader.getUserId("jane")).toBe("u-1");
    expect(await reader.getGroupId("Developers")).toBe("g-1");
    expect(await reader.getGroupMembershipId("g-1", "u-1")).toBe("m-1");
    expect(requests.map(({ body }) => body.AlternateIdentifier ?? body.MemberId)).toEqual([
      { UniqueAttribute: { AttributePath: "userName", AttributeValue: "jane" } },
      { UniqueAttribute: { AttributePath: "displayName", AttributeValue: "Developers" } },
      { UserId: "u-1" },
    ]);
  });

  it.each([
    ["USER", "u"],
    ["GROUP", "g"],
    ["GROUP_MEMBERSHIP", "m"],
  ])("a missing %s is null for its own look-up", async (type, which) => {
    const { reader } = await open(() => notFound(type));
    const lookUp = {
      u: () => reader.getUserId("x"),
      g: () => reader.getGroupId("x"),
      m: () => reader.getGroupMembershipId("g", "u"),
    };
    expect(await lookUp[which as "u" | "g" | "m"]()).toBeNull();
  });

  it("a missing identity store is an error for all of them", async () => {
    const { reader } = await open(() => notFound("IDENTITY_STORE"));
    await expect(reader.getUserId("x")).rejects.toMatchObject({ code: "not-found" });
    await expect(reader.getGroupId("x")).rejects.toMatchObject({ code: "not-found" });
    await expect(reader.getGroupMembershipId("g", "u")).rejects.toMatchObject({ code: "not-found" });
  });
});

describe("organizations", () => {
  it("reads accounts with their place, in pages of twenty", async () => {
    const { organizations, requests } = await open(({ body }) =>
      body.NextToken === undefined
        ? {
            Accounts: [
              {
                Id: "012345678901",
                Name: "a",
                State: "PENDING_CLOSURE",
                Status: "ACTIVE",
                Paths: ["o-1/r-1/ou-1/ou-2/012345678901/"],
              },
            ],
            NextToken: "n",
          }
        : {
            Accounts: [
              { Id: "222222222222", Name: "b", Status: "SUSPENDED" },
              { Id: "333333333333", Name: "c" },
            ],
          },
    );
    expect(await organizations.listAccounts()).toEqual([
      { id: "012345678901", name: "a", state: "PENDING_CLOSURE", path: ["r-1", "ou-1", "ou-2"] },
      { id: "222222222222", name: "b", state: "SUSPENDED", path: null },
      { id: "333333333333", name: "c", state: "UNKNOWN", path: null },
    ]);
    expect(requests.map(({ body }) => body.MaxResults)).toEqual([20, 20]);
  });

  it("reads roots, units, children and tags", async () => {
    const { organizations, requests } = await open(
      ({ operation }) =>
        ({
          ListRoots: { Roots: [{ Id: "r-1", Name: "Root" }] },
          ListOrganizationalUnitsForParent: { OrganizationalUnits: [{ Id: "ou-1", Name: "Dev" }] },
          ListAccountsForParent: { Accounts: [{ Id: "111111111111", Name: "a", State: "ACTIVE" }] },
          ListTagsForResource: { Tags: [{ Key: "env", Value: "dev" }] },
        })[operation] ?? {},
    );
    expect(await organizations.listRoots()).toEqual([{ id: "r-1", name: "Root" }]);
    expect(await organizations.listOrganizationalUnitsForParent("r-1")).toEqual([
      { id: "ou-1", name: "Dev" },
    ]);
    expect(await organizations.listAccountsForParent("ou-1")).toMatchObject([{ id: "111111111111" }]);
    expect(await organizations.listTagsForResource("1")).toEqual({ env: "dev" });
    expect(requests.at(-1)?.body).toEqual({ ResourceId: "1" });
  });
});
