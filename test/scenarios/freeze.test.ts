/**
 * Freeze windows, through the commands: what is planned before one is refused in it, what is planned in one is applied
 * after it, an override lets one run pass, and nothing but apply takes notice.
 */
import { readFileSync } from "node:fs";
import { Readable } from "node:stream";
import { afterEach, beforeEach, expect, it } from "vitest";
import { runInProcess } from "../support/in-process.ts";
import { createWorld, type World } from "../support/world.ts";

let world: World;
beforeEach(async () => {
  world = await createWorld();
  await world.write("access.yaml", {
    version: 1,
    groups: { Team: {} },
    guards: {
      freeze: [
        {
          name: "quarter-end",
          reason: "the books are closed",
          from: "2026-11-24T12:00:00+01:00",
          to: "2026-11-24T13:00:00Z",
        },
      ],
    },
  });
});
afterEach(() => world.close());

const before = Date.parse("2026-11-24T10:59:59.999Z");
const begin = Date.parse("2026-11-24T11:00:00Z");
const inside = Date.parse("2026-11-24T12:30:00Z");
const last = Date.parse("2026-11-24T12:59:59.999Z");
const end = Date.parse("2026-11-24T13:00:00Z");
const option = "freeze=quarter-end:2026-11-24T13:00:00Z";

const at = (time: number, ...args: string[]) =>
  runInProcess([...args, "--rps", "1000"], {
    cwd: world.folder,
    url: world.sandbox.url,
    longestSleep: 5,
    now: () => time,
  });
const groups = () => world.instance.groups.map(({ DisplayName }) => DisplayName);

it("a plan from before the window is refused in it, and is applied with the override or when it has ended", async () => {
  expect((await at(before, "plan", "--out", "plan.json")).stdout).not.toContain("freeze");
  for (const time of [begin, last]) {
    const refused = await at(time, "apply", "--plan", "plan.json");
    expect(refused.exitCode).toBe(4);
    expect(refused.stdout).toContain("refused now, by guard freeze");
    expect(refused.stdout.replace(/\s+/g, " ")).toContain(
      "until 2026-11-24T13:00:00Z, in freeze window quarter-end (the books are closed)",
    );
    expect(refused.stdout).toContain(`--allow ${option}`);
    expect(groups()).toEqual([]);
  }
  expect((await at(inside, "apply", "--plan", "plan.json", "--allow", option)).exitCode).toBe(0);
  expect(groups()).toEqual(["Team"]);
  expect(readFileSync(`${world.folder}/.reconcile/audit.jsonl`, "utf8")).toContain(option);
});

it("a plan from the window tells it, is no failure, and is applied when the window has ended", async () => {
  const planned = await at(inside, "plan", "--out", "plan.json", "--format", "json");
  expect(planned.exitCode).toBe(0);
  const { guards, digest } = JSON.parse(planned.stdout);
  expect(guards).toMatchObject([{ guard: "freeze", verdict: "refused-now" }]);
  expect(JSON.parse((await at(before, "plan", "--format", "json")).stdout).digest).toBe(digest);
  expect((await at(inside, "apply", "--expect", digest)).exitCode).toBe(4);
  expect((await at(end, "apply", "--plan", "plan.json")).exitCode).toBe(0);
  expect(groups()).toEqual(["Team"]);
});

it("another window's override, or an earlier one's, lets nothing pass", async () => {
  for (const other of ["freeze=other:2026-11-24T13:00:00Z", "freeze=quarter-end:2026-11-23T13:00:00Z"]) {
    const { exitCode } = await at(inside, "apply", "--auto-approve", "--allow", other);
    expect(exitCode).toBe(4);
  }
  expect(groups()).toEqual([]);
});

it("what begins while somebody is asked is refused", async () => {
  let time = before;
  const terminal = Readable.from(
    (async function* () {
      time = begin;
      yield "yes\n";
    })(),
  );
  const { exitCode, stdout } = await runInProcess(["apply", "--rps", "1000"], {
    cwd: world.folder,
    url: world.sandbox.url,
    longestSleep: 5,
    now: () => time,
    terminal,
  });
  expect(stdout).toContain(`--allow ${option}`);
  expect(exitCode).toBe(4);
  expect(groups()).toEqual([]);
});

it("drift goes on as ever", async () => {
  const inIt = await at(inside, "drift");
  expect(inIt.stdout + inIt.stderr).not.toMatch(/freeze|quarter-end/);
  expect(inIt.exitCode).toBe(2);
  expect((await at(end, "apply", "--auto-approve")).exitCode).toBe(0);
  expect((await at(inside, "drift")).exitCode).toBe(0);
  expect((await at(inside, "apply", "--auto-approve")).exitCode).toBe(0);
});
