import { describe, expect, it } from "vitest";
import { allOf } from "./call.ts";
import { addGroup, addMember, addUser, IdentityStoreId, storeBench } from "./people.ts";

const nobody = "9067a1b2c3-00000000-0000-4000-a000-000000000000";

describe("groups", () => {
  it("are created with a name and a description, and described with both", () => {
    const bench = storeBench();
    const GroupId = addGroup(bench, "Platform Admins", { Description: "Full admin access" });
    expect(bench.call("DescribeGroup", { GroupId })).toEqual({
      IdentityStoreId,
      GroupId,
      DisplayName: "Platform Admins",
      Description: "Full admin access",
      CreatedAt: bench.clock.now / 1000,
      UpdatedAt: bench.clock.now / 1000,
    });
  });

  it("show their external ids where they have any", () => {
    const bench = storeBench();
    const GroupId = addGroup(bench, "Auditors");
    expect(bench.call("DescribeGroup", { GroupId })).not.toHaveProperty("ExternalIds");
    const ExternalIds = [{ Issuer: "idp", Id: "7" }];
    bench.instance.groups[0]?.ExternalIds.push(...ExternalIds);
    expect(bench.call("DescribeGroup", { GroupId })).toMatchObject({ ExternalIds });
    expect(bench.call("GetGroupId", { AlternateIdentifier: { ExternalId: ExternalIds[0] } }).GroupId).toBe(
      GroupId,
    );
  });

  it.each([
    ["no name", {}],
    ["an empty name", { DisplayName: "" }],
    ["a reserved name", { DisplayName: "AWSAdministrators" }],
    ["an empty description", { DisplayName: "A", Description: "" }],
    ["a control character", { DisplayName: "A\u0007" }],
  ])("refuse %s", (_, input) => {
    expect(storeBench().refused("CreateGroup", input).code).toBe("ValidationException");
  });

  it.each(["Developers", "developers"])("refuse the twin %s", (DisplayName) => {
    const bench = storeBench();
    addGroup(bench, "Developers");
    expect(bench.refused("CreateGroup", { DisplayName })).toEqual({
      code: "ConflictException",
      message: "Duplicate GroupDisplayName",
      Reason: "UNIQUENESS_CONSTRAINT_VIOLATION",
    });
  });

  it("stop at the quota of 100,000", () => {
    const bench = storeBench();
    addGroup(bench, "first");
    const [first] = bench.instance.groups;
    if (first === undefined) throw new Error("no group");
    bench.instance.groups = Array.from({ length: 100_000 }, (_, index) => ({
      ...first,
      DisplayName: `g${index}`,
    }));
    expect(bench.refused("CreateGroup", { DisplayName: "one more" }).code).toBe(
      "ServiceQuotaExceededException",
    );
  });

  it("are listed ten to a page, without filters", () => {
    const bench = storeBench();
    const names = Array.from({ length: 12 }, (_, index) => `Group ${index}`);
    for (const name of names) addGroup(bench, name);
    expect(bench.call("ListGroups", {}).Groups).toHaveLength(10);
    const listed = allOf(bench, "ListGroups", {}, "Groups").map((group) => String(group.DisplayName));
    expect(listed.toSorted()).toEqual(names.toSorted());
    const Filters = [{ AttributePath: "DisplayName", AttributeValue: "Group 1" }];
    expect(bench.refused("ListGroups", { Filters }).message).toBe(
      "Filter is deprecated, please remove filter from request",
    );
  });

  it("are found by display name and by nothing else", () => {
    const bench = storeBench();
    const GroupId = addGroup(bench, "Developers");
    const by = (AttributePath: string, AttributeValue: string) => ({
      AlternateIdentifier: { UniqueAttribute: { AttributePath, AttributeValue } },
    });
    for (const path of ["displayName", "DisplayName"]) {
      expect(bench.call("GetGroupId", by(path, "Developers"))).toEqual({ IdentityStoreId, GroupId });
    }
    expect(bench.refused("GetGroupId", by("displayName", "Others"))).toEqual({
      code: "ResourceNotFoundException",
      message: "GROUP not found.",
      ResourceType: "GROUP",
    });
    expect(bench.refused("GetGroupId", by("description", "Developers")).code).toBe("ValidationException");
  });

  it("take their memberships along when they go, and nobody else's", () => {
    const bench = storeBench();
    const UserId = addUser(bench, "jane");
    const [GroupId, other] = [addGroup(bench, "Developers"), addGroup(bench, "Others")];
    addMember(bench, GroupId, UserId);
    const stays = addMember(bench, other, UserId);
    expect(bench.call("DeleteGroup", { GroupId })).toEqual({});
    expect(bench.instance.groups.map((group) => group.GroupId)).toEqual([other]);
    expect(bench.instance.memberships.map((each) => each.MembershipId)).toEqual([stays]);
    expect(bench.refused("DeleteGroup", { GroupId })).toMatchObject({
      ResourceType: "GROUP",
      ResourceId: GroupId,
    });
  });
});

