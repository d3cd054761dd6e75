import { describe, expect, it } from "vitest";
import { toAwsError } from "../../../src/aws/errors.ts";

const token = `IQoJb3JpZ2luX2VjEJr//////////wEaCXVzLWVhc3QtMSJHMEUCIQD${"Ab1+/cD2".repeat(40)}==`;
const signature = "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7";
const secretKey = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const authorization = `AWS4-HMAC-SHA256 Credential=ASIAIOSFODNN7EXAMPLE/20261124/us-east-1/sso/aws4_request, SignedHeaders=host;x-amz-date;x-amz-security-token, Signature=${signature}`;

/** As AWS words it. */
const invalidSignature = `The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.

The Canonical String for this request should have been
'POST
/

content-type:application/x-amz-json-1.1
host:sso.us-east-1.amazonaws.com
x-amz-date:20261124T120000Z
x-amz-security-token:${token}
x-amz-target:SWBExternalService.ListInstances

content-type;host;x-amz-date;x-amz-security-token;x-amz-target
44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a'

The String-to-Sign should have been
'AWS4-HMAC-SHA256
20261124T120000Z
20261124/us-east-1/sso/aws4_request
${signature}'
`;

const said = (name: string, message: string) =>
  toAwsError(
    Object.assign(new Error(message), {
      name,
      $fault: "client",
      $metadata: { requestId: "abc-123", attempts: 1 },
    }),
    "sso:ListInstances",
  );

describe("a signature that AWS refuses", () => {
  it.each([
    ["InvalidSignatureException", invalidSignature],
    ["SignatureDoesNotMatch", invalidSignature.replaceAll(/\n+/g, " ")],
    [
      "IncompleteSignature",
      `'${token}' not a valid key=value pair (missing equal-sign) in Authorization header: '${authorization}'.`,
    ],
    [
      "IncompleteSignatureException",
      `Authorization header requires 'Signature' parameter. Authorization=${authorization}`,
    ],
  ])("%s is told with what to do, and without what was sent", (name, message) => {
    const error = said(name, message);
    expect(error.code).toBe("credentials-rejected");
    expect(error.message).toMatch(/^sso:ListInstances: AWS refuses the signature of the call/);
    expect(error.message).toContain("[request abc-123]");
    expect(error.message).not.toMatch(/\n|Canonical|security-token|AWS4-HMAC/);
    expect(error.message).not.toContain(token.slice(0, 30));
    expect(error.message).not.toContain(signature);
    expect(error.hint).toMatch(/AWS_SECRET_ACCESS_KEY .* clock/);
    expect(error.cause).toBeUndefined();
  });

  it("is told in AWS's words, as far as they hold no secret", () => {
    expect(said("InvalidSignatureException", invalidSignature).message).toBe(
      "sso:ListInstances: AWS refuses the signature of the call: The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details. [request abc-123]",
    );
  });
});

describe("whatever error repeats what it was sent", () => {
  it.each([
    ["a header", `Bad header x-amz-security-token: ${token}`],
    ["a header in capitals", `X-Amz-Security-Token=${token}`],
    ["a query", `GET /?X-Amz-Security-Token=${encodeURIComponent(token)}&X-Amz-Signature=${signature}&x=1`],
    ["JSON", JSON.stringify({ SessionToken: token, SecretAccessKey: secretKey })],
    ["XML", `<SessionToken>${token}</SessionToken><SecretAccessKey>${secretKey}</SecretAccessKey>`],
    ["the environment", `AWS_SESSION_TOKEN=${token} AWS_SECRET_ACCESS_KEY=${secretKey}`],
    ["an Authorization header", `authorization: ${authorization}`],
    ["a token of a proxy", `Proxy-Authorization: Basic ${btoa("jane:a password that is long")}`],
    ["a token alone", `The token ${token} is not valid`],
    ["canonical strings", invalidSignature],
  ])("%s", (_, message) => {
    for (const name of [
      "ValidationException",
      "AccessDeniedException",
      "ConflictException",
      "ThrottlingException",
      "UnrecognizedClientException",
      "ExpiredTokenException",
      "RequestTimeTooSkewed",
      "InternalFailure",
      "SomethingNew",
    ]) {
      const told = said(name, message).message;
      for (const secret of [
        token.slice(0, 40),
        encodeURIComponent(token).slice(-40),
        signature,
        secretKey,
        btoa("jane:a password that is long"),
      ])
        expect(told, name).not.toContain(secret);
    }
  });

  it.each([
    "User: arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_AdministratorAccess_0123456789abcdef/jane is not authorized to perform: sso:ListInstances",
    "The policy arn:aws:iam::123456789012:policy/a/very/long/path/that/holds/more/than/forty/characters/Reader does not exist",
    "The key AKIAIOSFODNN7EXAMPLE is inactive",
    "Value 'signature: x' at 'name' failed to satisfy constraint",
  ])("nothing else goes: %s", (message) => {
    expect(said("ValidationException", message).message).toContain(message);
  });
});
