/**
 * Replies that no AWS gives, over the wire to the real SDK: each ends in an error that says so, and none in a list that
 * is shorter or in names that nobody gave.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openDirectory } from "../../../src/aws/directory.ts";
import { AwsError } from "../../../src/model/errors.ts";
import type { AwsDirectory, InstanceReader } from "../../../src/model/ports.ts";
import { type Call, type HostileReply, startHostileProxy } from "../../support/hostile-proxy.ts";
import { createWorld, type World } from "../../support/world.ts";
import { fast, instance, setArn, useEndpoint } from "./support/stub-service.ts";

let world: World;
const closing: (() => unknown)[] = [];
beforeEach(async () => {
  world = await createWorld();
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  await world.close();
  vi.unstubAllEnvs();
});

/** A directory whose every call is answered like this, with as many attempts as ever and no waits. */
const open = async (
  answer: HostileReply | ((call: Call) => HostileReply),
  answerTimeout = 30_000,
): Promise<{
  readonly directory: AwsDirectory;
  readonly reader: InstanceReader;
  readonly calls: readonly string[];
}> => {
  const proxy = await startHostileProxy(
    world.sandbox.url,
    typeof answer === "function" ? answer : () => answer,
  );
  useEndpoint(proxy.url);
  const directory = await openDirectory({ ...fast, answerTimeout });
  closing.push(
    () => directory.close(),
    () => proxy.close(),
  );
  return { directory, reader: directory.reader(instance), calls: proxy.calls };
};

const errorOf = async (call: Promise<unknown>): Promise<AwsError> => {
  const answer = await call.catch((error: unknown) => error);
  if (answer instanceof AwsError) return answer;
  throw new Error(`It was taken for an answer: ${JSON.stringify(answer)}`);
};

const page = "<html><title>\u001b[31mSign in</title>\n::error::gone</html>";
const html = { "content-type": "text/html" };
const json = (value: unknown): HostileReply => ({ body: JSON.stringify(value) });

describe("a reply that is none of AWS", () => {
  it.each<[string, HostileReply, RegExp]>([
    ["a page of HTML", { headers: html, body: page }, /HTTP 200 with a page of HTML/],
    ["a proxy that refuses", { status: 403, headers: html, body: page }, /HTTP 403 with a page of HTML/],
    ["a page that is not found", { status: 404, headers: html, body: page }, /HTTP 404/],
    ["a proxy that asks who it is", { status: 407, body: "" }, /HTTP 407 with nothing in it/],
    [
      "a redirect",
      { status: 302, headers: { location: "https://sign.in/" }, body: "" },
      /to https:\/\/sign\.in\//,
    ],
    ["a permanent redirect with a page", { status: 301, headers: html, body: page }, /redirect to nowhere/],
    ["an empty body", { body: "" }, /nothing in it/],
    ["half of a body", { body: '{"Users":[{"UserId":"u' }, /something that is not JSON/],
    ["bytes", { body: Buffer.from([0, 255, 254, 128]) }, /something that is not JSON/],
    ["null", { body: "null" }, /JSON that is no object/],
    ["a list", { body: "[]" }, /JSON that is no object/],
    ["a text", { body: '"Users"' }, /JSON that is no object/],
    ["an error without a name", { status: 400, body: '{"message":"no"}' }, /an error that has no name/],
    ["levels without end", { body: `{"Users":${"[".repeat(100_000)}${"]".repeat(100_000)}}` }, /64 levels/],
    ["more bytes than anybody reads", { body: `{"Users":["${"x".repeat(33 * 1024 * 1024)}"]}` }, /more than/],
  ])("is told as one: %s", async (_, reply, message) => {
    const { reader, calls } = await open(reply);
    for (const call of [() => reader.listUsers(), () => reader.listPermissionSets()]) {
      const error = await errorOf(call());
      expect([error.code, error.message]).toEqual(["malformed-reply", expect.stringMatching(message)]);
      expect(error.message).not.toContain("Sign in");
      expect(error.hint).toContain("AWS_ENDPOINT_URL");
    }
    expect(calls).toEqual(["ListUsers", "ListPermissionSets"]);
  });

  it.each([500, 502, 503, 504])("and may pass: HTTP %i with a page", async (status) => {
    let failures = 3;
    const passing = await open(() => {
      failures -= 1;
      return failures >= 0 ? { status, headers: html, body: page } : json({ Users: [] });
    });
    expect(await passing.reader.listUsers()).toEqual([]);
    const { reader, calls } = await open({ status, headers: html, body: page });
    const error = await errorOf(reader.listUsers());
    expect([error.code, error.message]).toEqual([
      "service-error",
      expect.stringContaining(`HTTP ${status} with a page of HTML`),
    ]);
    expect(calls).toHaveLength(10);
  });

  it("too many requests, says a proxy, is waited for", async () => {
    const { reader, calls } = await open({ status: 429, headers: html, body: page });
    expect((await errorOf(reader.listUsers())).code).toBe("malformed-reply");
    expect(calls).toHaveLength(10);
  });

  it("stops in the middle: each attempt is given up after the time for an answer", async () => {
    const { reader, calls } = await open({ body: '{"Users":[', stalls: true }, 100);
    expect((await errorOf(reader.listUsers())).code).toBe("unreachable");
    expect(calls).toHaveLength(4);
  });

  it.each([
    ["HTML", { headers: html, body: page }],
    ["nothing", { body: "" }],
    [
      "another account than one",
      {
        body: "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>x</Account><Arn>a</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>",
      },
    ],
    [
      "no identity",
      {
        body: "<GetCallerIdentityResponse><GetCallerIdentityResult></GetCallerIdentityResult></GetCallerIdentityResponse>",
      },
    ],
  ])("is no identity either: %s", async (_, reply) => {
    const { directory } = await open(reply);
    expect((await errorOf(directory.getCallerIdentity())).code).toBe("malformed-reply");
  });
});