describe("UpdateGroup", () => {
  it.each(["displayName", "DisplayName"])("renames by %s and keeps the id", (AttributePath) => {
    const bench = storeBench();
    const GroupId = addGroup(bench, "Developers", { Description: "D" });
    bench.clock.now += 1000;
    bench.call("UpdateGroup", { GroupId, Operations: [{ AttributePath, AttributeValue: "Engineers" }] });
    expect(bench.call("DescribeGroup", { GroupId })).toMatchObject({
      GroupId,
      DisplayName: "Engineers",
      Description: "D",
      UpdatedAt: bench.clock.now / 1000,
    });
  });

  it("sets and removes the description", () => {
    const bench = storeBench();
    const GroupId = addGroup(bench, "Developers");
    const update = (AttributeValue: unknown) =>
      bench.call("UpdateGroup", { GroupId, Operations: [{ AttributePath: "description", AttributeValue }] });
    update("Developer access");
    expect(bench.call("DescribeGroup", { GroupId }).Description).toBe("Developer access");
    update(null);
    expect(bench.call("DescribeGroup", { GroupId })).not.toHaveProperty("Description");
  });

  it("lets a group's name change its letters, but not into another's", () => {
    const bench = storeBench();
    addGroup(bench, "Others");
    const GroupId = addGroup(bench, "developers");
    const rename = (AttributeValue: string) => ({
      GroupId,
      Operations: [{ AttributePath: "displayName", AttributeValue }],
    });
    expect(bench.call("UpdateGroup", rename("Developers"))).toEqual({});
    expect(bench.refused("UpdateGroup", rename("OTHERS")).code).toBe("ConflictException");
    expect(bench.refused("UpdateGroup", rename("Administrator")).code).toBe("ValidationException");
  });

  it.each([
    ["an absent value", { AttributePath: "description" }],
    ["a removed name", { AttributePath: "displayName", AttributeValue: null }],
    ["an empty name", { AttributePath: "displayName", AttributeValue: "" }],
    ["an empty description", { AttributePath: "description", AttributeValue: "" }],
    ["a description that is no text", { AttributePath: "description", AttributeValue: ["x"] }],
    ["an unknown attribute", { AttributePath: "tags", AttributeValue: "x" }],
  ])("refuses %s and changes nothing", (_, operation) => {
    const bench = storeBench();
    const GroupId = addGroup(bench, "Developers", { Description: "D" });
    const Operations = [{ AttributePath: "displayName", AttributeValue: "X" }, operation];
    expect(bench.refused("UpdateGroup", { GroupId, Operations }).code).toBe("ValidationException");
    expect(bench.call("DescribeGroup", { GroupId })).toMatchObject({
      DisplayName: "Developers",
      Description: "D",
    });
  });

  it("answers for a group that is not there", () => {
    const Operations = [{ AttributePath: "description", AttributeValue: "x" }];
    expect(storeBench().refused("UpdateGroup", { GroupId: nobody, Operations })).toMatchObject({
      ResourceType: "GROUP",
    });
  });
});
