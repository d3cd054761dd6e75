import type { Field } from "../service.ts";
import { ServiceError } from "../service.ts";

// Input shapes of Organizations, and how it pages: at most 20 to a page, and fewer where nobody asks.

export const inPages = {
  MaxResults: { type: "integer", min: 1, max: 20 },
  NextToken: { type: "string", max: 100_000 },
} as const satisfies Readonly<Record<string, Field>>;

export const pageOptions = {
  defaultSize: 5,
  tokenError: () =>
    new ServiceError("InvalidInputException", "You specified an invalid NextToken.", 400, {
      Reason: "INVALID_NEXT_TOKEN",
    }),
} as const;

export const accountId = {
  type: "string",
  required: true,
  max: 12,
  pattern: /^\d{12}$/,
} as const satisfies Field;

export const organizationalUnitId = {
  type: "string",
  required: true,
  max: 68,
  pattern: /^ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}$/,
} as const satisfies Field;

export const parentId = {
  type: "string",
  required: true,
  max: 100,
  pattern: /^(?:r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})$/,
} as const satisfies Field;

export const childId = {
  type: "string",
  required: true,
  max: 100,
  pattern: /^(?:\d{12}|ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})$/,
} as const satisfies Field;

/** Accounts, units and the root; policies carry tags too, and the sandbox has none of them. */
export const taggableResourceId = {
  type: "string",
  required: true,
  max: 130,
  pattern:
    /^(?:r-[0-9a-z]{4,32}|\d{12}|ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}|p-[0-9a-zA-Z_]{8,128}|rp-[0-9a-zA-Z_]{4,128}|rt-[0-9a-zA-Z_]{8,32})$/,
} as const satisfies Field;

export const servicePrincipal = {
  type: "string",
  min: 1,
  max: 128,
  pattern: /^[\w+=,.@-]*$/,
} as const satisfies Field;
