import { PassThrough } from "node:stream";
import { Command } from "commander";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { CommandContext, Output } from "../../../src/commands/context.ts";
import { defineUnlock } from "../../../src/commands/unlock.ts";
import { acquireLock } from "../../../src/lock/acquire.ts";
import type { HeldLock } from "../../../src/lock/hold.ts";
import type { LockStore } from "../../../src/lock/store.ts";
import { AwsError } from "../../../src/model/errors.ts";
import { createFakeTime, type FakeTime } from "./support/fake-time.ts";
import { options } from "./support/options.ts";
import { s3Place } from "./support/stores.ts";

let time: FakeTime;
let place: Awaited<ReturnType<typeof s3Place>>;
let store: LockStore;
let held: HeldLock;

beforeEach(async () => {
  time = createFakeTime();
  place = await s3Place(time.now);
  store = await place.open(time.machine(1));
  held = await acquireLock(store, options({ owner: "jane\u001b[31m" }));
});

afterEach(async () => {
  await held.release();
  store.close();
  await place.close();
  vi.unstubAllEnvs();
});

interface Terminal {
  readonly answer?: string;
  readonly interrupted?: boolean;
  readonly whileAsking?: () => Promise<void>;
}

/** Runs the command; `terminal` is what the person at it does, undefined is no terminal. */
const run = async (args: readonly string[], terminal?: Terminal) => {
  const written = { stdout: "", stderr: "" };
  const output = (name: "stdout" | "stderr"): Output => ({
    write: (text) => {
      written[name] += text;
    },
    writeExactly: (text) => {
      written[name] += text;
    },
    isTTY: terminal !== undefined,
    columns: 100,
    colour: false,
  });
  const stdin = Object.assign(new PassThrough(), { isTTY: terminal !== undefined });
  const interrupt = new AbortController();
  const act = async ({ answer = "", interrupted, whileAsking }: Terminal): Promise<void> => {
    await whileAsking?.();
    if (interrupted === true) interrupt.abort(new Error("SIGINT"));
    else stdin.end(`${answer}\n`);
  };
  const context: CommandContext = {
    ...time.machine(2),
    cwd: "/",
    env: {},
    stdin,
    stdout: output("stdout"),
    stderr: {
      ...output("stderr"),
      write: (text) => {
        written.stderr += text;
        if (!text.includes("Type yes")) return;
        if (terminal !== undefined) void act(terminal);
      },
    },
    signal: interrupt.signal,
    self: ["node", "reconcile"],
    version: "0.0.0",
  };
  let exitCode: number | undefined;
  const command = new Command("unlock").exitOverride();
  defineUnlock(command, context, (code) => {
    exitCode = code;
  });
  const error: unknown = await command
    .parseAsync(args, { from: "user" })
    .then(() => undefined)
    .catch((e: unknown) => e);
  return { ...written, exitCode, error };
};

const state = async () => (await store.read())?.record.state;

it("shows the holder, and takes the lock from it after a yes", async () => {
  const { exitCode, stdout, stderr } = await run([place.url], { answer: "yes" });
  expect(exitCode).toBe(0);
  expect(stdout).toContain(`${place.url} is held\n  owner  jane\\u001b[31m on runner-1\n`);
  expect(stdout).toContain("The run may still be at work");
  expect(stdout).toContain(`Unlocked ${place.url}.\n`);
  expect(stderr).toContain("Type yes to take the lock");
  expect(await state()).toBe("released");
});

it.each(["y", "no", ""])("leaves the lock after %j", async (answer) => {
  const { exitCode, stderr } = await run([place.url], { answer });
  expect(exitCode).toBe(4);
  expect(stderr).toContain("Not confirmed");
  expect(await state()).toBe("held");
});

it("leaves the lock where it is interrupted", async () => {
  const { exitCode } = await run([place.url], { interrupted: true });
  expect(exitCode).toBe(130);
  expect(await state()).toBe("held");
});

it("asks nobody where there is no terminal, and says how to go on", async () => {
  const { error } = await run([place.url]);
  expect(error).toMatchObject({
    code: "no-confirmation",
    hint: expect.stringContaining(`--force-unlock ${held.record.id}`),
  });
  expect(await state()).toBe("held");
});

it("takes the lock by its id without a terminal", async () => {
  const { exitCode } = await run([place.url, "--force-unlock", held.record.id]);
  expect(exitCode).toBe(0);
  expect(await state()).toBe("released");
});

it("refuses another id", async () => {
  const { error } = await run([place.url, "--force-unlock", "0123456789abcdef"], { answer: "yes" });
  expect(error).toMatchObject({ code: "lock-id-mismatch" });
  expect(await state()).toBe("held");
});

it("says where the lease has run out", async () => {
  time.suspend(120_000);
  const { stdout } = await run([place.url], { answer: "yes" });
  expect(stdout).toContain("Its lease has run out");
});

it("says where nobody holds it", async () => {
  await held.release();
  expect(await run([place.url])).toMatchObject({ exitCode: 0, stdout: `Nobody holds ${place.url}.\n` });
  expect(await run(["s3://locks/never-used.lock"])).toMatchObject({ exitCode: 0 });
});

it("leaves the lock to the run that came after the one it asked about", async () => {
  let next: HeldLock | undefined;
  const whileAsking = async (): Promise<void> => {
    await held.release();
    next = await acquireLock(store, options({ owner: "john" }));
  };
  const { exitCode, stdout } = await run([place.url], { answer: "yes", whileAsking });
  expect(exitCode).toBe(0);
  expect(stdout).toContain("That run no longer holds");
  expect((await store.read())?.record).toMatchObject({ state: "held", owner: "john" });
  await next?.release();
});

it("refuses what is no place for a lock, and fails where the store does", async () => {
  expect((await run(["here"])).error).toMatchObject({ code: "invalid-lock" });
  place.server.faults.push({ method: "GET", kind: "error", status: 403, code: "AccessDenied" });
  expect((await run([place.url])).error).toBeInstanceOf(AwsError);
});
