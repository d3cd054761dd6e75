/**
 * kill -9 at any request, then the same command again: it picks up what is in flight, repeats nothing that is done, and
 * the instance ends as the manifest says. The built command, real signals, and the sandbox in this process: it counts
 * the requests and pulls the plug.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import type { LogEntry } from "../../src/sandbox/log.ts";
import {
  auditLines,
  type ChangedEstate,
  changeEstate,
  isWritten,
  openBefore,
  type WriteEntry,
} from "../support/changed-estate.ts";
import { holdings } from "../support/estate.ts";
import { type Running, sandboxEnvironment, startReconcile } from "../support/reconcile.ts";
import { repeatedRequests } from "../support/repeated-requests.ts";
import type { World } from "../support/world.ts";

let change: ChangedEstate;
beforeAll(async () => {
  change = await changeEstate();
}, 120_000);

let world: World;
afterEach(() => world?.close());

const start = (...args: readonly string[]): Running =>
  startReconcile(["apply", "after.yaml", "--auto-approve", "--rps", "500", ...args], {
    cwd: world.folder,
    env: sandboxEnvironment(world.sandbox.url),
  });
/** Its log grows while the test goes on. */
const open = async (options: Parameters<typeof openBefore>[1] = {}): Promise<World["log"]> => {
  world = await openBefore(change, options);
  return world.log;
};

describe("killed", () => {
  it.each([0.02, 0.25, 0.5, 0.75, 0.97])("after %f of the writes", async (part) => {
    let victim: Running | undefined;
    const at = Math.max(1, Math.round(part * change.writes.length));
    const log = await open({
      faults: "async-time=400ms",
      onWrite: (count) => {
        if (count === at) victim?.kill("SIGKILL");
      },
    });
    victim = start();
    expect((await victim.ended).exitCode).toBeNull();
    const journal = join(world.folder, ".reconcile/journal.jsonl");
    expect(existsSync(journal)).toBe(true);

    const again = await start().ended;
    expect(again.stderr).toContain("An earlier apply broke off");
    expect(again.exitCode).toBe(0);
    expect(holdings(world)).toEqual(change.wanted);
    expect(existsSync(journal)).toBe(false);

    // Nothing was made or deleted twice, and no request was repeated whose target was already as it should be.
    expect(counted(log.filter(isWritten).filter(isCreation))).toEqual(
      counted(change.writes.filter(isCreation)),
    );
    expect(repeatedRequests(world.instance.requests)).toEqual([]);
    expect(unaudited(log)).toEqual([]);

    const quiet = log.length;
    const third = await start().ended;
    expect(third.exitCode).toBe(0);
    expect(third.stderr).not.toContain("broke off");
    expect(log.slice(quiet).filter(isWritten)).toEqual([]);
  });
});

it("killed between the audit line of a change and the journal's word of it: there is one line, and it stays", async () => {
  const part = 0.5;
  let victim: Running | undefined;
  await open({
    onWrite: (count) => {
      if (count === Math.round(part * change.writes.length)) victim?.kill("SIGKILL");
    },
  });
  victim = start();
  await victim.ended;
  const journal = join(world.folder, ".reconcile/journal.jsonl");
  const before = auditLines(world);
  const last = before.findLast(({ outcome }) => outcome === "done");
  if (last === undefined) throw new Error("Nothing was done.");
  const entries = readFileSync(journal, "utf8").trimEnd().split("\n");
  const isItsEnd = (entry: string): boolean => {
    const { event, address } = JSON.parse(entry) as { readonly event: string; readonly address?: string };
    return event === "change" && address === last.address;
  };
  writeFileSync(journal, `${entries.filter((entry) => !isItsEnd(entry)).join("\n")}\n`);

  const again = await start().ended;
  expect(again.exitCode).toBe(0);
  const ofFirst = auditLines(world).filter(({ planDigest }) => planDigest === last.planDigest);
  expect(ofFirst.filter(({ address }) => address === last.address)).toEqual([last]);
  const done = before.filter(({ outcome }) => outcome === "done").length;
  expect(again.stderr).toContain(`${done} changes were done.`);
  expect(holdings(world)).toEqual(change.wanted);
});

