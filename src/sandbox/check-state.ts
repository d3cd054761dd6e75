import type { Field, StructureField } from "./service.ts";
import { ServiceError } from "./service.ts";
import { inProgress } from "./sso-admin/settle.ts";
import type { SandboxInstance, SandboxOrganization, SandboxState } from "./state.ts";
import { SandboxUsageError } from "./usage-error.ts";
import { validate } from "./validate.ts";

/** Checks that a parsed seed or state file has the shape of SandboxState and refers only to what it holds. */
export function checkState(value: unknown): SandboxState {
  const version =
    typeof value === "object" && value !== null && "formatVersion" in value ? value.formatVersion : undefined;
  if (version !== 1) {
    throw new SandboxUsageError(
      `not a sandbox state: formatVersion must be 1, found ${JSON.stringify(version) ?? "none"}.`,
    );
  }
  const state = checkShape(value);
  const problem = findProblem(state);
  if (problem !== undefined) throw new SandboxUsageError(`${problem}.`);
  return state;
}

function checkShape(value: unknown): SandboxState {
  try {
    validate(stateShape, value);
    // The table above says what the type says; members that it does not name stay as they are.
    return value as SandboxState;
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    const violations = error.message.replace(/^\d+ validation errors? detected: /, "");
    throw new SandboxUsageError(`not a sandbox state: ${violations}.`);
  }
}

/** Duplicates and references that lead nowhere. Assignments may name principals that are gone: orphans. */
function findProblem(state: SandboxState): string | undefined {
  const problems = [
    ...(state.organization ? organizationProblems(state.organization) : []),
    ...state.instances.flatMap(instanceProblems),
  ];
  return problems[0];
}

function organizationProblems(organization: SandboxOrganization): string[] {
  const { accounts, organizationalUnits, rootId } = organization;
  const places = new Set([rootId, ...organizationalUnits.map((unit) => unit.Id)]);
  return [
    ...[...organizationalUnits, ...accounts]
      .filter((entry) => !places.has(entry.ParentId))
      .map((entry) => `organization: the parent ${entry.ParentId} of ${entry.Id} does not exist`),
    ...twins(
      "organization: account",
      accounts.map((account) => account.Id),
    ),
    ...twins("organization: organizational unit", [rootId, ...organizationalUnits.map((unit) => unit.Id)]),
  ];
}

function instanceProblems(instance: SandboxInstance): string[] {
  const where = `instance ${instance.InstanceArn}:`;
  const sets = instance.permissionSets.map((set) => set.PermissionSetArn);
  const known = new Set(sets);
  const uses = [...instance.assignments, ...instance.provisioned, ...inProgress(instance)];
  return [
    ...twins(
      `${where} user`,
      instance.users.map((user) => user.UserId),
    ),
    ...twins(
      `${where} group`,
      instance.groups.map((group) => group.GroupId),
    ),
    ...twins(`${where} permission set`, sets),
    ...twins(
      `${where} permission set name`,
      instance.permissionSets.map((set) => set.Name),
    ),
    ...twins(
      `${where} request`,
      instance.requests.map((request) => request.RequestId),
    ),
    ...uses
      .filter((use) => !known.has(use.PermissionSetArn))
      .map((use) => `${where} the permission set ${use.PermissionSetArn} is used but does not exist`),
  ];
}

function twins(what: string, ids: readonly string[]): string[] {
  const seen = new Set<string>();
  return ids.filter((id) => seen.size === seen.add(id).size).map((id) => `${what} ${id} is there twice`);
}

const text = { type: "string", required: true } as const;
const accountId = { type: "string", required: true, pattern: /\d{12}/ } as const;
const time = { type: "integer", required: true } as const;
const flag = { type: "boolean", required: true } as const;
const optionalText = { type: "string" } as const;
const textMap = { type: "map", required: true, of: { type: "string" } } as const;

const externalIds = list({ Issuer: text, Id: text });
const policyName = structure({ Name: text, Path: text });

