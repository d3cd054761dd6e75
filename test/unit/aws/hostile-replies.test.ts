/**
 * What answers in the place of AWS, over the wire to the real SDK: it ends in an error that says so, and never in a list
 * that is shorter.
 */
import { describe, expect, it } from "vitest";
import type { HostileReply } from "../../support/hostile-proxy.ts";
import { errorOf, json, useHostileAws } from "./support/hostile-aws.ts";

const open = useHostileAws();

const page = "<html><title>\u001b[31mSign in</title>\n::error::gone</html>";
const html = { "content-type": "text/html" };

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
