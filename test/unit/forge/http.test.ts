import { afterEach, beforeEach, expect, test } from "vitest";
import { createForgeHttp, type ForgeHttp, type ForgeHttpOptions } from "../../../src/forge/http.ts";
import { secret } from "../../../src/forge/secret.ts";
import { type Fault, type ForgeServer, page, startForgeServer } from "../../support/forge-server.ts";
import { badGateway, rateLimited, secondaryLimit } from "../../support/github-server.ts";
import { jumpingClock, noon, rejection } from "./support.ts";

const items = Array.from({ length: 250 }, (_, index) => ({ id: index + 1 }));
let server: ForgeServer;
let clock: ReturnType<typeof jumpingClock>;
let made = 0;

beforeEach(async () => {
  made = 0;
  clock = jumpingClock();
  server = await startForgeServer((call, url) => {
    if (call.method === "POST") made += 1;
    if (call.method === "DELETE") return { status: 204 };
    if (call.path === "/list") return page(items, call, url);
    return { status: 200, body: { ok: call.headers.authorization } };
  });
});

afterEach(() => server.close());

const open = (more: Partial<ForgeHttpOptions> = {}): ForgeHttp =>
  createForgeHttp({
    service: "GitHub",
    clock,
    baseUrl: server.url,
    token: secret("s3cret"),
    headers: {},
    ...more,
  });

/** These faults for the first requests, one each. */
const first = (...faults: readonly Fault[]): void => {
  const left = [...faults];
  server.faults.push(() => left.shift() ?? null);
};
const always = (fault: Fault): void => {
  server.faults.push(() => fault);
};

test("the token goes along", async () => {
  expect(await open().get("/thing")).toEqual({ ok: "Bearer s3cret" });
});

test("a list is read to its end, page by page", async () => {
  expect(await open().list("/list?per_page=100")).toEqual(items);
  expect(server.log).toHaveLength(3);
});