const stateShape = structure({
  idCounter: { type: "integer", required: true, min: 0 },
  events: {
    type: "list",
    of: structure({ EventId: text, EventName: text, EventSource: text, EventTime: time, Username: text }),
  },
  caller: structure({ Account: accountId, Arn: text, UserId: text }),
  instances: list({
    InstanceArn: text,
    IdentityStoreId: text,
    OwnerAccountId: accountId,
    Name: text,
    Status: choice("CREATE_IN_PROGRESS", "CREATE_FAILED", "ACTIVE", "DELETE_IN_PROGRESS"),
    CreatedDate: time,
    PrimaryRegion: text,
    tags: textMap,
    users: list({
      UserId: text,
      UserName: text,
      attributes: { type: "map", required: true, of: { type: "document" } },
      ExternalIds: externalIds,
      UserStatus: choice("ENABLED", "DISABLED"),
      CreatedAt: time,
      UpdatedAt: time,
    }),
    groups: list({
      GroupId: text,
      DisplayName: text,
      Description: optionalText,
      ExternalIds: externalIds,
      CreatedAt: time,
      UpdatedAt: time,
    }),
    memberships: list({ MembershipId: text, GroupId: text, UserId: text, CreatedAt: time }),
    permissionSets: list({
      PermissionSetArn: text,
      Name: text,
      Description: optionalText,
      SessionDuration: text,
      RelayState: optionalText,
      CreatedDate: time,
      InlinePolicy: optionalText,
      managedPolicies: list({ Name: text, Arn: text }),
      customerManagedPolicies: list({ Name: text, Path: text }),
      PermissionsBoundary: {
        type: "structure",
        union: true,
        fields: {
          ManagedPolicyArn: optionalText,
          CustomerManagedPolicyReference: { ...policyName, required: false },
        },
      },
      tags: textMap,
    }),
    assignments: list({
      AccountId: accountId,
      PermissionSetArn: text,
      PrincipalType: choice("USER", "GROUP"),
      PrincipalId: text,
    }),
    provisioned: list({ AccountId: accountId, PermissionSetArn: text, latest: flag, roleSuffix: text }),
    requests: list({
      RequestId: text,
      kind: choice("create-assignment", "delete-assignment", "provision"),
      Status: choice("IN_PROGRESS", "SUCCEEDED", "FAILED"),
      FailureReason: optionalText,
      PermissionSetArn: text,
      AccountId: { type: "string", pattern: /\d{12}/ },
      PrincipalType: { type: "string", enum: ["USER", "GROUP"] },
      PrincipalId: optionalText,
      CreatedDate: time,
      endsAt: time,
      failsWith: optionalText,
    }),
    accessControlAttributes: {
      type: "list",
      of: structure({ Key: text, Value: structure({ Source: { type: "list", required: true, of: text } }) }),
    },
  }),
  organization: {
    type: "structure",
    fields: {
      Id: text,
      MasterAccountId: accountId,
      MasterAccountEmail: text,
      rootId: text,
      organizationalUnits: list({ Id: text, Name: text, ParentId: text }),
      accounts: list({
        Id: accountId,
        Name: text,
        Email: text,
        State: choice("PENDING_ACTIVATION", "ACTIVE", "SUSPENDED", "PENDING_CLOSURE", "CLOSED"),
        ParentId: text,
        JoinedTimestamp: time,
        tags: textMap,
        customerManagedPolicies: { type: "list", required: true, of: text },
      }),
      delegatedAdministrators: list({ AccountId: accountId, ServicePrincipal: text }),
    },
  },
});

function structure(fields: Readonly<Record<string, Field>>): StructureField {
  return { type: "structure", required: true, fields };
}

function list(fields: Readonly<Record<string, Field>>): Field {
  return { type: "list", required: true, of: structure(fields) };
}

function choice(...values: readonly string[]): Field {
  return { type: "string", required: true, enum: values };
}
