import { describe, expect, it } from "vitest";
import { allOf } from "./call.ts";
import { addGroup, addMember, addUser, IdentityStoreId, jane, storeBench } from "./people.ts";

const enterprise = "aws:identitystore:enterprise";

const everyAttribute = {
  ...jane,
  Name: {
    Formatted: "Dr. Jane Q. Doe M.D.",
    FamilyName: "Doe",
    GivenName: "Jane",
    MiddleName: "Q.",
    HonorificPrefix: "Dr.",
    HonorificSuffix: "M.D.",
  },
  NickName: "jd",
  ProfileUrl: "https://company.com/jane",
  Addresses: [
    {
      StreetAddress: "1 Main Street",
      Locality: "Springfield",
      Region: "IL",
      PostalCode: "62701",
      Country: "US",
      Formatted: "1 Main Street\nSpringfield",
      Type: "work",
      Primary: true,
    },
  ],
  PhoneNumbers: [{ Value: "+1 555 0100", Type: "work", Primary: true }],
  UserType: "employee",
  Title: "Engineer",
  PreferredLanguage: "en",
  Locale: "en-US",
  Timezone: "America/Chicago",
  Photos: [{ Value: "https://company.com/jane.png", Type: "photo", Display: "Jane", Primary: true }],
  Website: "https://jane.example.com",
  Birthdate: "1990-02-28",
  Roles: [{ Value: "developer", Type: "job", Primary: true }],
};
const costCenter = { costCenter: "4130", manager: { value: "26118915", displayName: "John" } };

