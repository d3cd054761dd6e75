/** examples/aws: the service control policy denies everybody but the pipeline all that changes access, and no read. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as identityStore from "@aws-sdk/client-identitystore";
import * as ssoAdmin from "@aws-sdk/client-sso-admin";
import { describe, expect, it } from "vitest";
import { calledActions, isRead } from "../support/called-actions.ts";
import { root } from "../support/reconcile.ts";

const text = readFileSync(join(root, "examples/aws/only-the-pipeline-writes.scp.json"), "utf8");
interface Statement {
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition: { readonly ArnNotLike: { readonly "aws:PrincipalArn": string | readonly string[] } };
}
const [writes, itself] = (JSON.parse(text) as { readonly Statement: readonly Statement[] }).Statement;

const isDenied = (action: string): boolean =>
  (writes?.Action ?? []).some((pattern) =>
    pattern.endsWith("*") ? action.startsWith(pattern.slice(0, -1)) : action === pattern,
  );

/** All that the SDK can call in a service, as IAM actions. */
const actionsOf = (prefix: string, sdk: object): string[] =>
  Object.keys(sdk).flatMap((name) => {
    const [, operation] = /^([A-Z]\w+)Command$/.exec(name) ?? [];
    return operation === undefined ? [] : [`${prefix}:${operation}`];
  });
const callable = [...actionsOf("sso", ssoAdmin), ...actionsOf("identitystore", identityStore)];
const only = (prefix: string, names: string): string[] =>
  names
    .trim()
    .split(/\s+/)
    .map((name) => `${prefix}:${name}`);

/** What the console calls, and no SDK: of AWS's service authorization reference. */
const ofConsole = [
  ...only(
    "sso",
    `AssociateDirectory AssociateProfile CreateApplicationInstance CreateApplicationInstanceCertificate
    CreateManagedApplicationInstance CreateProfile CreateTrust DeleteApplicationInstance
    DeleteApplicationInstanceCertificate DeleteManagedApplicationInstance DeletePermissionsPolicy DeleteProfile
    DisassociateDirectory DisassociateProfile ImportApplicationInstanceServiceProviderMetadata
    PutMfaDeviceManagementForDirectory PutPermissionsPolicy StartSSO UpdateApplicationInstanceActiveCertificate
    UpdateApplicationInstanceDisplayData UpdateApplicationInstanceResponseConfiguration
    UpdateApplicationInstanceResponseSchemaConfiguration UpdateApplicationInstanceSecurityConfiguration
    UpdateApplicationInstanceServiceProviderConfiguration UpdateApplicationInstanceStatus UpdateDirectoryAssociation
    UpdateManagedApplicationInstanceStatus UpdateProfile UpdateSSOConfiguration UpdateTrust`,
  ),
  ...only(
    "sso-directory",
    `AddMemberToGroup CompleteVirtualMfaDeviceRegistration CompleteWebAuthnDeviceRegistration CreateAlias
    CreateBearerToken CreateExternalIdPConfigurationForDirectory CreateGroup CreateProvisioningTenant CreateUser
    DeleteBearerToken DeleteExternalIdPCertificate DeleteExternalIdPConfigurationForDirectory DeleteGroup
    DeleteMfaDeviceForUser DeleteProvisioningTenant DeleteUser DisableExternalIdPConfigurationForDirectory DisableUser
    EnableExternalIdPConfigurationForDirectory EnableUser ImportExternalIdPCertificate RemoveMemberFromGroup
    StartVirtualMfaDeviceRegistration StartWebAuthnDeviceRegistration UpdateExternalIdPConfigurationForDirectory
    UpdateGroup UpdateGroupDisplayName UpdateMfaDeviceForUser UpdatePassword UpdateUser UpdateUserName VerifyEmail`,
  ),
];
const readOfConsole = [
  ...only("sso", "DescribeDirectories GetProfile GetSSOStatus ListProfiles SearchGroups SearchUsers"),
  ...only(
    "sso-directory",
    "DescribeUser GetAWSSPConfigurationForDirectory IsMemberInGroup ListUsers SearchUsers",
  ),
];
const reads = (action: string): boolean => isRead(action) || /:(Search|Is[A-Z])/.test(action);

describe("the service control policy", () => {
  it("denies each call that writes: of the SDK, of the console, of the pipeline itself", () => {
    const writing = [...callable, ...ofConsole, ...calledActions()].filter(
      (action) => !reads(action) && !action.startsWith("organizations:"),
    );
    expect(writing.length).toBeGreaterThan(100);
    expect(writing.filter((action) => !isDenied(action))).toEqual([]);
  });

  it("denies no read, since they change nothing", () => {
    const reading = [...callable, ...readOfConsole].filter(reads);
    expect(reading.length).toBeGreaterThan(50);
    expect(reading.filter(isDenied)).toEqual([]);
  });

  it("excepts the role that writes, and BreakGlass in any Region; nobody but BreakGlass changes that role", () => {
    const breakGlass =
      "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_BreakGlass_*";
    const role = "arn:aws:iam::111122223333:role/reconcile-write";
    expect(writes?.Condition).toEqual({ ArnNotLike: { "aws:PrincipalArn": [role, breakGlass] } });
    expect(itself?.Condition).toEqual({ ArnNotLike: { "aws:PrincipalArn": breakGlass } });
    expect(writes?.Resource).toBe("*");
    expect(itself?.Resource).toEqual([role, "arn:aws:iam::111122223333:policy/reconcile-read"]);
    expect(itself?.Action).toEqual(
      expect.arrayContaining(["iam:UpdateAssumeRolePolicy", "iam:PutRolePolicy", "iam:CreatePolicyVersion"]),
    );
  });

  it("is as long as AWS takes it, with its white space", () => {
    expect(text.length).toBeLessThanOrEqual(5120);
  });
});
