import { expect, test } from "vitest";
import type { Progress } from "../../../src/model/progress.ts";
import { createProgressReporter } from "../../../src/report/progress.ts";

const record = (options: { isTTY: boolean; columns?: number; colour?: boolean }) => {
  const written: string[] = [];
  const clock = { time: 0 };
  const reporter = createProgressReporter({
    stream: {
      write: (text) => void written.push(text),
      isTTY: options.isTTY,
      columns: options.columns ?? 80,
    },
    now: () => clock.time,
    colour: options.colour ?? false,
  });
  const tell = (after: number, ...events: readonly Progress[]): void => {
    clock.time += after;
    for (const event of events) reporter.onProgress(event);
  };
  return { written, tell, finish: reporter.finish };
};

const reading: Progress = { type: "phase", name: "Reading" };
const applying: Progress = { type: "phase", name: "Applying", total: 3 };
const calls = (done: number, waiting = 0): Progress => ({ type: "calls", done, waiting });
const change = (
  address: string,
  status: "started" | "done" | "failed" | "skipped",
  detail?: string,
): Progress => ({
  type: "change",
  address,
  status,
  ...(detail === undefined ? {} : { detail }),
});
const clear = "\r\u001b[2K";

test("on a terminal one line moves, at most ten times a second", () => {
  const { written, tell, finish } = record({ isTTY: true });
  tell(0, reading);
  for (let done = 1; done <= 100; done += 1) tell(10, calls(done));
  expect(written).toHaveLength(11);
  expect(written.at(-1)).toBe(`${clear}Reading: 100 calls`);
  finish();
  expect(written.at(-1)).toBe(clear);
});

test("says how far it is, and what waits for the quota", () => {
  const { written, tell } = record({ isTTY: true });
  tell(0, reading);
  tell(
    100,
    { type: "expected-calls", part: "sets", expected: 200 },
    { type: "expected-calls", part: "members", expected: 100 },
  );
  tell(100, calls(120, 12));
  expect(written.at(-1)).toBe(`${clear}Reading: 120 of about 300 calls, 12 waiting for AWS's quota`);
  tell(100, calls(301));
  expect(written.at(-1)).toBe(`${clear}Reading: 301 calls`);
});

test("counts changes, and what is in flight", () => {
  const { written, tell } = record({ isTTY: true });
  tell(0, applying, calls(40));
  tell(100, change("group/A", "started"));
  tell(100, change("group/B", "started"));
  tell(100, change("group/A", "done"));
  expect(written.at(-1)).toBe(`${clear}Applying: 1 of 3 changes, 1 in flight`);
  tell(100, { type: "retry", what: "group/B", reason: "conflict" });
  expect(written.at(-1)).toBe(
    `${clear}Applying: 1 of 3 changes, 1 in flight, trying group/B again: conflict`,
  );
  tell(100, { type: "phase", name: "Verifying", total: 1 });
  expect(written.at(-1)).toBe(`${clear}Verifying: 40 calls`);
});

test("on a terminal failures stay, and successes do not", () => {
  const { written, tell } = record({ isTTY: true });
  tell(0, applying);
  tell(10, change("group/A", "done"));
  tell(10, change("group/B", "failed", "Not authorized"));
  expect(written).toEqual([
    `${clear}Applying: 0 calls`,
    clear,
    "  failed  group/B: Not authorized\n",
    `${clear}Applying: 2 of 3 changes`,
  ]);
});

test("a line never wraps, and nothing that it quotes can move the cursor", () => {
  const { written, tell } = record({ isTTY: true, columns: 20 });
  tell(0, { type: "phase", name: "A very long name of a phase" });
  expect(written).toEqual([`${clear}A very long name o…`]);
  tell(0, change("group/\u001b[2Jx", "failed", "line\nbreak"));
  expect(written).toContain("  failed  group/\\u001b[2Jx: line\\nbreak\n");
});

test("colours failures only where colour is wanted", () => {
  const { written, tell } = record({ isTTY: false, colour: true });
  tell(0, change("group/A", "failed"), change("group/B", "skipped"));
  expect(written).toEqual(["\u001b[31m  failed  group/A\u001b[39m\n", "  skipped group/B\n"]);
});

test("elsewhere a line for each phase and for whatever did not succeed", () => {
  const { written, tell, finish } = record({ isTTY: false });
  tell(0, reading, calls(1));
  tell(1000, applying, change("group/A", "started"), change("group/A", "done"));
  tell(1000, change("group/B", "skipped", "It needs group/C, which failed"));
  finish();
  expect(written).toEqual([
    "Reading ...\n",
    "Applying 3 changes ...\n",
    "  skipped group/B: It needs group/C, which failed\n",
  ]);
});

test("elsewhere calls are told every five seconds", () => {
  const { written, tell } = record({ isTTY: false });
  tell(0, reading);
  for (let done = 1; done <= 120; done += 1) tell(100, calls(done));
  expect(written).toEqual(["Reading ...\n", "  Reading: 50 calls\n", "  Reading: 100 calls\n"]);
});

test("elsewhere changes are counted every five seconds", () => {
  const { written, tell } = record({ isTTY: false });
  tell(0, { type: "phase", name: "Applying", total: 40 });
  for (let done = 1; done <= 30; done += 1) {
    tell(400, change(`group/${done}`, "started"), change(`group/${done}`, "done"));
  }
  expect(written).toEqual([
    "Applying 40 changes ...\n",
    "  Applying: 12 of 40 changes, 1 in flight\n",
    "  Applying: 25 of 40 changes, 1 in flight\n",
  ]);
});

test("before the first phase there is nothing to tell", () => {
  const { written, tell, finish } = record({ isTTY: true });
  tell(0, calls(1));
  finish();
  expect(written).toEqual([]);
});

test("goes on after something else was written", () => {
  const { written, tell, finish } = record({ isTTY: true });
  tell(0, reading);
  finish();
  tell(1, calls(1));
  expect(written).toEqual([`${clear}Reading: 0 calls`, clear, `${clear}Reading: 1 calls`]);
});

test("a call without an answer is told with a line that stays, on a terminal and elsewhere", () => {
  for (const isTTY of [true, false]) {
    const { written, tell } = record({ isTTY });
    tell(0, reading);
    tell(30_004, {
      type: "no-reply",
      call: "sso-admin ListPermissionSets",
      milliseconds: 30_004,
      attempt: 2,
      of: 4,
    });
    expect(written).toContain(
      "  no reply from sso-admin ListPermissionSets for 30 s, trying again (2 of 4)\n",
    );
  }
});
