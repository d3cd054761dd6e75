/**
 * The change behind the product's back: made through the API, like the console or the AWS CLI would, with nothing of
 * the product in between.
 */
export const changeByHand = async (
  url: string,
  say: (text: string) => void,
  sleep: (milliseconds: number) => Promise<void>,
): Promise<void> => {
  const call = async (target: string, input: Readonly<Record<string, unknown>>): Promise<Reply> => {
    const response = await fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": target,
        // The sandbox wants requests to be signed, and does not check by whom.
        authorization:
          "AWS4-HMAC-SHA256 Credential=by-hand/20260101/us-east-1/sso/aws4_request, SignedHeaders=host, Signature=0",
      },
      body: JSON.stringify(input),
    });
    if (!response.ok) throw new Error(`${target} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as Reply;
  };
  const sso = "SWBExternalService";
  const store = "AWSIdentityStore";

  const { Instances: [instance] = [] } = await call(`${sso}.ListInstances`, {});
  const InstanceArn = instance?.InstanceArn;
  const IdentityStoreId = instance?.IdentityStoreId;
  const unique = (attributePath: string, value: string) => ({
    AlternateIdentifier: { UniqueAttribute: { AttributePath: attributePath, AttributeValue: value } },
  });
  const { UserId } = await call(`${store}.GetUserId`, { IdentityStoreId, ...unique("userName", "jane.doe") });
  const { GroupId } = await call(`${store}.GetGroupId`, {
    IdentityStoreId,
    ...unique("displayName", "Developers"),
  });
  const arnOf = async (name: string): Promise<string | undefined> => {
    const { PermissionSets = [] } = await call(`${sso}.ListPermissionSets`, { InstanceArn, MaxResults: 100 });
    for (const PermissionSetArn of PermissionSets) {
      const { PermissionSet } = await call(`${sso}.DescribePermissionSet`, { InstanceArn, PermissionSetArn });
      if (PermissionSet?.Name === name) return PermissionSetArn;
    }
    return undefined;
  };

  say("$ aws sso-admin attach-managed-policy-to-permission-set     (DeveloperAccess, AdministratorAccess)\n");
  await call(`${sso}.AttachManagedPolicyToPermissionSet`, {
    InstanceArn,
    PermissionSetArn: await arnOf("DeveloperAccess"),
    ManagedPolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess",
  });
  say(
    "$ aws sso-admin create-account-assignment                   (Developers, AdministratorAccess, production)\n",
  );
  const { AccountAssignmentCreationStatus: started } = await call(`${sso}.CreateAccountAssignment`, {
    InstanceArn,
    PermissionSetArn: await arnOf("AdministratorAccess"),
    TargetType: "AWS_ACCOUNT",
    TargetId: "111111111111",
    PrincipalType: "GROUP",
    PrincipalId: GroupId,
  });
  const AccountAssignmentCreationRequestId = started?.RequestId;
  for (let status = started; status?.Status === "IN_PROGRESS"; ) {
    await sleep(500);
    const input = { InstanceArn, AccountAssignmentCreationRequestId };
    status = (await call(`${sso}.DescribeAccountAssignmentCreationStatus`, input))
      .AccountAssignmentCreationStatus;
  }
  say("$ aws identitystore update-user                             (jane.doe is now Jane Smith)\n");
  await call(`${store}.UpdateUser`, {
    IdentityStoreId,
    UserId,
    Operations: [
      { AttributePath: "name.familyName", AttributeValue: "Smith" },
      { AttributePath: "displayName", AttributeValue: "Jane Smith" },
    ],
  });
};

interface Reply {
  readonly Instances?: readonly { readonly InstanceArn: string; readonly IdentityStoreId: string }[];
  readonly PermissionSets?: readonly string[];
  readonly PermissionSet?: { readonly Name: string };
  readonly AccountAssignmentCreationStatus?: { readonly Status: string; readonly RequestId: string };
  readonly UserId?: string;
  readonly GroupId?: string;
}
