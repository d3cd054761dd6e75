// Fields of sso-admin's inputs, with the limits and patterns of the service model.
export const instanceArnPattern = /arn:aws(-[a-z]{1,5}){0,3}:sso:::instance\/(sso)?ins-[a-zA-Z0-9-.]{16}/;
export const permissionSetArnPattern =
  /arn:aws(-[a-z]{1,5}){0,3}:sso:::permissionSet\/(sso)?ins-[a-zA-Z0-9-.]{16}\/ps-[a-zA-Z0-9-./]{16}/;

export const instanceArn = {
  type: "string",
  required: true,
  min: 10,
  max: 1224,
  pattern: instanceArnPattern,
} as const;

export const permissionSetArn = {
  type: "string",
  required: true,
  min: 10,
  max: 1224,
  pattern: permissionSetArnPattern,
} as const;

export const accountId = { type: "string", required: true, min: 12, max: 12, pattern: /\d{12}/ } as const;
export const optionalAccountId = { ...accountId, required: false } as const;

export const principalType = { type: "string", required: true, enum: ["USER", "GROUP"] } as const;

export const principalId = {
  type: "string",
  required: true,
  min: 1,
  max: 47,
  pattern: /([0-9a-f]{10}-|)[A-Fa-f0-9]{8}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{12}/,
} as const;

export const requestId = {
  type: "string",
  required: true,
  min: 36,
  max: 36,
  pattern: /\b[0-9a-f]{8}\b-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-\b[0-9a-f]{12}\b/,
} as const;

export const nextToken = { type: "string", min: 0, max: 2048, pattern: /[-a-zA-Z0-9+=/_]*/ } as const;

export const paging = { MaxResults: { type: "integer", min: 1, max: 100 }, NextToken: nextToken } as const;

export const permissionSetName = {
  type: "string",
  required: true,
  min: 1,
  max: 32,
  pattern: /[\w+=,.@-]+/,
} as const;

export const description = {
  type: "string",
  min: 1,
  max: 700,
  pattern: /[\u0009\u000A\u000D\u0020-\u007E\u00A1-\u00FF]*/,
} as const;

export const sessionDuration = {
  type: "string",
  min: 1,
  max: 100,
  pattern:
    /(-?)P(?=\d|T\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)([DW]))?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?/,
} as const;

export const relayState = {
  type: "string",
  min: 1,
  max: 240,
  pattern: /[a-zA-Z0-9&$@#\\/%?=~\-_'"|!:,.;*+[\] (){}]+/,
} as const;

export const inlinePolicy = {
  type: "string",
  required: true,
  min: 1,
  max: 32_768,
  pattern: /[\u0009\u000A\u000D\u0020-\u00FF]+/,
} as const;

export const managedPolicyArn = {
  type: "string",
  required: true,
  min: 20,
  max: 2048,
  pattern: /arn:aws(-[a-z]{1,5}){0,3}:iam::aws:policy((\/[A-Za-z0-9.,+@=_-]+)*)\/([A-Za-z0-9.,+@=_-]+)/,
} as const;

export const customerManagedPolicyReference = {
  type: "structure",
  required: true,
  fields: {
    Name: { type: "string", required: true, min: 1, max: 128, pattern: /[\w+=,.@-]+/ },
    Path: { type: "string", min: 1, max: 512, pattern: /((\/[A-Za-z0-9.,+@=_-]+)*)\// },
  },
} as const;

const tagPattern = /([\p{L}\p{Z}\p{N}_.:/=+\-@]*)/u;

export const tagKey = { type: "string", required: true, min: 1, max: 128, pattern: tagPattern } as const;

export const tagList = {
  type: "list",
  min: 0,
  max: 75,
  of: {
    type: "structure",
    required: true,
    fields: { Key: tagKey, Value: { type: "string", required: true, min: 0, max: 256, pattern: tagPattern } },
  },
} as const;

export const provisioningStatus = {
  type: "string",
  enum: ["LATEST_PERMISSION_SET_PROVISIONED", "LATEST_PERMISSION_SET_NOT_PROVISIONED"],
} as const;

export const statusFilter = {
  type: "structure",
  fields: { Status: { type: "string", enum: ["IN_PROGRESS", "FAILED", "SUCCEEDED"] } },
} as const;
