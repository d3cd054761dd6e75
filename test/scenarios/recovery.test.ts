/**
 * kill -9 at any request, then the same command again: it picks up what is in flight, repeats nothing that is done, and
 * the instance ends as the manifest says. The built command, real signals, and the sandbox in this process: it counts
 * the requests and pulls the plug.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { noFaults } from "../../src/sandbox/faults.ts";
import type { LogEntry } from "../../src/sandbox/log.ts";
import type { SandboxOptions } from "../../src/sandbox/server.ts";
import type { SandboxState, StoredRequest } from "../../src/sandbox/state.ts";
import { estate, holdings } from "../support/estate.ts";
import { runInProcess } from "../support/in-process.ts";
import { type Run, type Running, sandboxEnvironment, startReconcile } from "../support/reconcile.ts";
import { createWorld, type World } from "../support/world.ts";

let before: SandboxState;
let wanted: ReturnType<typeof holdings>;
let creations: Readonly<Record<string, number>>;
let writes: number;

beforeAll(async () => {
  world = await createWorld();
  await world.write("before.yaml", estate.before);
  await world.write("after.yaml", estate.after);
  const apply = async (manifest: string) => {
    const run = await runInProcess(["apply", manifest, "--auto-approve", "--rps", "500"], {
      cwd: world.folder,
      url: world.sandbox.url,
    });
    expect(run).toMatchObject({ exitCode: 0 });
  };
  await apply("before.yaml");
  before = structuredClone(world.state);
  for (const instance of before.instances) instance.requests = [];
  const start = world.log.length;
  await apply("after.yaml");
  wanted = holdings(world);
  const done = world.log.slice(start).filter(isWritten);
  creations = counted(done.filter(({ operation }) => /^(Create|Delete)/.test(operation)));
  writes = done.length;
  await world.close();
}, 60_000);

let world: World;
afterEach(() => world?.close());

const start = (...args: readonly string[]): Running =>
  startReconcile(["apply", "after.yaml", "--auto-approve", "--rps", "500", ...args], {
    cwd: world.folder,
    env: sandboxEnvironment(world.sandbox.url),
  });

/** A world in the middle of things: `onWrite` is called at each write that has taken effect. */
const open = async (options: SandboxOptions & { readonly onWrite?: (count: number) => void } = {}) => {
  const log: LogEntry[] = [];
  let count = 0;
  world = await createWorld({
    seed: before,
    ...options,
    log: (entry) => {
      log.push(entry);
      if (isWritten(entry)) options.onWrite?.((count += 1));
    },
  });
  await world.write("after.yaml", estate.after);
  return log;
};

