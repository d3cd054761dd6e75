import type { UserAttribute, UserAttributeValue } from "./access-state.ts";
import type { UserAttributes } from "./ports.ts";

/**
 * Every attribute of a user that the manifest can set, and where the Identity Store API keeps it. The manifest, the
 * live reader and the writer all go by this one table, so that an attribute is either known to all three or to none.
 */
const plainAttributes = {
  givenName: { parent: "Name", field: "GivenName", path: "name.givenName" },
  familyName: { parent: "Name", field: "FamilyName", path: "name.familyName" },
  middleName: { parent: "Name", field: "MiddleName", path: "name.middleName" },
  formattedName: { parent: "Name", field: "Formatted", path: "name.formatted" },
  honorificPrefix: { parent: "Name", field: "HonorificPrefix", path: "name.honorificPrefix" },
  honorificSuffix: { parent: "Name", field: "HonorificSuffix", path: "name.honorificSuffix" },
  displayName: { parent: null, field: "DisplayName", path: "displayName" },
  nickName: { parent: null, field: "NickName", path: "nickName" },
  profileUrl: { parent: null, field: "ProfileUrl", path: "profileUrl" },
  title: { parent: null, field: "Title", path: "title" },
  userType: { parent: null, field: "UserType", path: "userType" },
  preferredLanguage: { parent: null, field: "PreferredLanguage", path: "preferredLanguage" },
  locale: { parent: null, field: "Locale", path: "locale" },
  timezone: { parent: null, field: "Timezone", path: "timezone" },
  website: { parent: null, field: "Website", path: "website" },
  birthdate: { parent: null, field: "Birthdate", path: "birthdate" },
} as const;

/** Lists that hold at most one item. AWS replaces such a list as a whole. */
const listAttributes = {
  email: { field: "Emails", path: "emails", parts: ["value", "type", "primary"] },
  phone: { field: "PhoneNumbers", path: "phoneNumbers", parts: ["value", "type", "primary"] },
  address: {
    field: "Addresses",
    path: "addresses",
    parts: ["streetAddress", "locality", "region", "postalCode", "country", "formatted", "type", "primary"],
  },
} as const;

const enterpriseExtension = "aws:identitystore:enterprise";
const enterpriseParts = ["employeeNumber", "costCenter", "organization", "division", "department"] as const;

type PlainAttribute = keyof typeof plainAttributes;
type ListAttribute = keyof typeof listAttributes;

const plainNames = Object.keys(plainAttributes) as PlainAttribute[];
const listNames = Object.keys(listAttributes) as ListAttribute[];

const partsOf = (list: ListAttribute): { part: string; attribute: UserAttribute }[] =>
  listAttributes[list].parts.map((part) => ({ part, attribute: `${list}.${part}` as UserAttribute }));

const enterpriseLeaves = enterpriseParts.map((part) => ({ part, attribute: `enterprise.${part}` as const }));

/** Every leaf, in the order in which they are shown and sent. */
export const userAttributes: readonly UserAttribute[] = [
  ...plainNames,
  ...listNames.flatMap((list) => partsOf(list).map(({ attribute }) => attribute)),
  ...enterpriseLeaves.map(({ attribute }) => attribute),
];

/** The user as CreateUser takes it and DescribeUser returns it, as far as the manifest knows it. */
export interface ApiUser {
  UserName?: string | undefined;
  Name?: ApiName | undefined;
  DisplayName?: string | undefined;
  NickName?: string | undefined;
  ProfileUrl?: string | undefined;
  Title?: string | undefined;
  UserType?: string | undefined;
  PreferredLanguage?: string | undefined;
  Locale?: string | undefined;
  Timezone?: string | undefined;
  Website?: string | undefined;
  Birthdate?: string | undefined;
  Emails?: ApiTypedValue[] | undefined;
  PhoneNumbers?: ApiTypedValue[] | undefined;
  Addresses?: ApiAddress[] | undefined;
  Extensions?: Record<string, ApiDocument> | undefined;
}

interface ApiName {
  GivenName?: string | undefined;
  FamilyName?: string | undefined;
  MiddleName?: string | undefined;
  Formatted?: string | undefined;
  HonorificPrefix?: string | undefined;
  HonorificSuffix?: string | undefined;
}

interface ApiTypedValue {
  Value?: string | undefined;
  Type?: string | undefined;
  Primary?: boolean | undefined;
}

interface ApiAddress {
  StreetAddress?: string | undefined;
  Locality?: string | undefined;
  Region?: string | undefined;
  PostalCode?: string | undefined;
  Country?: string | undefined;
  Formatted?: string | undefined;
  Type?: string | undefined;
  Primary?: boolean | undefined;
}

/** Any JSON value, as the SDK's DocumentType. */
type ApiDocument = null | boolean | number | string | ApiDocument[] | { [key: string]: ApiDocument };

export interface UpdateOperation {
  AttributePath: string;
  /** null clears. */
  AttributeValue: ApiDocument;
}

