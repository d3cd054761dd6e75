import { describe, expect, test } from "vitest";
import { readFileSync } from "node:fs";
import {
  createUserFields,
  fromApiUser,
  newUserDefaults,
  updateUserOperations,
  userAttributes,
} from "../../../src/model/user-attributes.ts";

const jane = {
  UserName: "jane.doe",
  Name: { GivenName: "Jane", FamilyName: "Doe" },
  DisplayName: "Jane Doe",
  Emails: [{ Value: "jane@x.com", Type: "work", Primary: true }],
  Addresses: [{ Locality: "Berlin", PostalCode: "10115" }],
  Extensions: { "aws:identitystore:enterprise": { costCenter: "42" } },
};

/** Every attribute with a value of its own. */
const full = Object.fromEntries(
  userAttributes.map((attribute) => [attribute, attribute.endsWith(".primary") ? true : `${attribute}!`]),
);

test("every attribute of the schema has its leaves in the table", () => {
  const schema = JSON.parse(readFileSync("schemas/access-manifest.schema.json", "utf8"));
  const { user, typedValue, postalAddress } = schema.$defs;
  const leaves = Object.keys(user.properties).flatMap((name) => {
    if (name === "external") return [];
    const parts = {
      email: typedValue,
      phone: typedValue,
      address: postalAddress,
      enterprise: user.properties[name],
    };
    const nested = parts[name as keyof typeof parts];
    return nested === undefined ? [name] : Object.keys(nested.properties).map((part) => `${name}.${part}`);
  });
  expect([...userAttributes].sort()).toEqual(leaves.sort());
});

describe("fromApiUser", () => {
  test("gives every leaf, null where the user has none", () => {
    const flat = fromApiUser(jane);
    expect(Object.keys(flat).sort()).toEqual([...userAttributes].sort());
    expect(Object.fromEntries(Object.entries(flat).filter(([, value]) => value !== null))).toEqual({
      givenName: "Jane",
      familyName: "Doe",
      displayName: "Jane Doe",
      "email.value": "jane@x.com",
      "email.type": "work",
      "email.primary": true,
      "address.locality": "Berlin",
      "address.postalCode": "10115",
      "enterprise.costCenter": "42",
    });
  });

  test.each([
    {},
    { Emails: [] },
    { Extensions: {} },
    { Extensions: { "aws:identitystore:enterprise": null } },
    { Extensions: { "aws:identitystore:enterprise": ["x"] } },
    { Name: undefined, Emails: undefined, Extensions: undefined },
  ])("%j has no attributes", (user) => {
    expect(Object.values(fromApiUser(user)).every((value) => value === null)).toBe(true);
  });

  test("reads back all that CreateUser is sent", () => {
    expect(fromApiUser(createUserFields("jane.doe", full))).toEqual(full);
  });
});

describe("createUserFields", () => {
  test("sends what has a value, and no empty holders", () => {
    expect(createUserFields("jane.doe", fromApiUser(jane))).toEqual(jane);
    expect(createUserFields("x", { title: null, "email.value": null, "enterprise.division": null })).toEqual({
      UserName: "x",
    });
  });
});

describe("updateUserOperations", () => {
  const before = fromApiUser(jane);

  test("nothing where nothing differs", () => {
    expect(updateUserOperations(before, before)).toEqual([]);
    expect(updateUserOperations({}, { title: null })).toEqual([]);
  });

  test("plain attributes go by their path, null clears", () => {
    const after = { ...before, givenName: "Janet", displayName: null, title: "Engineer" };
    expect(updateUserOperations(before, after)).toEqual([
      { AttributePath: "name.givenName", AttributeValue: "Janet" },
      { AttributePath: "displayName", AttributeValue: null },
      { AttributePath: "title", AttributeValue: "Engineer" },
    ]);
  });

  test("a list is replaced whole and keeps its other parts", () => {
    expect(updateUserOperations(before, { ...before, "email.value": "j@x.com" })).toEqual([
      { AttributePath: "emails", AttributeValue: [{ value: "j@x.com", type: "work", primary: true }] },
    ]);
  });

  test("a part is cleared by leaving it out, a list without parts by null", () => {
    const noTown = { ...before, "address.locality": null };
    expect(updateUserOperations(before, noTown)).toEqual([
      { AttributePath: "addresses", AttributeValue: [{ postalCode: "10115" }] },
    ]);
    expect(updateUserOperations(before, { ...noTown, "address.postalCode": null })).toEqual([
      { AttributePath: "addresses", AttributeValue: null },
    ]);
  });

  test("enterprise attributes go one by one", () => {
    const after = { ...before, "enterprise.costCenter": null, "enterprise.division": "d1" } as const;
    expect(updateUserOperations(before, after)).toEqual([
      { AttributePath: "aws:identitystore:enterprise.costCenter", AttributeValue: null },
      { AttributePath: "aws:identitystore:enterprise.division", AttributeValue: "d1" },
    ]);
  });

  test("any change of any one attribute is exactly one operation", () => {
    for (const attribute of userAttributes) {
      expect(updateUserOperations(full, { ...full, [attribute]: null })).toHaveLength(1);
    }
  });
});

describe("newUserDefaults", () => {
  test("completes what the manifest leaves open", () => {
    const whole = newUserDefaults({
      givenName: "Jane",
      familyName: "Doe",
      "email.value": "j@x",
      "phone.value": "1",
    });
    expect(whole).toMatchObject({
      displayName: "Jane Doe",
      "email.type": "work",
      "email.primary": true,
      "phone.type": "work",
      "phone.primary": true,
      title: null,
    });
    expect(Object.keys(whole)).toHaveLength(userAttributes.length);
  });

  test("what is given stands", () => {
    const given = {
      displayName: "J",
      "email.value": "j@x",
      "email.type": "home",
      "email.primary": false,
    } as const;
    expect(newUserDefaults({ ...given, givenName: "Jane" })).toMatchObject(given);
  });

  test("no address, no type", () => {
    expect(newUserDefaults({ "email.value": null })["email.type"]).toBeNull();
    expect(newUserDefaults({})).toMatchObject({ displayName: null, "phone.primary": null });
  });
});