test("what has not changed is asked for with its ETag, and known already", async () => {
  const http = open();
  const seen: unknown[] = [];
  server.faults.push((call) => {
    seen.push(call.headers["if-none-match"]);
    return null;
  });
  const before = await http.get("/thing");
  expect(await http.get("/thing")).toEqual(before);
  expect(seen).toEqual([undefined, expect.stringMatching(/^W\//)]);
});

test.each([
  ["another host", '<https://evil.example/list?page=2>; rel="next"', /outside of its API/],
  ["no URL", '<http://>; rel="next"', /outside of its API/],
  ["itself", '</list?per_page=100>; rel="next"', /circle/],
])("a next page that leads to %s is refused", async (_, link, message) => {
  always({ status: 200, headers: { link }, body: [] });
  expect(await rejection(open().list("/list?per_page=100"))).toMatchObject({
    code: "forge-bad-reply",
    message: expect.stringMatching(message),
  });
  expect(server.log).toHaveLength(1);
});

test("a next page outside of the API's path is refused", async () => {
  always({ status: 200, headers: { link: "</elsewhere>; rel=next" }, body: [] });
  const error = await rejection(open({ baseUrl: `${server.url}/api/v3` }).list("/list"));
  expect(error).toMatchObject({
    code: "forge-bad-reply",
    message: expect.stringContaining("outside of its API"),
  });
});

test("pages without end are given up", async () => {
  let number = 1;
  server.faults.push(() => {
    number += 1;
    return { status: 200, headers: { link: `</list?page=${number}>; rel="next"` }, body: [] };
  });
  expect(await rejection(open().list("/list"))).toMatchObject({
    message: expect.stringContaining("300 pages"),
  });
});

test.each([
  ["a web page of the proxy", badGateway],
  ["an unavailable service", { status: 503, body: {} }],
  ["a cut connection", "cut"],
] as const)("%s is tried again with growing waits", async (_, fault) => {
  first(fault, fault, fault);
  expect(await open().get("/thing")).toEqual({ ok: "Bearer s3cret" });
  expect(clock.waits).toEqual([250, 500, 1000]);
});

test("Retry-After of a failure is kept, as seconds or as a date", async () => {
  const date = new Date(noon).toUTCString();
  first(
    { status: 503, headers: { "retry-after": "7" } },
    { status: 503, headers: { "retry-after": new Date(noon + 9000).toUTCString(), date } },
  );
  await open().get("/thing");
  expect(clock.waits).toEqual([7000, 9000]);
});

test("a used-up limit is waited for until it is reset, by the forge's own clock", async () => {
  const date = new Date(noon - 3_600_000);
  first(rateLimited(date.getTime() / 1000 + 30, date));
  await open().get("/thing");
  expect(clock.waits).toEqual([31_000]);
});

test("a limit that is reset too late is told instead", async () => {
  const date = new Date(noon);
  always(rateLimited(noon / 1000 + 1800, date));
  expect(await rejection(open().get("/thing"))).toMatchObject({
    code: "forge-rate-limit",
    hint: expect.stringContaining("in 31 min"),
  });
  expect(clock.waits).toEqual([]);
});

test("a secondary limit: as long as it says, else a minute", async () => {
  first(secondaryLimit(5), secondaryLimit(null));
  await open().get("/thing");
  expect(clock.waits[0]).toBe(5000);
  expect(clock.waits[1]).toBeGreaterThanOrEqual(60_000);
});

test("a limit by 429 is waited for as well, also by GitLab's names", async () => {
  const date = new Date(noon).toUTCString();
  first(
    { status: 429, headers: { "retry-after": "2" } },
    {
      status: 429,
      headers: { "ratelimit-remaining": "0", "ratelimit-reset": String(noon / 1000 + 4), date },
    },
  );
  await open().get("/thing");
  expect(clock.waits).toEqual([2000, 5000]);
});

test("a POST is not sent again when its reply is lost, and the error says that it may have happened", async () => {
  first("lost");
  expect(await rejection(open().send("POST", "/thing", {}))).toMatchObject({
    code: "forge-unreachable",
    uncertain: true,
  });
  expect(made).toBe(1);
});

test("nor when the server fails", async () => {
  first(badGateway);
  expect(await rejection(open().send("POST", "/thing", {}))).toMatchObject({
    code: "forge-unavailable",
    uncertain: true,
  });
});

test("but after a limit it is, because nothing happened", async () => {
  first(secondaryLimit(1));
  await open().send("POST", "/thing", {});
  expect(made).toBe(1);
});

test("PATCH and DELETE are sent again, and an empty reply is nothing", async () => {
  first("cut");
  expect(await open().send("DELETE", "/thing")).toBeNull();
});

test("attempts end", async () => {
  always(badGateway);
  expect(await rejection(open().get("/thing"))).toMatchObject({
    code: "forge-unavailable",
    uncertain: false,
  });
  expect(server.log).toHaveLength(6);
});

test("patience ends before attempts do", async () => {
  always({ status: 503, headers: { "retry-after": "50" } });
  await rejection(open({ patience: 120_000 }).get("/thing"));
  expect(clock.waits).toEqual([50_000, 50_000]);
});

test("a server that hangs is given up after the time limit", async () => {
  always("hang");
  const error = await rejection(open({ attemptTimeout: 20 }).send("POST", "/thing", {}));
  expect(error).toMatchObject({ code: "forge-unreachable", uncertain: true });
  expect(error.message).toContain("no reply within 0.02 s");
});

test("where no connection comes about, a POST is tried again, and the error is certain", async () => {
  const url = server.url;
  await server.close();
  const error = await rejection(open({ baseUrl: url }).send("POST", "/thing", {}));
  expect(error).toMatchObject({ uncertain: false, message: expect.stringContaining("ECONNREFUSED") });
  expect(clock.waits).toHaveLength(5);
});

test("an interrupt ends it at once, with its own reason", async () => {
  const controller = new AbortController();
  const reason = new Error("SIGINT");
  server.faults.push(() => {
    controller.abort(reason);
    return "hang";
  });
  await expect(open({ signal: controller.signal }).get("/thing")).rejects.toBe(reason);
  await expect(open({ signal: controller.signal }).get("/thing")).rejects.toBe(reason);
  expect(server.log).toHaveLength(1);
});

test.each([
  [401, "forge-unauthorized"],
  [403, "forge-forbidden"],
  [404, "forge-not-found"],
  [410, "forge-invalid"],
  [422, "forge-invalid"],
  [301, "forge-bad-reply"],
])("%i is not tried again", async (status, code) => {
  always({ status, headers: { location: "https://evil.example/" }, body: { message: "No." } });
  expect(await rejection(open().get("/thing"))).toMatchObject({
    code,
    message: `GitHub answered GET /thing with ${status}: No.`,
  });
  expect(server.log).toHaveLength(1);
});

test.each([
  [
    "details",
    { message: "Validation Failed", errors: [{ message: "too long" }, "and odd"] },
    "Validation Failed; too long; and odd",
  ],
  ["GitLab's objects", { message: { title: ["is too long"] } }, '{"title":["is too long"]}'],
  ["GitLab's errors", { error: "invalid_token" }, "invalid_token"],
  ["a web page", "<html><title>Sign\n in</title>", 'a web page, "Sign in"'],
  ["a web page without a title", "<html>", "a web page"],
  [
    "terminal codes and commands",
    { message: "\u001b[2J\n::set-output name=a::b" },
    "\\u001b[2J ::set-output name=a::b",
  ],
  ["an echo of the token", { message: "Bad header: Bearer s3cret" }, "Bad header: Bearer ***"],
])("the forge's own words: %s", async (_, body, words) => {
  always({ status: 400, body });
  expect((await rejection(open().get("/thing"))).message).toBe(
    `GitHub answered GET /thing with 400: ${words}`,
  );
});

test("they are cut", async () => {
  always({ status: 400, body: { message: "x".repeat(5000) } });
  expect(String((await rejection(open().get("/thing"))).message).length).toBeLessThan(300);
});

test("a web page where JSON should be, and something else where a list should be", async () => {
  first({ status: 200, body: "<html>" }, { status: 200, body: "fine" }, { status: 200, body: {} });
  const messages = [open().get("/a"), open().get("/b"), open().list("/c")].map(rejection);
  const all = (await Promise.all(messages)).map(({ code }) => code);
  expect(all).toEqual(["forge-bad-reply", "forge-bad-reply", "forge-bad-reply"]);
});

test("a query is sent again, but never to another host", async () => {
  first("cut");
  expect(await open().ask(`${server.url}/graphql`, {})).toEqual({ ok: "Bearer s3cret" });
  await expect(open().ask("https://evil.example/graphql", {})).rejects.toThrow(TypeError);
});
