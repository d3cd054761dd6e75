/** Nobody reads any more, or a file cannot be written: what was begun is carried through, and told as it is. */
import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { access, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cleanEnvironment, sandboxEnvironment, script } from "../support/reconcile.ts";
import { createWorld, type World } from "../support/world.ts";

const manifest = {
  version: 1,
  groups: { One: {}, Two: {} },
  permissionSets: { Reader: { managedPolicies: ["ReadOnlyAccess"] } },
  assignments: [
    { groups: ["One", "Two"], permissionSets: ["Reader"], accounts: ["111111111111", "222222222222"] },
  ],
};

let world: World;
const start = async (options: Parameters<typeof createWorld>[0] = {}): Promise<void> => {
  world = await createWorld(options);
  await world.write("access.yaml", manifest);
};
beforeEach(() => start());
afterEach(() => world.close());

const run = (...args: string[]) => world.run("apply", "--auto-approve", "--rps", "1000", ...args);
const exists = (path: string) =>
  access(join(world.folder, path)).then(
    () => true,
    () => false,
  );

/** Applies, and closes the reading end of both pipes as soon as anything is read from one. */
const applyUnread = (): Promise<number | null> => {
  const child = spawn(process.execPath, [script, "apply", "--auto-approve", "--rps", "1000"], {
    cwd: world.folder,
    env: { ...cleanEnvironment(), ...sandboxEnvironment(world.sandbox.url) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.once("data", () => {
      child.stdout.destroy();
      child.stderr.destroy();
    });
  }
  return new Promise((resolve) => child.on("exit", resolve));
};

describe("where nobody reads any more", () => {
  it("an apply is carried through", async () => {
    expect(await applyUnread()).toBe(0);
    expect(world.instance.assignments).toHaveLength(4);
    expect(await exists(".reconcile/journal.jsonl")).toBe(false);
  });

  it("its exit code says what became of it", async () => {
    await world.close();
    await start({ faults: "denied@AttachManagedPolicyToPermissionSet=1" });
    expect(await applyUnread()).toBe(6);
    expect(world.instance.groups.map(({ DisplayName }) => DisplayName)).toEqual(["One", "Two"]);
    expect(await exists(".reconcile/journal.jsonl")).toBe(false);
  });
});

describe("where a result can not be written", () => {
  it("that is said before anything is done", async () => {
    const { exitCode, stderr } = await run("--format", "json=nowhere/result.json");
    expect(exitCode).toBe(3);
    expect(stderr).toContain("cannot-write");
    expect(world.log).toEqual([]);
  });

  it.each([
    ["--audit", "same.jsonl", "--journal", "same.jsonl"],
    ["--format", "json=.reconcile/audit.jsonl"],
    ["--format", "json=access.yaml"],
  ])("and so where two options name one file: %s %s", async (...options) => {
    await writeFile(join(world.folder, "same.jsonl"), "");
    const { exitCode, stderr } = await run(...options);
    expect(exitCode).toBe(3);
    expect(stderr).toContain("error[same-file]");
    expect(world.log).toEqual([]);
  });

  it("but only in the end, the result is printed, and the exit code is no green one", async () => {
    await world.close();
    let folder = "";
    await start({
      log: (entry) => {
        if (entry.event === "request" && entry.operation === "CreatePermissionSet")
          mkdirSync(join(folder, "result.json"));
      },
    });
    ({ folder } = world);
    const { exitCode, stdout, stderr } = await run("--format", "text", "--format", "json=result.json");
    expect(exitCode).toBe(1);
    expect(stdout).toContain("Apply complete: 7 created, 0 updated, 0 deleted.");
    expect(stderr).toContain("error[cannot-write]: Cannot write result.json");
    expect(world.instance.assignments).toHaveLength(4);
  });
});

describe("the audit trail", () => {
  const lines = async (): Promise<string[]> =>
    (await readFile(join(world.folder, ".reconcile/audit.jsonl"), "utf8"))
      .split("\n")
      .filter((line) => line !== "");

  it("keeps its lines whole after one that a crash has cut", async () => {
    await world.write(".reconcile/audit.jsonl", '{"time":"2026');
    expect((await run()).exitCode).toBe(0);
    const [cut, ...whole] = await lines();
    expect(cut).toBe('{"time":"2026');
    expect(whole.map((line) => (JSON.parse(line) as { outcome: string }).outcome)).toEqual(
      Array(7).fill("done"),
    );
  });

  it("on a full disk is shown line by line in the output, and the journal stays", async () => {
    const { exitCode, stderr } = await run("--audit", "/dev/full");
    expect(exitCode).toBe(6);
    const done =
      world.instance.groups.length + world.instance.permissionSets.length + world.instance.assignments.length;
    const shown = stderr.split("\n").filter((line) => line.startsWith("  | {"));
    expect(done).toBeGreaterThan(0);
    expect(
      shown
        .map((line) => (JSON.parse(line.slice(4)) as { outcome: string }).outcome)
        .filter((outcome) => outcome === "done"),
    ).toHaveLength(done);
    expect(await exists(".reconcile/journal.jsonl")).toBe(true);
    expect((await run()).exitCode).toBe(0);
    expect(world.instance.assignments).toHaveLength(4);
    expect(await exists(".reconcile/journal.jsonl")).toBe(false);
  });

  it("is not written through a folder that is a link", async () => {
    await world.write("elsewhere/file", "");
    await symlink("elsewhere", join(world.folder, ".reconcile"));
    const { exitCode, stderr } = await run();
    expect(exitCode).toBe(3);
    expect(stderr).toContain("it is behind a symbolic link, .reconcile");
    expect(world.instance.groups).toEqual([]);
    expect(await exists("elsewhere/audit.jsonl")).toBe(false);
  });
});
