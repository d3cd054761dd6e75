import type { Field } from "../service.ts";
import { text } from "./shapes.ts";

const flag = { type: "boolean" } as const;

/** A value with a kind, as e-mail addresses, phone numbers and roles are; a user has one of each. */
const typedValue = {
  type: "list",
  min: 1,
  max: 1,
  of: { type: "structure", fields: { Value: text, Type: text, Primary: flag } },
} as const satisfies Field;

/**
 * Everything about a user that can be written, besides the user name and extensions, in the shape that CreateUser
 * takes and DescribeUser gives. UpdateUser addresses the same attributes by their names in lower camel case.
 */
export const userAttributes = {
  Name: {
    type: "structure",
    fields: {
      Formatted: text,
      FamilyName: text,
      GivenName: text,
      MiddleName: text,
      HonorificPrefix: text,
      HonorificSuffix: text,
    },
  },
  DisplayName: text,
  NickName: text,
  ProfileUrl: text,
  Emails: typedValue,
  Addresses: {
    type: "list",
    min: 1,
    max: 1,
    of: {
      type: "structure",
      fields: {
        StreetAddress: text,
        Locality: text,
        Region: text,
        PostalCode: text,
        Country: text,
        Formatted: text,
        Type: text,
        Primary: flag,
      },
    },
  },
  PhoneNumbers: typedValue,
  UserType: text,
  Title: text,
  PreferredLanguage: text,
  Locale: text,
  Timezone: text,
  Photos: {
    type: "list",
    min: 1,
    max: 3,
    of: {
      type: "structure",
      fields: { Value: { ...text, required: true }, Type: text, Display: text, Primary: flag },
    },
  },
  Website: text,
  Birthdate: { ...text, pattern: /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/ },
  Roles: typedValue,
} as const satisfies Readonly<Record<string, Field>>;

/** The e-mail address that has to be unique in the store. */
export function emailOf(attributes: Readonly<Record<string, unknown>>): string | undefined {
  const emails = attributes.Emails as readonly { readonly Value?: string }[] | undefined;
  return emails?.[0]?.Value;
}