describe("CreateUser and DescribeUser", () => {
  it("keep every attribute, and give an id of the store's own form", () => {
    const bench = storeBench();
    const created = bench.call("CreateUser", { ...everyAttribute, Extensions: { [enterprise]: costCenter } });
    expect(created).toEqual({
      IdentityStoreId,
      UserId: expect.stringMatching(/^9067a1b2c3-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
    });
    expect(bench.call("DescribeUser", { UserId: created.UserId })).toEqual({
      ...everyAttribute,
      UserId: created.UserId,
      UserStatus: "ENABLED",
      CreatedAt: bench.clock.now / 1000,
      UpdatedAt: bench.clock.now / 1000,
    });
  });

  it("show extensions only where they are asked for", () => {
    const bench = storeBench();
    const UserId = addUser(bench, "jane", { Extensions: { [enterprise]: costCenter } });
    expect(bench.call("DescribeUser", { UserId, Extensions: [enterprise] }).Extensions).toEqual({
      [enterprise]: costCenter,
    });
    expect(bench.call("ListUsers", {}).Users).toEqual([
      expect.not.objectContaining({ Extensions: expect.anything() }),
    ]);
    expect(bench.call("ListUsers", { Extensions: [enterprise] }).Users).toEqual([
      expect.objectContaining({ Extensions: { [enterprise]: costCenter } }),
    ]);
  });

  it("use a bare uuid in a store whose own id is one", () => {
    const bench = storeBench();
    const old = "12345678-1234-1234-1234-123456789012";
    bench.instance.IdentityStoreId = old;
    const { UserId } = bench.call("CreateUser", { ...jane, IdentityStoreId: old });
    expect(UserId).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });

  it.each([
    ["UserName", { UserName: undefined }],
    ["DisplayName", { DisplayName: undefined }],
    ["Name.GivenName", { Name: { FamilyName: "Doe" } }],
    ["Name.GivenName", { Name: undefined }],
    ["Name.FamilyName", { Name: { GivenName: "Jane" } }],
  ])("require %s", (attribute, change) => {
    expect(storeBench().refused("CreateUser", { ...jane, ...change })).toEqual({
      code: "ValidationException",
      message: `${attribute} is a required attribute.`,
    });
  });

  it.each([
    ["a user name with a space", { UserName: "jane doe" }],
    ["a user name of 129 characters", { UserName: "j".repeat(129) }],
    ["an empty title", { Title: "" }],
    ["a title of 1025 characters", { Title: "t".repeat(1025) }],
    ["a control character", { Title: "a\u0007b" }],
    ["two e-mail addresses", { Emails: [{ Value: "a@b.c" }, { Value: "d@e.f" }] }],
    ["an empty list", { PhoneNumbers: [] }],
    ["four photos", { Photos: ["a", "b", "c", "d"].map((Value) => ({ Value })) }],
    ["a photo without a value", { Photos: [{ Type: "photo" }] }],
    ["a birthdate in another form", { Birthdate: "28.02.1990" }],
    ["a reserved name", { UserName: "Administrator" }],
    ["a reserved name in other letters", { UserName: "awsadministrators" }],
    ["another extension", { Extensions: { "aws:identitystore:other": {} } }],
    ["no extension at all", { Extensions: {} }],
    ["an extension that is no document", { Extensions: { [enterprise]: "x" } }],
    ["null inside an extension", { Extensions: { [enterprise]: { costCenter: null } } }],
    ["an extension's attribute name with a digit", { Extensions: { [enterprise]: { cost1: "x" } } }],
  ])("refuse %s", (_, change) => {
    const bench = storeBench();
    expect(bench.refused("CreateUser", { ...jane, ...change }).code).toBe("ValidationException");
    expect(bench.instance.users).toEqual([]);
  });

  it("keep no extension where its document is empty", () => {
    const bench = storeBench();
    addUser(bench, "jane", { Extensions: { [enterprise]: {} } });
    expect(bench.instance.users[0]?.attributes).not.toHaveProperty("Extensions");
  });

  it.each([
    ["user name", { Emails: [{ Value: "other@company.com" }] }, "Duplicate UserName"],
    ["user name in other letters", { UserName: "JANE.doe", Emails: undefined }, "Duplicate UserName"],
    ["e-mail address", { UserName: "other" }, "Duplicate Email"],
    [
      "e-mail address in other letters",
      { UserName: "x", Emails: [{ Value: "Jane.Doe@company.com" }] },
      "Duplicate Email",
    ],
  ])("refuse a second user of the same %s", (_, change, message) => {
    const bench = storeBench();
    bench.call("CreateUser", jane);
    expect(bench.refused("CreateUser", { ...jane, ...change })).toEqual({
      code: "ConflictException",
      message,
      Reason: "UNIQUENESS_CONSTRAINT_VIOLATION",
    });
    expect(bench.instance.users).toHaveLength(1);
  });

  it("take users without an e-mail address side by side", () => {
    const bench = storeBench();
    addUser(bench, "one");
    addUser(bench, "two");
    expect(bench.instance.users).toHaveLength(2);
  });

  it("stop at the quota of 200,000 users", () => {
    const bench = storeBench();
    addUser(bench, "first");
    const [first] = bench.instance.users;
    if (first === undefined) throw new Error("no user");
    bench.instance.users = Array.from({ length: 200_000 }, (_, index) => ({
      ...first,
      UserName: `u${index}`,
    }));
    expect(bench.refused("CreateUser", jane).code).toBe("ServiceQuotaExceededException");
  });

  it("answer for a user or a store that is not there", () => {
    const bench = storeBench();
    const UserId = "9067a1b2c3-00000000-0000-4000-a000-000000000000";
    expect(bench.refused("DescribeUser", { UserId })).toEqual({
      code: "ResourceNotFoundException",
      message: "USER not found.",
      ResourceType: "USER",
      ResourceId: UserId,
    });
    expect(bench.refused("DescribeUser", { UserId, IdentityStoreId: "d-0000000000" })).toMatchObject({
      ResourceType: "IDENTITY_STORE",
      ResourceId: "d-0000000000",
    });
    expect(bench.refused("DescribeUser", { UserId: "jane" }).code).toBe("ValidationException");
    expect(bench.refused("DescribeUser", { UserId, IdentityStoreId: "D-1" }).code).toBe(
      "ValidationException",
    );
  });
});

describe("ListUsers", () => {
  it("shows complete users, ten to a page unless more are asked for", () => {
    const bench = storeBench();
    const names = Array.from({ length: 23 }, (_, index) => `user${index}`);
    for (const name of names) addUser(bench, name);
    expect(bench.call("ListUsers", {}).Users).toHaveLength(10);
    expect(bench.call("ListUsers", { MaxResults: 100 }).NextToken).toBeUndefined();
    const listed = allOf(bench, "ListUsers", {}, "Users").map((user) => String(user.UserName));
    expect(listed.toSorted()).toEqual(names.toSorted());
  });

  it("refuses pages of more than 100, filters, and tokens of its own making", () => {
    const bench = storeBench();
    expect(bench.refused("ListUsers", { MaxResults: 101 }).code).toBe("ValidationException");
    expect(bench.refused("ListUsers", { NextToken: "abc" }).code).toBe("ValidationException");
    const Filters = [{ AttributePath: "UserName", AttributeValue: "jane.doe" }];
    expect(bench.refused("ListUsers", { Filters })).toEqual({
      code: "ValidationException",
      message: "Filter is deprecated, please remove filter from request",
    });
  });

  it("shows the external ids of users that an identity provider brought", () => {
    const bench = storeBench();
    addUser(bench, "jane");
    const ExternalIds = [{ Issuer: "https://idp.company.com", Id: "42" }];
    bench.instance.users[0]?.ExternalIds.push(...ExternalIds);
    expect(bench.call("ListUsers", {}).Users).toEqual([expect.objectContaining({ ExternalIds })]);
  });
});

describe("GetUserId", () => {
  it("finds a user by name, e-mail address and external id", () => {
    const bench = storeBench();
    const { UserId } = bench.call("CreateUser", jane);
    addUser(bench, "other");
    bench.instance.users[0]?.ExternalIds.push({ Issuer: "idp", Id: "42" });
    for (const AlternateIdentifier of [
      { UniqueAttribute: { AttributePath: "userName", AttributeValue: "jane.doe" } },
      { UniqueAttribute: { AttributePath: "UserName", AttributeValue: "jane.doe" } },
      { UniqueAttribute: { AttributePath: "Emails.Value", AttributeValue: "jane.doe@company.com" } },
      { UniqueAttribute: { AttributePath: "emails.value", AttributeValue: "jane.doe@company.com" } },
      { ExternalId: { Issuer: "idp", Id: "42" } },
    ]) {
      expect(bench.call("GetUserId", { AlternateIdentifier })).toEqual({ IdentityStoreId, UserId });
    }
  });

  it.each([
    { UniqueAttribute: { AttributePath: "userName", AttributeValue: "nobody" } },
    { ExternalId: { Issuer: "idp", Id: "43" } },
    { ExternalId: { Issuer: "other", Id: "42" } },
  ])("finds nobody by %o", (AlternateIdentifier) => {
    const bench = storeBench();
    bench.call("CreateUser", jane);
    bench.instance.users[0]?.ExternalIds.push({ Issuer: "idp", Id: "42" });
    expect(bench.refused("GetUserId", { AlternateIdentifier })).toEqual({
      code: "ResourceNotFoundException",
      message: "USER not found.",
      ResourceType: "USER",
    });
  });

  it.each([
    [{ UniqueAttribute: { AttributePath: "displayName", AttributeValue: "Jane Doe" } }],
    [{ UniqueAttribute: { AttributePath: "constructor", AttributeValue: "x" } }],
    [{ UniqueAttribute: { AttributePath: "userName", AttributeValue: 7 } }],
    [{}],
    [
      {
        ExternalId: { Issuer: "i", Id: "1" },
        UniqueAttribute: { AttributePath: "userName", AttributeValue: "x" },
      },
    ],
  ])("refuses %j", (AlternateIdentifier) => {
    expect(storeBench().refused("GetUserId", { AlternateIdentifier }).code).toBe("ValidationException");
  });
});

describe("DeleteUser", () => {
  it("takes the memberships along and leaves the assignments behind", () => {
    const bench = storeBench();
    const [UserId, other] = [addUser(bench, "jane"), addUser(bench, "other")];
    const GroupId = addGroup(bench, "Developers");
    addMember(bench, GroupId, UserId);
    const stays = addMember(bench, GroupId, other);
    const orphan = {
      AccountId: "111111111111",
      PermissionSetArn: "arn:aws:sso:::permissionSet/ssoins-5a4d6b0c1e2f3a4b/ps-0123456789abcdef",
      PrincipalType: "USER" as const,
      PrincipalId: UserId,
    };
    bench.instance.assignments.push(orphan);
    expect(bench.call("DeleteUser", { UserId })).toEqual({});
    expect(bench.instance.users.map((user) => user.UserId)).toEqual([other]);
    expect(bench.instance.memberships.map((each) => each.MembershipId)).toEqual([stays]);
    expect(bench.instance.assignments).toEqual([orphan]);
    expect(bench.refused("DeleteUser", { UserId })).toMatchObject({ ResourceType: "USER" });
  });
});

describe("who may write", () => {
  const member = { Account: "222222222222", Arn: "arn:aws:iam::222222222222:user/dev", UserId: "AIDA" };

  it("is not an account that merely belongs to the organization, though it may read", () => {
    const bench = storeBench();
    bench.state.caller = member;
    expect(bench.call("ListUsers", {}).Users).toEqual([]);
    expect(bench.refused("CreateUser", jane)).toEqual({
      code: "AccessDeniedException",
      message: expect.stringContaining("no resource-based policy allows the identitystore:CreateUser action"),
    });
  });

  it("is the delegated administrator of Identity Center, not that of another service", () => {
    const bench = storeBench();
    bench.state.caller = member;
    const delegated = bench.state.organization?.delegatedAdministrators;
    delegated?.push({ AccountId: member.Account, ServicePrincipal: "guardduty.amazonaws.com" });
    expect(bench.refused("CreateUser", jane).code).toBe("AccessDeniedException");
    delegated?.push({ AccountId: member.Account, ServicePrincipal: "sso.amazonaws.com" });
    expect(bench.call("CreateUser", jane).UserId).toBeTypeOf("string");
  });
});
