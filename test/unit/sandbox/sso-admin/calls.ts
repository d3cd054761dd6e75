import {
  CreateAccountAssignmentCommand,
  DeleteAccountAssignmentCommand,
  DescribeAccountAssignmentCreationStatusCommand,
  DescribeAccountAssignmentDeletionStatusCommand,
  DescribePermissionSetProvisioningStatusCommand,
  ProvisionPermissionSetCommand,
} from "@aws-sdk/client-sso-admin";
import type { SandboxOptions } from "../../../../src/sandbox/server.ts";
import type { SandboxInstance } from "../../../../src/sandbox/state.ts";
import type { Bench } from "../support.ts";
import { developers, InstanceArn, onlyInstance, peopled, startBench } from "../support.ts";

export const production = "111111111111";
export const development = "222222222222";
export const suspended = "777777777777";
export const management = "999999999999";
export const setArn = (n: number) =>
  `arn:aws:sso:::permissionSet/ssoins-5a4d6b0c1e2f3a4b/ps-${String(n).padStart(16, "0")}`;

/** A bench with permission sets 0 to `count - 1`, made without calls. */
export async function benchWithSets(count: number, options: SandboxOptions = {}): Promise<Bench> {
  const seed = peopled();
  addSets(onlyInstance(seed), count);
  return startBench({ seed, ...options });
}

function addSets(instance: SandboxInstance, count: number): void {
  for (let n = 0; n < count; n += 1) {
    instance.permissionSets.push({
      PermissionSetArn: setArn(n),
      Name: `Set${n}`,
      SessionDuration: "PT1H",
      CreatedDate: 0,
      managedPolicies: [],
      customerManagedPolicies: [],
      tags: {},
    });
  }
}

export const triple = (TargetId = development, n = 0, group = developers) =>
  ({
    InstanceArn,
    TargetId,
    TargetType: "AWS_ACCOUNT",
    PermissionSetArn: setArn(n),
    PrincipalType: "GROUP",
    PrincipalId: group,
  }) as const;

type Triple = Omit<ReturnType<typeof triple>, "PrincipalType"> & { PrincipalType: "USER" | "GROUP" };

export const start = async (bench: Bench, input: Triple) =>
  (await bench.client.send(new CreateAccountAssignmentCommand(input))).AccountAssignmentCreationStatus;
export const startDelete = async (bench: Bench, input: Triple) =>
  (await bench.client.send(new DeleteAccountAssignmentCommand(input))).AccountAssignmentDeletionStatus;
export const creation = async (bench: Bench, id: string | undefined) =>
  (
    await bench.client.send(
      new DescribeAccountAssignmentCreationStatusCommand({
        InstanceArn,
        AccountAssignmentCreationRequestId: id,
      }),
    )
  ).AccountAssignmentCreationStatus;
const deletion = async (bench: Bench, id: string | undefined) =>
  (
    await bench.client.send(
      new DescribeAccountAssignmentDeletionStatusCommand({
        InstanceArn,
        AccountAssignmentDeletionRequestId: id,
      }),
    )
  ).AccountAssignmentDeletionStatus;
const provisioning = async (bench: Bench, id: string | undefined) =>
  (
    await bench.client.send(
      new DescribePermissionSetProvisioningStatusCommand({
        InstanceArn,
        ProvisionPermissionSetRequestId: id,
      }),
    )
  ).PermissionSetProvisioningStatus;

export async function assign(bench: Bench, input: Triple) {
  const status = await start(bench, input);
  bench.clock.advance(60_000);
  return creation(bench, status?.RequestId);
}

export async function unassign(bench: Bench, input: Triple) {
  const status = await startDelete(bench, input);
  bench.clock.advance(60_000);
  return deletion(bench, status?.RequestId);
}

export async function provision(bench: Bench, n: number, TargetId?: string) {
  const target = TargetId === undefined ? "ALL_PROVISIONED_ACCOUNTS" : "AWS_ACCOUNT";
  const { PermissionSetProvisioningStatus } = await bench.client.send(
    new ProvisionPermissionSetCommand({
      InstanceArn,
      PermissionSetArn: setArn(n),
      TargetType: target,
      TargetId,
    }),
  );
  bench.clock.advance(60_000);
  return provisioning(bench, PermissionSetProvisioningStatus?.RequestId);
}
