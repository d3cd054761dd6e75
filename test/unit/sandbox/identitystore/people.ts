import { identityStore } from "../../../../src/sandbox/identitystore/service.ts";
import type { Bench, Output } from "./call.ts";
import { benchFor } from "./call.ts";

export const IdentityStoreId = "d-9067a1b2c3";

export const jane = {
  IdentityStoreId,
  UserName: "jane.doe",
  Name: { GivenName: "Jane", FamilyName: "Doe" },
  DisplayName: "Jane Doe",
  Emails: [{ Value: "jane.doe@company.com", Type: "work", Primary: true }],
};

/** An identity store with nobody in it, whose operations are called without naming the store each time. */
export function storeBench(): Bench {
  const bench = benchFor(identityStore);
  const inStore = (input: unknown): Output => ({ IdentityStoreId, ...(input as Output) });
  return {
    ...bench,
    call: (operation, input) => bench.call(operation, inStore(input)),
    refused: (operation, input) => bench.refused(operation, inStore(input)),
  };
}

/** A user with what is required, and an id. */
export function addUser(bench: Bench, UserName: string, more: Output = {}): string {
  const { UserId } = bench.call("CreateUser", {
    UserName,
    Name: { GivenName: "Given", FamilyName: "Family" },
    DisplayName: UserName,
    ...more,
  });
  return UserId as string;
}

export function addGroup(bench: Bench, DisplayName: string, more: Output = {}): string {
  return bench.call("CreateGroup", { DisplayName, ...more }).GroupId as string;
}

export function addMember(bench: Bench, GroupId: string, UserId: string): string {
  return bench.call("CreateGroupMembership", { GroupId, MemberId: { UserId } }).MembershipId as string;
}
