/**
 * A list that a reply leaves out is no empty list: what it lacks would be made again, or taken for gone. Where AWS itself
 * leaves out what is empty, the reply must at least be one of AWS.
 */
import { describe, expect, it } from "vitest";
import type { AwsDirectory, InstanceReader } from "../../../src/model/ports.ts";
import { type Answer, setArn } from "./support/stub-service.ts";
import { useStub } from "./support/use-stub.ts";

interface ListCall {
  /** In the reply. */
  readonly member: string;
  readonly call: (aws: {
    readonly reader: InstanceReader;
    readonly directory: AwsDirectory;
  }) => Promise<unknown>;
  /** Where AWS says nothing: is that an empty list? */
  readonly leftOut: "is empty" | "is an error";
  readonly empty?: unknown;
}

const account = "111111111111";
const required = { leftOut: "is an error" } as const;
const optional = { leftOut: "is empty" } as const;

const calls: Readonly<Record<string, ListCall>> = {
  listInstances: { ...required, member: "Instances", call: ({ directory }) => directory.listInstances() },
  listPermissionSets: {
    ...required,
    member: "PermissionSets",
    call: ({ reader }) => reader.listPermissionSets(),
  },
  listManagedPolicies: {
    ...required,
    member: "AttachedManagedPolicies",
    call: ({ reader }) => reader.listManagedPolicies(setArn),
  },
  listCustomerManagedPolicies: {
    ...required,
    member: "CustomerManagedPolicyReferences",
    call: ({ reader }) => reader.listCustomerManagedPolicies(setArn),
  },
  listTags: { ...optional, member: "Tags", empty: {}, call: ({ reader }) => reader.listTags(setArn) },
  listAccountsForProvisionedPermissionSet: {
    ...optional,
    member: "AccountIds",
    call: ({ reader }) => reader.listAccountsForProvisionedPermissionSet(setArn, null),
  },
  listPermissionSetsProvisionedToAccount: {
    ...optional,
    member: "PermissionSets",
    call: ({ reader }) => reader.listPermissionSetsProvisionedToAccount(account, null),
  },
  listAccountAssignments: {
    ...required,
    member: "AccountAssignments",
    call: ({ reader }) => reader.listAccountAssignments(account, setArn),
  },
  listAccountAssignmentsForPrincipal: {
    ...required,
    member: "AccountAssignments",
    call: ({ reader }) => reader.listAccountAssignmentsForPrincipal("USER", "u"),
  },
  "listRequests create-assignment": {
    ...optional,
    member: "AccountAssignmentsCreationStatus",
    call: ({ reader }) => reader.listRequests("create-assignment", "FAILED", 3),
  },
  "listRequests delete-assignment": {
    ...optional,
    member: "AccountAssignmentsDeletionStatus",
    call: ({ reader }) => reader.listRequests("delete-assignment", "FAILED", 3),
  },
  "listRequests provision": {
    ...optional,
    member: "PermissionSetsProvisioningStatus",
    call: ({ reader }) => reader.listRequests("provision", "FAILED", 3),
  },
  listUsers: { ...required, member: "Users", call: ({ reader }) => reader.listUsers() },
  listGroups: { ...required, member: "Groups", call: ({ reader }) => reader.listGroups() },
  listGroupMemberships: {
    ...required,
    member: "GroupMemberships",
    call: ({ reader }) => reader.listGroupMemberships("g"),
  },
  listGroupMembershipsForMember: {
    ...required,
    member: "GroupMemberships",
    call: ({ reader }) => reader.listGroupMembershipsForMember("u"),
  },
  listAccounts: {
    ...required,
    member: "Accounts",
    call: ({ directory }) => directory.organizations.listAccounts(),
  },
  listRoots: { ...required, member: "Roots", call: ({ directory }) => directory.organizations.listRoots() },
  listOrganizationalUnitsForParent: {
    ...required,
    member: "OrganizationalUnits",
    call: ({ directory }) => directory.organizations.listOrganizationalUnitsForParent("r-1"),
  },
  listAccountsForParent: {
    ...required,
    member: "Accounts",
    call: ({ directory }) => directory.organizations.listAccountsForParent("r-1"),
  },
  listTagsForResource: {
    ...required,
    member: "Tags",
    empty: {},
    call: ({ directory }) => directory.organizations.listTagsForResource(account),
  },
};

const openStub = useStub();
const open = (answer: Answer = {}) => openStub(() => answer);

const malformed = { code: "malformed-reply", hint: expect.stringContaining("AWS_ENDPOINT_URL") };
const expectEnd = async (
  end: ListCall["leftOut"],
  answer: Promise<unknown>,
  empty: unknown,
): Promise<void> => {
  if (end === "is empty") expect(await answer).toEqual(empty);
  else await expect(answer).rejects.toMatchObject(malformed);
};

describe.each(Object.entries(calls))("%s", (_, { call, member, leftOut, empty = [] }) => {
  it("may be empty", async () => {
    expect(await call(await open({ [member]: [] }))).toEqual(empty);
  });

  it("left out by AWS", async () => {
    await expectEnd(leftOut, call(await open({})), empty);
    await expectEnd(leftOut, call(await open({ [member]: null })), empty);
  });

  it("left out by whatever else answers", async () => {
    await expect(call(await open({ raw: "{}" }))).rejects.toMatchObject(malformed);
    await expect(call(await open({ raw: JSON.stringify({ [member]: null }) }))).rejects.toMatchObject(
      malformed,
    );
  });
});

it("every list that can be read is in the table above", async () => {
  const { directory, reader } = await open();
  const lists = [directory, reader, directory.organizations]
    .flatMap((port) => Object.keys(port))
    .filter((name) => name.startsWith("list"));
  const inTable = new Set(Object.keys(calls).map((name) => name.replace(/ .*/, "")));
  expect(new Set(lists)).toEqual(inTable);
});
