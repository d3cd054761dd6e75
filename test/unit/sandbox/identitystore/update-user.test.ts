import { describe, expect, it } from "vitest";
import type { Bench, Output } from "./call.ts";
import { addUser, jane, storeBench } from "./people.ts";

const enterprise = "aws:identitystore:enterprise";

interface Jane {
  readonly bench: Bench;
  readonly update: (...operations: readonly unknown[]) => Output;
  readonly refused: (...operations: readonly unknown[]) => Output;
  readonly attributes: () => Output;
}

function withJane(more: Output = {}): Jane {
  const bench = storeBench();
  const { UserId } = bench.call("CreateUser", { ...jane, ...more });
  return {
    bench,
    update: (...Operations) => bench.call("UpdateUser", { UserId, Operations }),
    refused: (...Operations) => bench.refused("UpdateUser", { UserId, Operations }),
    attributes: () => bench.call("DescribeUser", { UserId, Extensions: [enterprise] }),
  };
}

const set = (AttributePath: string, AttributeValue: unknown): Output => ({ AttributePath, AttributeValue });

describe("UpdateUser", () => {
  it.each([
    ["displayName", "J. Doe", { DisplayName: "J. Doe" }],
    ["name.givenName", "Janet", { Name: { GivenName: "Janet", FamilyName: "Doe" } }],
    ["name.middleName", "Q.", { Name: { GivenName: "Jane", FamilyName: "Doe", MiddleName: "Q." } }],
    [
      "name.honorificSuffix",
      "M.D.",
      { Name: { GivenName: "Jane", FamilyName: "Doe", HonorificSuffix: "M.D." } },
    ],
    ["nickName", "jd", { NickName: "jd" }],
    ["profileUrl", "https://x.io", { ProfileUrl: "https://x.io" }],
    ["userType", "employee", { UserType: "employee" }],
    ["title", "Engineer", { Title: "Engineer" }],
    ["preferredLanguage", "en", { PreferredLanguage: "en" }],
    ["locale", "en-US", { Locale: "en-US" }],
    ["timezone", "UTC", { Timezone: "UTC" }],
    ["website", "https://y.io", { Website: "https://y.io" }],
    ["birthdate", "1990-02-28", { Birthdate: "1990-02-28" }],
    [
      "emails",
      [{ value: "j@company.com", type: "home", primary: true }],
      { Emails: [{ Value: "j@company.com", Type: "home", Primary: true }] },
    ],
    ["phoneNumbers", [{ value: "555", type: "work" }], { PhoneNumbers: [{ Value: "555", Type: "work" }] }],
    [
      "addresses",
      [{ streetAddress: "1 Main", postalCode: "1", primary: false }],
      { Addresses: [{ StreetAddress: "1 Main", PostalCode: "1", Primary: false }] },
    ],
    [
      "photos",
      [{ value: "a" }, { value: "b", display: "B" }],
      { Photos: [{ Value: "a" }, { Value: "b", Display: "B" }] },
    ],
    ["roles", [{ value: "dev" }], { Roles: [{ Value: "dev" }] }],
    [enterprise, { costCenter: "1" }, { Extensions: { [enterprise]: { costCenter: "1" } } }],
    [`${enterprise}.costCenter`, "2", { Extensions: { [enterprise]: { costCenter: "2" } } }],
    [`${enterprise}.manager.value`, "3", { Extensions: { [enterprise]: { manager: { value: "3" } } } }],
  ])("sets %s, and null removes it again", (path, value, expected) => {
    const { bench, update, attributes } = withJane();
    const before = attributes();
    bench.clock.now += 5000;
    expect(update(set(path, value))).toEqual({});
    expect(attributes()).toEqual({ ...before, ...expected, UpdatedAt: bench.clock.now / 1000 });
    if (["displayName", "name.givenName", "emails"].includes(path)) return;
    update(set(path, null));
    expect(attributes()).toEqual({ ...before, UpdatedAt: bench.clock.now / 1000 });
  });

  it("does not take an absent value for a null: it is required", () => {
    const { refused, attributes } = withJane({ Title: "Engineer" });
    expect(refused({ AttributePath: "title" })).toEqual({
      code: "ValidationException",
      message: "AttributeValue is required for title: send null to remove the attribute.",
    });
    expect(attributes().Title).toBe("Engineer");
  });

  it("replaces a list whole: what is left out is gone", () => {
    const { update, attributes } = withJane();
    update(set("emails", [{ value: "jane.doe@company.com" }]));
    expect(attributes().Emails).toEqual([{ Value: "jane.doe@company.com" }]);
    update(set("emails", null));
    expect(attributes()).not.toHaveProperty("Emails");
  });

  it("changes one attribute of the extension and keeps the others", () => {
    const { update, attributes } = withJane({
      Extensions: {
        [enterprise]: { costCenter: "1", department: "IT", manager: { value: "9", displayName: "X" } },
      },
    });
    update(set(`${enterprise}.costCenter`, "2"), set(`${enterprise}.department`, null));
    update(set(`${enterprise}.manager.displayName`, null));
    expect(attributes().Extensions).toEqual({ [enterprise]: { costCenter: "2", manager: { value: "9" } } });
    update(set(`${enterprise}.manager.value`, null));
    expect(attributes().Extensions).toEqual({ [enterprise]: { costCenter: "2" } });
    update(set(enterprise, { division: "A" }));
    expect(attributes().Extensions).toEqual({ [enterprise]: { division: "A" } });
  });

  it.each([
    ["the user name", "userName", "jane"],
    ["the status", "userStatus", "DISABLED"],
    ["the id", "userId", "x"],
    ["an unknown attribute", "shoeSize", "43"],
    ["a name in upper camel case", "DisplayName", "J"],
    ["the name as a whole", "name", { givenName: "J", familyName: "D" }],
    ["an unknown part of the name", "name.nickName", "J"],
    ["too deep a path", "name.givenName.x", "J"],
    ["a part of a list", "emails.value", "x@y.z"],
    ["a part of an attribute that has none", "title.x", "J"],
    ["another extension", "aws:identitystore:other", {}],
    ["a part of a plain attribute of the extension", `${enterprise}.costCenter.x`, "y"],
    ["a property that every object has", "constructor", "x"],
    ["removing the display name", "displayName", null],
    ["removing the given name", "name.givenName", null],
    ["removing the family name", "name.familyName", null],
    ["an empty string", "title", ""],
    ["a number for a string", "title", 7],
    ["a list for a string", "title", ["x"]],
    ["too long a string", "title", "x".repeat(1025)],
    ["a control character", "title", "a\u0007"],
    ["a birthdate in another form", "birthdate", "1990/02/28"],
    ["an empty list", "emails", []],
    ["two e-mail addresses", "emails", [{ value: "a@b.c" }, { value: "d@e.f" }]],
    ["a document where a list belongs", "emails", { value: "a@b.c" }],
    ["a string where a document belongs", "emails", ["a@b.c"]],
    ["upper camel case inside the document", "emails", [{ Value: "a@b.c" }]],
    ["an unknown key inside the document", "emails", [{ value: "a@b.c", label: "x" }]],
    ["null inside the document", "emails", [{ value: "a@b.c", type: null }]],
    ["text for a boolean", "emails", [{ value: "a@b.c", primary: "true" }]],
    ["a photo without a value", "photos", [{ type: "photo" }]],
    ["four photos", "photos", ["a", "b", "c", "d"].map((value) => ({ value }))],
    ["null inside the extension", enterprise, { costCenter: null }],
    ["a number inside the extension", `${enterprise}.costCenter`, 4130],
    ["a text for the extension", enterprise, "x"],
    ["a path with a digit", "title1", "x"],
  ])("refuses %s", (_, path, value) => {
    const { refused, attributes } = withJane({ Extensions: { [enterprise]: { costCenter: "1" } } });
    const before = attributes();
    expect(refused(set(path, value)).code).toBe("ValidationException");
    expect(attributes()).toEqual(before);
  });

  it("changes nothing where one of several steps is refused", () => {
    const { refused, attributes } = withJane();
    const before = attributes();
    expect(refused(set("title", "Engineer"), set("userName", "x")).code).toBe("ValidationException");
    expect(attributes()).toEqual(before);
  });

  it("takes 1 to 100 steps", () => {
    const { update, refused } = withJane();
    const steps = (count: number) => Array.from({ length: count }, (_, index) => set("title", `t${index}`));
    expect(refused().code).toBe("ValidationException");
    expect(refused(...steps(101)).code).toBe("ValidationException");
    expect(update(...steps(100))).toEqual({});
  });

  it("refuses an e-mail address that another user has, and takes the user's own again", () => {
    const { bench, update, refused } = withJane();
    addUser(bench, "john", { Emails: [{ Value: "john@company.com" }] });
    expect(refused(set("emails", [{ value: "JOHN@company.com" }]))).toEqual({
      code: "ConflictException",
      message: "Duplicate Email",
      Reason: "UNIQUENESS_CONSTRAINT_VIOLATION",
    });
    expect(update(set("emails", [{ value: "Jane.Doe@company.com" }]))).toEqual({});
  });

  it("answers for a user that is not there", () => {
    const bench = storeBench();
    const UserId = "9067a1b2c3-00000000-0000-4000-a000-000000000000";
    const input = { UserId, Operations: [set("title", "x")] };
    expect(bench.refused("UpdateUser", input)).toMatchObject({ ResourceType: "USER", ResourceId: UserId });
  });
});
