import { afterEach, beforeEach, expect, test } from "vitest";
import { secret } from "../../../src/forge/secret.ts";
import { postWebhook } from "../../../src/forge/webhook.ts";
import { type ForgeServer, startForgeServer } from "../../support/forge-server.ts";
import { jumpingClock, rejection } from "./support.ts";

let server: ForgeServer;
const taken: unknown[] = [];

beforeEach(async () => {
  taken.length = 0;
  server = await startForgeServer((call) => {
    taken.push(call.body);
    return { status: 200, body: "ok" };
  });
});

afterEach(() => server.close());

const hook = () => secret(`${server.url}/services/T0/B0/s3cret`);
const post = (clock = jumpingClock()) => postWebhook(hook(), { text: "2 changed", drift: true }, { clock });

test("posts JSON with a text; the reply need not be JSON", async () => {
  await post();
  expect(taken).toEqual([{ text: "2 changed", drift: true }]);
});

test("tried again when the receiver fails, is busy or does not answer", async () => {
  const faults = [{ status: 503 }, { status: 429, headers: { "retry-after": "3" } }, "cut"] as const;
  let at = 0;
  server.faults.push(() => faults[at++] ?? null);
  const clock = jumpingClock();
  await post(clock);
  expect(taken).toHaveLength(1);
  expect(clock.waits).toEqual([250, 3000, 1000]);
});

test.each([
  ["refuses", { status: 404, body: "no_service" }, "forge-invalid"],
  ["fails", { status: 500 }, "forge-unavailable"],
  ["is busy for long", { status: 429, headers: { "retry-after": "600" } }, "forge-unavailable"],
  ["redirects", { status: 302, headers: { location: "https://evil.example" } }, "forge-invalid"],
  ["is cut off", "cut", "forge-unreachable"],
] as const)("a receiver that %s is an error that does not show the URL", async (_, fault, code) => {
  server.faults.push(() => fault);
  const error = await rejection(post());
  expect(error.code).toBe(code);
  expect(JSON.stringify(error)).not.toMatch(/s3cret|127\.0\.0\.1/);
});

test("a receiver that hangs is given up", async () => {
  server.faults.push(() => "hang");
  const error = await rejection(
    postWebhook(hook(), { text: "" }, { clock: jumpingClock(), attemptTimeout: 5 }),
  );
  expect(error.code).toBe("forge-unreachable");
});

test.each(["http://hooks.example/s3cret", "https://user:s3cret@hooks.example/", "file:///s3cret", "s3cret"])(
  "only https, or this machine: %s",
  async (url) => {
    const error = await rejection(postWebhook(secret(url), { text: "" }, { clock: jumpingClock() }));
    expect(error.code).toBe("webhook-url");
    expect(JSON.stringify(error)).not.toContain("s3cret");
  },
);