/** Every leaf; null where the user has none. */
export function fromApiUser(user: ApiUser): Record<UserAttribute, UserAttributeValue> {
  const flat = nothing();
  for (const name of plainNames) {
    const { parent, field } = plainAttributes[name];
    const holder: Readonly<Record<string, unknown>> | undefined =
      parent === null ? { ...user } : { ...user[parent] };
    flat[name] = leaf(holder[field]);
  }
  for (const list of listNames) {
    const item: Readonly<Record<string, unknown>> = { ...user[listAttributes[list].field]?.[0] };
    for (const { part, attribute } of partsOf(list)) flat[attribute] = leaf(item[capitalised(part)]);
  }
  const enterprise = user.Extensions?.[enterpriseExtension];
  if (typeof enterprise === "object" && enterprise !== null && !Array.isArray(enterprise)) {
    for (const { part, attribute } of enterpriseLeaves) {
      if (Object.hasOwn(enterprise, part)) flat[attribute] = leaf(enterprise[part]);
    }
  }
  return flat;
}

/** What CreateUser is sent. */
export function createUserFields(
  userName: string,
  attributes: UserAttributes,
): ApiUser & { UserName: string } {
  const fields: ApiUser & { UserName: string } = { UserName: userName };
  for (const attribute of plainNames) {
    const { parent, field } = plainAttributes[attribute];
    const value = attributes[attribute] ?? null;
    if (value === null) continue;
    if (parent === null) Object.assign(fields, { [field]: value });
    else fields[parent] = { ...fields[parent], [field]: value };
  }
  for (const list of listNames) {
    const item = listItem(list, attributes, capitalised);
    if (item !== null) Object.assign(fields, { [listAttributes[list].field]: [item] });
  }
  const enterprise = documentOf(
    enterpriseLeaves.map(({ part, attribute }) => [part, attributes[attribute] ?? null]),
  );
  if (enterprise !== null) fields.Extensions = { [enterpriseExtension]: enterprise };
  return fields;
}

/** What UpdateUser is sent so that a user with `before` becomes one with `after`, both whole. Absent counts as null. */
export function updateUserOperations(before: UserAttributes, after: UserAttributes): UpdateOperation[] {
  const differs = (attribute: UserAttribute): boolean =>
    (before[attribute] ?? null) !== (after[attribute] ?? null);
  const operations: UpdateOperation[] = [];
  for (const name of plainNames) {
    if (differs(name)) {
      operations.push({ AttributePath: plainAttributes[name].path, AttributeValue: after[name] ?? null });
    }
  }
  for (const list of listNames) {
    if (!partsOf(list).some(({ attribute }) => differs(attribute))) continue;
    const item = listItem(list, after, (part) => part);
    operations.push({
      AttributePath: listAttributes[list].path,
      AttributeValue: item === null ? null : [item],
    });
  }
  for (const { part, attribute } of enterpriseLeaves) {
    if (differs(attribute)) {
      operations.push({
        AttributePath: `${enterpriseExtension}.${part}`,
        AttributeValue: after[attribute] ?? null,
      });
    }
  }
  return operations;
}

/** Every leaf of a user that is created with `attributes`: what the manifest leaves open takes its default. */
export function newUserDefaults(attributes: UserAttributes): Record<UserAttribute, UserAttributeValue> {
  const whole = { ...nothing(), ...attributes };
  if (attributes.displayName === undefined) {
    const names = [whole.givenName, whole.familyName].filter((name) => typeof name === "string");
    whole.displayName = names.length === 0 ? null : names.join(" ");
  }
  for (const list of ["email", "phone"] as const) {
    if (whole[`${list}.value`] === null) continue;
    if (attributes[`${list}.type`] === undefined) whole[`${list}.type`] = "work";
    if (attributes[`${list}.primary`] === undefined) whole[`${list}.primary`] = true;
  }
  return whole;
}

const nothing = (): Record<UserAttribute, UserAttributeValue> =>
  Object.fromEntries(userAttributes.map((attribute) => [attribute, null])) as Record<
    UserAttribute,
    UserAttributeValue
  >;

const leaf = (value: unknown): UserAttributeValue =>
  typeof value === "string" || typeof value === "boolean" ? value : null;

const capitalised = (part: string): string => part.charAt(0).toUpperCase() + part.slice(1);

/** A part is removed by leaving it out: AWS takes no null inside. A list without any part is none. */
const listItem = (
  list: ListAttribute,
  attributes: UserAttributes,
  spell: (part: string) => string,
): { [key: string]: ApiDocument } | null =>
  documentOf(partsOf(list).map(({ part, attribute }) => [spell(part), attributes[attribute] ?? null]));

const documentOf = (entries: [string, UserAttributeValue][]): { [key: string]: ApiDocument } | null => {
  const present = entries.filter(([, value]) => value !== null);
  return present.length === 0 ? null : Object.fromEntries(present);
};
