import { describe, expect, it } from "vitest";
import { isAbsent, orNull } from "../../../src/aws/absence.ts";
import { call, toAwsError } from "../../../src/aws/errors.ts";
import { AwsError } from "../../../src/model/errors.ts";

const sdk = (name: string, message: string, fields: object = {}) =>
  Object.assign(new Error(message), {
    name,
    $fault: "client",
    $metadata: { httpStatusCode: 400, requestId: "abc-123", attempts: 1 },
    ...fields,
  });

describe("toAwsError", () => {
  it.each([
    ["AccessDeniedException", "not authorized", "access-denied"],
    ["AccessDenied", "not authorized", "access-denied"],
    ["ThrottlingException", "Rate exceeded", "throttled"],
    ["TooManyRequestsException", "slow down", "throttled"],
    [
      "ThrottlingException",
      "There are too many requests processing. Please try again later.",
      "outstanding-limit",
    ],
    ["ConflictException", "already exists", "conflict"],
    ["ResourceNotFoundException", "no such set", "not-found"],
    ["TargetNotFoundException", "no such account", "not-found"],
    ["ServiceQuotaExceededException", "too many", "quota-exceeded"],
    ["ValidationException", "bad name", "invalid-request"],
    ["InternalServerException", "oops", "service-error"],
    ["AWSOrganizationsNotInUseException", "not a member", "organizations-not-in-use"],
    ["ExpiredTokenException", "The security token included in the request is expired", "credentials-expired"],
    ["UnrecognizedClientException", "The security token is invalid", "credentials-rejected"],
    ["InvalidSignatureException", "The request signature does not match", "credentials-rejected"],
    ["InvalidSignatureException", "Signature expired: 20260101T000000Z is now earlier", "clock-skew"],
    ["CredentialsProviderError", "Could not load credentials from any providers", "credentials-missing"],
    [
      "CredentialsProviderError",
      "The SSO session associated with this profile has expired",
      "credentials-expired",
    ],
    [
      "TokenProviderError",
      "Token is expired. To refresh this SSO session run aws sso login",
      "credentials-expired",
    ],
    ["SomethingNewException", "surprise", "aws-error"],
  ])("takes %s (%s) for %s", (name, message, code) => {
    const error = toAwsError(sdk(name, message), "sso:ListPermissionSets");
    expect(error).toBeInstanceOf(AwsError);
    expect(error.code).toBe(code);
    expect(error.message).toContain("sso:ListPermissionSets");
    expect(error.message).toContain(message);
    expect(error.message).toContain("abc-123");
  });

  it("goes by the name, not by the status", () => {
    const error = sdk("ThrottlingException", "Rate exceeded", { $metadata: { httpStatusCode: 403 } });
    expect(toAwsError(error, "sso:ListPermissionSets").code).toBe("throttled");
  });

  it("names the permission that is missing, and the subject", () => {
    const error = toAwsError(sdk("AccessDeniedException", "no"), "sso:DescribePermissionSet", "ps-1");
    expect(error.hint).toContain("sso:DescribePermissionSet");
    expect(error.message).toContain("(ps-1)");
  });

  it.each([
    ["sso:ListPermissionSets", "kms:Decrypt", false],
    ["sso:CreatePermissionSet", "kms:GenerateDataKeyWithoutPlaintext", true],
  ])("names the KMS permission that %s needs", (action, permission, writes) => {
    const error = toAwsError(
      sdk("AccessDeniedException", "no", { Reason: "KMS_AccessDeniedException" }),
      action,
    );
    expect(error.code).toBe("kms");
    expect(error.hint).toContain(permission);
    expect(error.hint?.includes("kms:Encrypt")).toBe(writes);
    expect(error.message).toContain("KMS_AccessDeniedException");
  });

  it("says where to look when the key itself is the trouble", () => {
    const error = toAwsError(
      sdk("ValidationException", "no", { Reason: "KMS_DisabledException" }),
      "sso:ListInstances",
    );
    expect(error.code).toBe("kms");
    expect(error.hint).toContain("state of the customer managed key");
  });

  it.each([
    [Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" }), "ECONNREFUSED"],
    [Object.assign(new Error("getaddrinfo"), { code: "ENOTFOUND" }), "ENOTFOUND"],
    [Object.assign(new Error("socket hang up"), { name: "TimeoutError", code: "ECONNRESET" }), "ECONNRESET"],
    [Object.assign(new Error("timed out"), { name: "TimeoutError" }), "timeout"],
    [Object.assign(new Error("tls"), { code: "SELF_SIGNED_CERT_IN_CHAIN" }), "SELF_SIGNED"],
    [new Error("outer", { cause: Object.assign(new Error("inner"), { code: "EAI_AGAIN" }) }), "EAI_AGAIN"],
  ])("takes %s for a network that does not answer", (error, detail) => {
    expect(toAwsError(error, "sso:ListInstances")).toMatchObject({
      code: "unreachable",
      message: expect.stringContaining(detail),
      hint: expect.stringContaining("AWS_ENDPOINT_URL"),
    });
  });

  it("takes a reply that is no JSON for one that is not from AWS", () => {
    const error = toAwsError(
      new SyntaxError(`Unexpected token '<', "<html>" is not valid JSON`),
      "sso:ListInstances",
    );
    expect(error.code).toBe("malformed-reply");
    expect(error.message).not.toContain("<html>");
  });

  it("keeps the original, except where credentials were the trouble", () => {
    const denied = sdk("AccessDeniedException", "no");
    expect(toAwsError(denied, "sso:ListInstances").cause).toBe(denied);
    const secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    const error = toAwsError(
      sdk("CredentialsProviderError", `Bad output: AKIAIOSFODNN7EXAMPLE ${secret}`),
      "sso:ListInstances",
    );
    expect(error.cause).toBeUndefined();
    expect(error.message).not.toContain(secret);
    expect(error.message).not.toContain("AKIAIOSFODNN7EXAMPLE");
  });

  it("leaves an AwsError as it is, and takes anything that is thrown", () => {
    const error = new AwsError("not-found", "there");
    expect(toAwsError(error, "sso:ListInstances")).toBe(error);
    expect(toAwsError("text", "sso:ListInstances").code).toBe("aws-error");
    expect(toAwsError(null, "sso:ListInstances").code).toBe("aws-error");
  });
});

describe("orNull", () => {
  const missing = (ResourceType?: string) =>
    call("identitystore:GetUserId", undefined, () =>
      Promise.reject<string>(
        sdk("ResourceNotFoundException", "not found", ResourceType === undefined ? {} : { ResourceType }),
      ),
    );

  it("is null only for what was asked for", async () => {
    expect(await orNull(missing("USER"), ["USER"])).toBeNull();
    await expect(orNull(missing("IDENTITY_STORE"), ["USER"])).rejects.toMatchObject({ code: "not-found" });
    await expect(orNull(missing(), ["USER"])).rejects.toMatchObject({ code: "not-found" });
    expect(await orNull(missing())).toBeNull();
  });

  it("never takes another failure for absence", async () => {
    const denied = call("sso:X", undefined, () =>
      Promise.reject<string>(sdk("AccessDeniedException", "not found")),
    );
    await expect(orNull(denied)).rejects.toMatchObject({ code: "access-denied" });
    expect(isAbsent(new Error("not-found"))).toBe(false);
  });
});
