import type {
  AccessState,
  Assignment,
  Group,
  InlinePolicy,
  Membership,
  PermissionSet,
  User,
  UserAttribute,
  UserAttributeValue,
} from "../../../src/model/access-state.ts";
import { assignmentAddress, membershipAddress } from "../../../src/model/address.ts";
import type { DesiredState, Mode, Origin, Scope } from "../../../src/model/desired-state.ts";
import type { Finding, Position } from "../../../src/model/finding.ts";
import { defaultGuards } from "../../../src/model/guards.ts";
import type { CallerIdentity, LiveState, Provisioning, Unread } from "../../../src/model/live-state.ts";
import type { Account, AccountState, Organization } from "../../../src/model/organization.ts";
import { inlinePolicyFromText } from "../../../src/model/policy.ts";
import { newUserDefaults } from "../../../src/model/user-attributes.ts";
import { makePlan } from "../../../src/plan/make-plan.ts";
import type { Change, Plan } from "../../../src/plan/plan.ts";

/** A state in a few words; everything not given is absent or plain. */
interface StateSketch {
  users?: readonly (string | User)[];
  groups?: readonly (string | Group)[];
  /** "Group/user". */
  memberships?: readonly string[];
  permissionSets?: readonly (string | (Partial<PermissionSet> & { name: string }))[];
  /** "account/Set/group:Name", "account/Set/user:name", or "account/Set/orphan:id". */
  assignments?: readonly string[];
}

export interface DesiredSketch extends StateSketch {
  name?: string;
  mode?: Mode;
  modes?: Partial<Scope["modes"]>;
  external?: { users?: string[]; groups?: string[]; permissionSets?: string[] };
  managedMembers?: readonly string[];
  removed?: { users?: string[]; groups?: string[]; permissionSets?: string[] };
  previously?: { groups?: Record<string, string[]>; permissionSets?: Record<string, string[]> };
  ignore?: readonly Partial<Scope["ignore"][number]>[];
  builtInRules?: boolean;
  guards?: Partial<Scope["guards"]>;
  origins?: Record<string, Partial<Origin>>;
  skipped?: DesiredState["skipped"];
  findings?: readonly Finding[];
}

export interface LiveSketch extends StateSketch {
  accounts?: Record<string, AccountState>;
  accountNames?: Record<string, string>;
  organizationSource?: Organization["source"];
  managementAccountId?: string;
  provisioning?: Record<string, Provisioning>;
  createdAt?: Record<string, number>;
  externallyOwned?: { users?: string[]; groups?: string[] };
  disabledUsers?: readonly string[];
  unread?: readonly Unread[];
}

export const position = (line: number, file = "access.yaml"): Position => ({
  file,
  line,
  column: 3,
  endColumn: 10,
});

export const policy = (document: unknown): InlinePolicy => inlinePolicyFromText(JSON.stringify(document));

export const allow = (
  action: string | string[],
  resource: string | string[] = "*",
  sid?: string,
): object => ({
  ...(sid === undefined ? {} : { Sid: sid }),
  Effect: "Allow",
  Action: action,
  Resource: resource,
});

export const permissionSet = (set: string | (Partial<PermissionSet> & { name: string })): PermissionSet => ({
  sessionDuration: 3600,
  relayState: null,
  managedPolicies: [],
  customerManagedPolicies: [],
  inlinePolicy: null,
  permissionsBoundary: null,
  owner: null,
  ...(typeof set === "string" ? { name: set } : set),
});

export const user = (
  userName: string,
  attributes: Partial<Record<UserAttribute, UserAttributeValue>> = {},
): User => ({
  userName,
  attributes: { givenName: "Given", familyName: "Family", ...attributes },
});

export const assignment = (text: string): Assignment => {
  const [accountId = "", permissionSetName = "", principal = ""] = text.split("/");
  const [type, name = ""] = principal.split(":");
  return {
    accountId,
    permissionSet: permissionSetName,
    principalType: type === "group" ? "GROUP" : "USER",
    principal: name,
    ...(type === "orphan" ? { orphan: true } : {}),
  };
};

export const membership = (text: string): Membership => {
  const [group = "", userName = ""] = text.split("/");
  return { group, user: userName };
};

const state = (sketch: StateSketch, side: "desired" | "live"): AccessState => {
  const isLive = side === "live";
  const users = (sketch.users ?? []).map((each) => (typeof each === "string" ? user(each) : each));
  const groups = (sketch.groups ?? []).map(
    (each): Group => (typeof each === "string" ? { displayName: each } : each),
  );
  const sets = (sketch.permissionSets ?? []).map(permissionSet);
  const memberships = (sketch.memberships ?? []).map(membership);
  const assignments = (sketch.assignments ?? []).map(assignment);
  return {
    users: new Map(
      users.map((each) => [
        each.userName,
        isLive ? { ...each, attributes: newUserDefaults(each.attributes) } : each,
      ]),
    ),
    groups: new Map(groups.map((each) => [each.displayName, isLive ? { description: null, ...each } : each])),
    memberships: new Map(memberships.map((each) => [membershipAddress(each), each])),
    permissionSets: new Map(
      sets.map((each) => [each.name, isLive ? { description: null, tags: {}, ...each } : each]),
    ),
    assignments: new Map(assignments.map((each) => [assignmentAddress(each), each])),
  };
};