describe("a list that does not end", () => {
  it.each<[string, (call: number) => { readonly items: readonly string[]; readonly token: unknown }, number]>(
    [
      ["one token again and again", () => ({ items: ["arn:1"], token: "a" }), 2],
      ["two tokens in turn", (call) => ({ items: ["arn:1"], token: call % 2 === 0 ? "a" : "b" }), 3],
      ["tokens in a circle", (call) => ({ items: [], token: `t${call % 7}` }), 8],
      ["new tokens and empty pages", (call) => ({ items: [], token: `t${call}` }), 1000],
      ["a token that is a number", (call) => ({ items: [], token: call + 1 }), 1],
      ["a token that is an object", () => ({ items: [], token: { a: 1 } }), 1],
    ],
  )("%s", async (_, pageOf, calls) => {
    let call = 0;
    const { reader, calls: made } = await open(() => {
      const { items, token } = pageOf(call);
      call += 1;
      return json({ PermissionSets: items, NextToken: token });
    });
    expect((await errorOf(reader.listPermissionSets())).code).toBe("malformed-reply");
    expect(made).toHaveLength(calls);
  });
});

const user = { UserId: "u-1", UserName: "ann" };

describe("a field that is missing or of another type", () => {
  it.each<
    [(use: { reader: InstanceReader; directory: AwsDirectory }) => Promise<unknown>, readonly unknown[]]
  >([
    [
      ({ reader }) => reader.listUsers(),
      [
        {},
        { Users: null },
        { Users: "ann" },
        { Users: { 0: user } },
        { Users: 7 },
        { Users: [7] },
        { Users: [null] },
        { Users: [{}] },
        { Users: [{ ...user, UserId: {} }] },
        { Users: [{ ...user, UserName: 5 }] },
        { Users: [{ ...user, ExternalIds: 5 }] },
      ],
    ],
    [
      ({ reader }) => reader.listGroups(),
      [
        {},
        { Groups: [{ DisplayName: "a" }] },
        { Groups: [{ GroupId: "g", DisplayName: ["a"] }] },
        { Groups: [{ GroupId: "g", Description: {} }] },
      ],
    ],
    [
      ({ reader }) => reader.listGroupMemberships("g"),
      [
        {},
        { GroupMemberships: "x" },
        { GroupMemberships: [5] },
        { GroupMemberships: [{ MembershipId: "m", GroupId: "g" }] },
        { GroupMemberships: [{ MembershipId: "m", MemberId: { UserId: "u" } }] },
      ],
    ],
    [({ reader }) => reader.getUserId("ann"), [{}, { UserId: 5 }, { UserId: "" }]],
    [({ reader }) => reader.getGroupId("a"), [{}, { GroupId: [] }]],
    [({ reader }) => reader.getGroupMembershipId("g", "u"), [{}]],
    [
      ({ reader }) => reader.listPermissionSets(),
      [{ PermissionSets: [5] }, { PermissionSets: [{}] }, { PermissionSets: [""] }, { PermissionSets: "x" }],
    ],
    [
      ({ reader }) => reader.describePermissionSet(setArn),
      [
        {},
        { PermissionSet: {} },
        { PermissionSet: "x" },
        { PermissionSet: { Name: 5 } },
        { PermissionSet: { Name: "a", Description: {} } },
        { PermissionSet: { Name: "a", SessionDuration: 5 } },
        { PermissionSet: { Name: "a", RelayState: [] } },
        { PermissionSet: { Name: "a", CreatedDate: "yesterday" } },
      ],
    ],
    [
      ({ reader }) => reader.getInlinePolicy(setArn),
      [{ InlinePolicy: { Version: "2012-10-17" } }, { InlinePolicy: 5 }],
    ],
    [
      ({ reader }) => reader.listManagedPolicies(setArn),
      [{ AttachedManagedPolicies: [{}] }, { AttachedManagedPolicies: [{ Arn: 5 }] }],
    ],
    [
      ({ reader }) => reader.listCustomerManagedPolicies(setArn),
      [
        { CustomerManagedPolicyReferences: [{ Path: "/" }] },
        { CustomerManagedPolicyReferences: [{ Name: "a", Path: 5 }] },
      ],
    ],
    [
      ({ reader }) => reader.getPermissionsBoundary(setArn),
      [
        { PermissionsBoundary: { ManagedPolicyArn: 5 } },
        { PermissionsBoundary: { CustomerManagedPolicyReference: { Path: "/" } } },
      ],
    ],
    [
      ({ reader }) => reader.listTags(setArn),
      [{ Tags: [{ Value: "x" }] }, { Tags: [{ Key: "a", Value: {} }] }],
    ],
    [
      ({ reader }) => reader.listAccountsForProvisionedPermissionSet(setArn, null),
      [{ AccountIds: [5] }, { AccountIds: ["1/../2"] }],
    ],
    [
      ({ reader }) => reader.listPermissionSetsProvisionedToAccount("111111111111", null),
      [{ PermissionSets: [{}] }],
    ],
    [
      ({ reader }) => reader.listAccountAssignments("111111111111", setArn),
      [
        { AccountAssignments: [5] },
        { AccountAssignments: [{ PrincipalType: "USER" }] },
        { AccountAssignments: [{ PrincipalType: 5, PrincipalId: "u" }] },
        { AccountAssignments: [{ AccountId: "::error::", PrincipalType: "USER", PrincipalId: "u" }] },
      ],
    ],
    [
      ({ reader }) => reader.listRequests("provision", "FAILED", 3),
      [{ PermissionSetsProvisioningStatus: [{ Status: "FAILED" }] }],
    ],
    [
      ({ directory }) => directory.listInstances(),
      [
        { Instances: [{}] },
        { Instances: "x" },
        { Instances: [{ InstanceArn: "a", IdentityStoreId: "d", OwnerAccountId: "x" }] },
      ],
    ],
    [
      ({ directory }) => directory.organizations.listAccounts(),
      [
        { Accounts: [{ Name: "a" }] },
        { Accounts: [{ Id: 5 }] },
        { Accounts: [{ Id: "111111111111", Name: {} }] },
        { Accounts: [{ Id: "111111111111", Paths: [5] }] },
        { Accounts: [{ Id: "111111111111", Paths: "x" }] },
      ],
    ],
    [({ directory }) => directory.organizations.listRoots(), [{ Roots: [{ Name: "Root" }] }]],
    [
      ({ directory }) => directory.organizations.listTagsForResource("111111111111"),
      [{ Tags: [{ Key: 5, Value: "a" }] }],
    ],
  ])("%s", async (call, replies) => {
    for (const reply of replies) {
      const used = await open(json(reply));
      const error = await errorOf(call(used));
      expect([reply, error.code]).toEqual([reply, "malformed-reply"]);
    }
  });

  it("a type of principal that AWS may yet invent leaves that list unread, and no more", async () => {
    const { reader } = await open(
      json({ AccountAssignments: [{ PrincipalType: "ROBOT", PrincipalId: "r" }] }),
    );
    expect(await errorOf(reader.listAccountAssignments("111111111111", setArn))).toMatchObject({
      code: "aws-error",
      message: expect.stringContaining("ROBOT"),
    });
  });

  it("keys such as __proto__ are names like any other", async () => {
    const tags =
      '{"Tags":[{"Key":"__proto__","Value":"a"},{"Key":"constructor","Value":"b"}],"__proto__":{"NextToken":"x"}}';
    const { reader } = await open({ body: tags });
    expect(Object.entries(await reader.listTags(setArn))).toEqual([
      ["__proto__", "a"],
      ["constructor", "b"],
    ]);
  });
});
