import type { Field } from "../service.ts";

// Input shapes that several Identity Store operations share: patterns and limits as the service model states them.

type Fields = Readonly<Record<string, Field>>;

/** Every operation is asked of one identity store. */
export const inStore = {
  IdentityStoreId: {
    type: "string",
    required: true,
    min: 1,
    max: 36,
    pattern: /^(?:d-[0-9a-f]{10}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/,
  },
} as const satisfies Fields;

export const inPages = {
  ...inStore,
  MaxResults: { type: "integer", min: 1, max: 100 },
  NextToken: { type: "string", min: 1, max: 65_535, pattern: /^[-a-zA-Z0-9+=/:_]*$/ },
} as const satisfies Fields;

/** A user, group or membership id: a bare uuid in old stores, else ten hexadecimal digits in front of it. */
export const resourceId = {
  type: "string",
  required: true,
  min: 1,
  max: 47,
  pattern: /^(?:[0-9a-f]{10}-|)[A-Fa-f0-9]{8}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{12}$/,
} as const satisfies Field;

/** Free text of a user or group attribute. */
export const text = {
  type: "string",
  min: 1,
  max: 1024,
  pattern: /^[\p{L}\p{M}\p{S}\p{N}\p{P}\t\n\r \u00a0\u3000]+$/u,
} as const satisfies Field;

export const groupDisplayName = {
  type: "string",
  min: 1,
  max: 1024,
  pattern: /^[\p{L}\p{M}\p{S}\p{N}\p{P}\t\n\r \u00a0]+$/u,
} as const satisfies Field;

export const memberId = {
  type: "structure",
  required: true,
  union: true,
  fields: { UserId: resourceId },
} as const satisfies Field;

const attributePath = {
  type: "string",
  required: true,
  min: 1,
  max: 255,
  pattern: /^(?:\p{L}+:\p{L}+:\p{L}+(?:\.\p{L}+){0,3}|\p{L}+(?:\.\p{L}+){0,2})$/u,
} as const satisfies Field;

/** The parts of a user name and of an external id: text without white space. */
const token = { type: "string", min: 1, pattern: /^[\p{L}\p{M}\p{S}\p{N}\p{P}]+$/u } as const;

export const userName = { ...token, max: 128 } as const satisfies Field;

const externalIdPart = { ...token, required: true, max: 256 } as const satisfies Field;

export const alternateIdentifier = {
  type: "structure",
  required: true,
  union: true,
  fields: {
    ExternalId: { type: "structure", fields: { Issuer: externalIdPart, Id: externalIdPart } },
    UniqueAttribute: {
      type: "structure",
      fields: { AttributePath: attributePath, AttributeValue: { type: "document", required: true } },
    },
  },
} as const satisfies Field;

/** What UpdateUser and UpdateGroup take. An absent AttributeValue is told from null by the operation itself. */
export const attributeOperations = {
  type: "list",
  required: true,
  min: 1,
  max: 100,
  of: { type: "structure", fields: { AttributePath: attributePath, AttributeValue: { type: "document" } } },
} as const satisfies Field;

export const extensionNames = {
  type: "list",
  min: 1,
  max: 10,
  of: { type: "string", min: 1, max: 50, pattern: /^aws:identitystore:[a-z]{1,20}$/ },
} as const satisfies Field;

/** Still in the model; the operations refuse it. */
export const filters = { type: "list", of: { type: "document" } } as const satisfies Field;