export const desired = (sketch: DesiredSketch = {}): DesiredState => {
  const mode = sketch.mode ?? "declared";
  const declared = state(sketch, "desired");
  return {
    manifest: { name: sketch.name ?? null, digest: "0".repeat(64) },
    state: declared,
    scope: {
      modes: {
        users: mode,
        groups: mode,
        memberships: mode,
        permissionSets: mode,
        assignments: mode,
        ...sketch.modes,
      },
      external: {
        users: new Set(sketch.external?.users),
        groups: new Set(sketch.external?.groups),
        permissionSets: new Set(sketch.external?.permissionSets),
      },
      managedMembers: new Set(
        sketch.managedMembers ?? [...declared.memberships.values()].map(({ group }) => group),
      ),
      removed: {
        users: positions(sketch.removed?.users),
        groups: positions(sketch.removed?.groups),
        permissionSets: positions(sketch.removed?.permissionSets),
      },
      previously: {
        groups: new Map(Object.entries(sketch.previously?.groups ?? {})),
        permissionSets: new Map(Object.entries(sketch.previously?.permissionSets ?? {})),
      },
      ignore: (sketch.ignore ?? []).map((rule) => ({ reason: "not ours", position: position(90), ...rule })),
      builtInRules: sketch.builtInRules ?? true,
      guards: { ...defaultGuards, ...sketch.guards },
    },
    origins: new Map(
      Object.entries(sketch.origins ?? {}).map(([address, origin]) => [
        address,
        { position: position(1), ...origin },
      ]),
    ),
    skipped: sketch.skipped ?? [],
    findings: sketch.findings ?? [],
  };
};

const positions = (names: readonly string[] = []): Map<string, Position> =>
  new Map(names.map((name, index) => [name, position(80 + index)]));

export const live = (sketch: LiveSketch = {}): LiveState => {
  const there = state(sketch, "live");
  const accounts = new Map<string, Account>();
  const add = (id: string, accountState: AccountState = "ACTIVE"): void => {
    const name = sketch.accountNames?.[id] ?? null;
    accounts.set(id, { id, name, state: accountState, organizationalUnits: null, tags: null });
  };
  for (const id of ["111111111111", "222222222222", "333333333333", "999999999999"]) add(id);
  for (const { accountId } of there.assignments.values()) add(accountId);
  for (const [id, accountState] of Object.entries(sketch.accounts ?? {})) add(id, accountState);
  return {
    instance: {
      instanceArn: "arn:aws:sso:::instance/ssoins-1234567890abcdef",
      identityStoreId: "d-1234567890",
      ownerAccountId: "999999999999",
      name: null,
      region: "us-east-1",
    },
    organization: {
      source: sketch.organizationSource ?? "organizations",
      unavailable: null,
      managementAccountId: sketch.managementAccountId ?? "999999999999",
      accounts,
      tagsRead: false,
      organizationalUnitsRead: false,
    },
    state: there,
    ids: {
      users: new Map([...there.users.keys()].map((name) => [name, `user-${name}`])),
      groups: new Map([...there.groups.keys()].map((name) => [name, `group-${name}`])),
      permissionSets: new Map([...there.permissionSets.keys()].map((name) => [name, `ps-${name}`])),
      memberships: new Map([...there.memberships.keys()].map((address) => [address, `id-${address}`])),
    },
    provisioning: new Map(Object.entries(sketch.provisioning ?? {})),
    externallyOwned: {
      users: new Set(sketch.externallyOwned?.users),
      groups: new Set(sketch.externallyOwned?.groups),
    },
    createdAt: new Map(Object.entries(sketch.createdAt ?? {})),
    disabledUsers: new Set(sketch.disabledUsers),
    coverage: { unread: sketch.unread ?? [] },
  };
};

export const plan = (
  wanted: DesiredSketch,
  there: LiveSketch,
  allowances: ReadonlyMap<string, string> = new Map(),
  run: { readonly caller?: CallerIdentity; readonly now?: number; readonly unattended?: boolean } = {},
): Plan => {
  const result = makePlan(desired(wanted), live(there), { toolVersion: "1.2.3", allow: allowances, ...run });
  if (result.plan === null) throw new Error(`no plan: ${JSON.stringify(result.findings)}`);
  return result.plan;
};

export const findings = (wanted: DesiredSketch, there: LiveSketch): readonly Finding[] =>
  makePlan(desired(wanted), live(there), { toolVersion: "1.2.3" }).findings;

/** "delete assignment/… (not-declared)" for each change, in order. */
export const summary = (made: Plan): string[] =>
  made.changes.map(({ action, address, reason }) => `${action} ${address} (${reason.code})`);

export const changeAt = (made: Plan, address: string): Change => {
  const change = made.changes.find((each) => each.address === address);
  if (change === undefined) throw new Error(`no change at ${address}: ${summary(made).join(", ")}`);
  return change;
};

/** What will stand at an address. */
export const afterAt = (made: Plan, address: string): unknown => {
  const change = changeAt(made, address);
  return change.kind === "provisioning" ? null : change.after;
};
