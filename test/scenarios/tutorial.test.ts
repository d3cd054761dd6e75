/**
 * AWS's own set-up tutorial, call by call with the parameters that its CLI commands send, leaves what
 * examples/getting-started declares: somebody who followed the tutorial can take the example over as it is.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  CreateGroupCommand,
  CreateGroupMembershipCommand,
  CreateUserCommand,
} from "@aws-sdk/client-identitystore";
import {
  AttachManagedPolicyToPermissionSetCommand,
  CreateAccountAssignmentCommand,
  CreatePermissionSetCommand,
  DescribeAccountAssignmentCreationStatusCommand,
  ListInstancesCommand,
  PutInlinePolicyToPermissionSetCommand,
} from "@aws-sdk/client-sso-admin";
import { afterEach, beforeEach, expect, it } from "vitest";
import { runInProcess } from "../support/in-process.ts";
import { root } from "../support/reconcile.ts";
import { createWorld, type World } from "../support/world.ts";

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

it("leaves a state for which plan says No changes", async () => {
  await followTutorial(world);

  const { stdout, stderr, exitCode } = await runInProcess(
    ["plan", "examples/getting-started", "--detailed-exitcode", "--rps", "1000"],
    { cwd: root, url: world.sandbox.url },
  );
  expect(stderr).not.toContain("error");
  expect(stdout).toMatch(/No changes\.\n$/);
  expect(exitCode).toBe(0);
});

const followTutorial = async ({ sso, store }: World): Promise<void> => {
  const { Instances: [instance] = [] } = await sso.send(new ListInstancesCommand({}));
  const { InstanceArn, IdentityStoreId } = instance ?? {};

  const { UserId } = await store.send(
    new CreateUserCommand({
      IdentityStoreId,
      UserName: "jane.doe",
      DisplayName: "Jane Doe",
      Name: { FamilyName: "Doe", GivenName: "Jane" },
      Emails: [{ Value: "jane.doe@company.com", Type: "work", Primary: true }],
    }),
  );
  const group = async (DisplayName: string, Description: string): Promise<string | undefined> =>
    (await store.send(new CreateGroupCommand({ IdentityStoreId, DisplayName, Description }))).GroupId;
  const admins = await group("Platform-Admins", "Full admin access to all accounts");
  const developers = await group("Developers", "Developer access to dev and staging accounts");
  await group("ReadOnly", "Read-only access for auditors and observers");
  await store.send(
    new CreateGroupMembershipCommand({
      IdentityStoreId,
      GroupId: developers,
      MemberId: { UserId: UserId ?? "" },
    }),
  );

  const permissionSet = async (
    Name: string,
    Description: string,
    SessionDuration: string,
  ): Promise<string | undefined> => {
    const input = { InstanceArn, Name, Description, SessionDuration };
    return (await sso.send(new CreatePermissionSetCommand(input))).PermissionSet?.PermissionSetArn;
  };
  const administratorAccess = await permissionSet("AdministratorAccess", "Full admin access", "PT4H");
  const developerAccess = await permissionSet(
    "DeveloperAccess",
    "Developer access - no IAM or billing",
    "PT8H",
  );
  const readOnlyAccess = await permissionSet("ReadOnlyAccess", "Read-only access for auditing", "PT8H");
  const attach = (PermissionSetArn: string | undefined, policy: string) =>
    sso.send(
      new AttachManagedPolicyToPermissionSetCommand({
        InstanceArn,
        PermissionSetArn,
        ManagedPolicyArn: `arn:aws:iam::aws:policy/${policy}`,
      }),
    );
  await attach(administratorAccess, "AdministratorAccess");
  await attach(readOnlyAccess, "ReadOnlyAccess");
  await sso.send(
    new PutInlinePolicyToPermissionSetCommand({
      InstanceArn,
      PermissionSetArn: developerAccess,
      // The CLI sends file://policy.json as it stands, white space and all.
      InlinePolicy: await readFile(join(root, "examples/getting-started/policies/developer.json"), "utf8"),
    }),
  );

  const assign = async (
    TargetId: string,
    PermissionSetArn: string | undefined,
    PrincipalId: string | undefined,
  ): Promise<void> => {
    const { AccountAssignmentCreationStatus: started } = await sso.send(
      new CreateAccountAssignmentCommand({
        InstanceArn,
        TargetId,
        TargetType: "AWS_ACCOUNT",
        PermissionSetArn,
        PrincipalType: "GROUP",
        PrincipalId,
      }),
    );
    const AccountAssignmentCreationRequestId = started?.RequestId;
    for (let status = started; status?.Status !== "SUCCEEDED"; ) {
      expect(status?.Status).toBe("IN_PROGRESS");
      await new Promise((resolve) => setTimeout(resolve, 5));
      ({ AccountAssignmentCreationStatus: status } = await sso.send(
        new DescribeAccountAssignmentCreationStatusCommand({
          InstanceArn,
          AccountAssignmentCreationRequestId,
        }),
      ));
    }
  };
  await assign("111111111111", administratorAccess, admins);
  await assign("222222222222", developerAccess, developers);
};