describe("killed", () => {
  it.each([0.02, 0.25, 0.5, 0.75, 0.97])("after %f of the writes", async (part) => {
    let victim: Running | undefined;
    const at = Math.max(1, Math.round(part * writes));
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
    expect(holdings(world)).toEqual(wanted);
    expect(existsSync(journal)).toBe(false);

    // Nothing was made or deleted twice, and no request was repeated whose target was already as it should be.
    expect(
      counted(log.filter(isWritten).filter(({ operation }) => /^(Create|Delete)/.test(operation))),
    ).toEqual(creations);
    expect(repeatedAfterSuccess(world.instance.requests)).toEqual([]);
    expect(unaudited(log)).toEqual([]);

    const quiet = log.length;
    const third = await start().ended;
    expect(third.exitCode).toBe(0);
    expect(third.stderr).not.toContain("broke off");
    expect(log.slice(quiet).filter(isWritten)).toEqual([]);
  });
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
    expect(holdings(world)).toEqual(wanted);
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
    expect(holdings(world)).toEqual(wanted);
    expect(readFileSync(file, "utf8")).toBe(other);
  });

  it("with requests that AWS no longer knows is no obstacle: what stands there counts", async () => {
    await killed();
    world.instance.requests.length = 0;
    const run = await start().ended;
    expect(run.exitCode).toBe(0);
    expect(holdings(world)).toEqual(wanted);
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

describe("a signal", () => {
  it.each(["SIGINT", "SIGTERM"] as const)(
    "%s: what is under way ends, what is left is told",
    async (signal) => {
      const faults = slow(1000);
      let victim: Running | undefined;
      await open({
        faults,
        onWrite: () => {
          if (!world.instance.requests.some(({ kind }) => kind === "create-assignment")) return;
          victim?.kill(signal);
          // A second one would stop at once.
          victim = undefined;
        },
      });
      victim = start();
      const run = await victim.ended;
      expect(run.exitCode).toBe(130);
      expect(run.stderr).toContain("Stopping: nothing new is started, what is under way is awaited.");
      expect(run.stdout).toMatch(/· not started +\S+\//);
      expect(run.stdout).toMatch(/^Apply interrupted: \d+ done, \d+ failed, \d+ not attempted\./m);
      expect(world.instance.requests.filter(({ Status }) => Status === "IN_PROGRESS")).toEqual([]);
      expect(existsSync(join(world.folder, ".reconcile/journal.jsonl"))).toBe(false);
      const [, done, failed] = /interrupted: (\d+) done, (\d+) failed/.exec(run.stdout) ?? [];
      expect(auditLines()).toHaveLength(Number(done) + Number(failed));

      faults.asyncMilliseconds = 10;
      expect((await start().ended).exitCode).toBe(0);
      expect(holdings(world)).toEqual(wanted);
    },
  );

  it("a second one stops at once, and the next apply picks up what was in flight", async () => {
    let victim: Running | undefined;
    const faults = slow(2000);
    await open({
      faults,
      onWrite: () => {
        if (world.instance.requests.length === 0) return;
        victim?.kill("SIGINT");
        victim = undefined;
      },
    });
    const running = start();
    victim = running;
    await running.says("Stopping:");
    running.kill("SIGINT");
    expect((await running.ended).exitCode).toBe(130);
    expect(world.instance.requests.some(({ Status }) => Status === "IN_PROGRESS")).toBe(true);

    faults.asyncMilliseconds = 10;
    const again = await start().ended;
    expect(again.exitCode).toBe(0);
    expect(again.stderr).toMatch(/Requests in flight: \d+ succeeded\./);
    expect(repeatedAfterSuccess(world.instance.requests)).toEqual([]);
    expect(holdings(world)).toEqual(wanted);
  });

  it("while only reading goes on: nothing was changed, and it says so at once", async () => {
    const log = await open({ faults: "hang@ListGroups=1" });
    const victim = start();
    await victim.says("Reading Identity Center");
    victim.kill("SIGINT");
    const run: Run = await victim.ended;
    expect(run.exitCode).toBe(130);
    expect(run.stderr).toContain("Nothing was changed");
    expect(log.filter(isWritten)).toEqual([]);
  });
});

/** Asynchronous work that takes so many milliseconds, until the test sets another time. */
const slow = (asyncMilliseconds: number) => ({ ...noFaults, asyncMilliseconds });

type RequestEntry = Extract<LogEntry, { event: "request" }>;

/** lost-reply: done all the same. */
const isWritten = (entry: LogEntry): entry is RequestEntry =>
  entry.event === "request" &&
  !/^(List|Describe|Get|Is)/.test(entry.operation) &&
  (entry.outcome === "ok" || entry.outcome === "lost-reply");

const counted = (entries: readonly RequestEntry[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { operation } of entries) counts[operation] = (counts[operation] ?? 0) + 1;
  return counts;
};

const repeatedAfterSuccess = (requests: readonly StoredRequest[]): readonly string[] => {
  const succeeded = new Set<string>();
  return requests.flatMap(({ kind, AccountId, PermissionSetArn, PrincipalId, Status }) => {
    const target = [kind, AccountId, PermissionSetArn, PrincipalId].join(" ");
    const isRepeated = kind !== "provision" && succeeded.has(target);
    if (Status === "SUCCEEDED") succeeded.add(target);
    return isRepeated ? [target] : [];
  });
};

interface AuditLine {
  readonly address: string;
  readonly outcome: string;
  readonly requestIds: readonly string[];
  readonly detail?: string;
}

const auditLines = (): readonly AuditLine[] =>
  readFileSync(join(world.folder, ".reconcile/audit.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line): AuditLine => JSON.parse(line));

/** Requests that AWS took and that the audit trail does not account for. Killed before it had the id, it has the call. */
const unaudited = (log: readonly LogEntry[]): readonly string[] => {
  const lines = auditLines();
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