describe("the journal", () => {
  const killed = async (): Promise<string> => {
    let victim: Running | undefined;
    await open({
      faults: "async-time=400ms",
      onWrite: () => {
        if (world.instance.requests.some(({ Status }) => Status === "IN_PROGRESS")) victim?.kill("SIGKILL");
      },
    });
    victim = start();
    await victim.ended;
    return join(world.folder, ".reconcile/journal.jsonl");
  };

  it("names every request with its target, and no attribute of anybody", async () => {
    const text = readFileSync(await killed(), "utf8");
    const lines = text
      .trimEnd()
      .split("\n")
      .map((line): unknown => JSON.parse(line));
    expect(lines[0]).toMatchObject({
      event: "begin",
      formatVersion: 1,
      instanceArn: world.instance.InstanceArn,
    });
    const request = lines.find((line) => (line as { event: string }).event === "request");
    if (request !== undefined) {
      expect(request).toMatchObject({
        requestId: expect.any(String),
        target: { permissionSet: expect.any(String), permissionSetArn: expect.stringContaining("arn:") },
      });
    }
    expect(text).not.toContain("Doe");
    expect(text).not.toContain("s3:");
  });

  it("is read up to a line that the crash has cut", async () => {
    const file = await killed();
    writeFileSync(file, `${readFileSync(file, "utf8")}{"time":"2026-01-01T00:00:00Z","event":"requ`);
    expect((await start().ended).exitCode).toBe(0);
    expect(holdings(world)).toEqual(change.wanted);
  });

  it("is refused where it is damaged, with the line, and nothing is changed", async () => {
    const file = await killed();
    const lines = readFileSync(file, "utf8").split("\n");
    writeFileSync(file, [lines[0], "not JSON", ...lines.slice(1)].join("\n"));
    const writesBefore = world.instance.requests.length;
    const run = await start().ended;
    expect(run.exitCode).toBe(3);
    expect(run.stderr).toContain(
      "error[journal-damaged]: .reconcile/journal.jsonl:2: The journal cannot be read: it is not JSON",
    );
    expect(world.instance.requests).toHaveLength(writesBefore);
  });

  it("of another instance is refused; a journal of its own helps", async () => {
    const file = await killed();
    const other = readFileSync(file, "utf8").replaceAll(
      world.instance.InstanceArn,
      "arn:aws:sso:::instance/ssoins-other",
    );
    writeFileSync(file, other);
    const run = await start().ended;
    expect(run.exitCode).toBe(3);
    expect(run.stderr).toContain("error[journal-of-another-instance]");
    expect(run.stderr).toContain("--journal FILE");
    expect((await start("--journal", "own.jsonl").ended).exitCode).toBe(0);
    expect(holdings(world)).toEqual(change.wanted);
    expect(readFileSync(file, "utf8")).toBe(other);
  });

  it("with requests that AWS no longer knows is no obstacle: what stands there counts", async () => {
    await killed();
    world.instance.requests.length = 0;
    const run = await start().ended;
    expect(run.exitCode).toBe(0);
    expect(holdings(world)).toEqual(change.wanted);
  });

  it("that cannot be written stops everything before it begins", async () => {
    const log = await open();
    await world.write("file", "not a folder");
    const run = await start("--journal", "file/journal.jsonl").ended;
    expect(run.exitCode).not.toBe(0);
    expect(run.stderr).toContain("journal");
    expect(log.filter(isWritten)).toEqual([]);
  });
});

const isCreation = ({ operation }: WriteEntry): boolean => /^(Create|Delete)/.test(operation);

const counted = (entries: readonly WriteEntry[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { operation } of entries) counts[operation] = (counts[operation] ?? 0) + 1;
  return counts;
};

/** Requests that AWS took and that the audit trail does not account for. Killed before it had the id, it has the call. */
const unaudited = (log: readonly LogEntry[]): readonly string[] => {
  const lines = auditLines(world);
  const ids = new Set(lines.flatMap(({ requestIds }) => requestIds));
  const broken = lines.filter(({ outcome }) => outcome === "broken-off");
  return log.filter(isWritten).flatMap(({ requestId, accountId, operation }) => {
    if (requestId === undefined || ids.has(requestId)) return [];
    const call = `${operation.charAt(0).toLowerCase()}${operation.slice(1)} (its answer is not known)`;
    const isKnown = broken.some(
      ({ address, detail }) =>
        detail?.includes(call) === true &&
        (address.includes(`/${accountId}/`) || operation.startsWith("Provision")),
    );
    return isKnown ? [] : [`${operation} ${requestId}`];
  });
};
