import type { Field, StructureField } from "./service.ts";
import { ServiceError } from "./service.ts";
import type { SandboxState } from "./state.ts";
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
  const { organization } = state;
  if (organization) {
    const units = organization.organizationalUnits;
    const places = new Set([organization.rootId, ...units.map((unit) => unit.Id)]);
    const lost = [...units, ...organization.accounts].find((entry) => !places.has(entry.ParentId));
    if (lost) return `organization: the parent ${lost.ParentId} of ${lost.Id} does not exist`;
    const twin = duplicate(
      [...places.keys()].length === units.length + 1
        ? organization.accounts.map((account) => account.Id)
        : units.map((unit) => unit.Id),
    );
    if (twin !== undefined) return `organization: the id ${twin} is there twice`;
  }
  for (const instance of state.instances) {
    const where = `instance ${instance.InstanceArn}`;
    const lists = {
      users: instance.users.map((user) => user.UserId),
      groups: instance.groups.map((group) => group.GroupId),
      permissionSets: instance.permissionSets.map((set) => set.PermissionSetArn),
      "permission set names": instance.permissionSets.map((set) => set.Name),
      requests: instance.requests.map((request) => request.RequestId),
    };
    for (const [name, ids] of Object.entries(lists)) {
      const twin = duplicate(ids);
      if (twin !== undefined) return `${where}: ${name}: ${twin} is there twice`;
    }
    const sets = new Set(lists.permissionSets);
    const lost = [...instance.assignments, ...instance.provisioned].find(
      (entry) => !sets.has(entry.PermissionSetArn),
    );
    if (lost)
      return `${where}: the permission set ${lost.PermissionSetArn} used in account ${lost.AccountId} does not exist`;
  }
  return undefined;
}

function duplicate(ids: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return ids.find((id) => seen.size === seen.add(id).size);
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
