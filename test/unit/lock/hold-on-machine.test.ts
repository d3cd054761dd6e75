import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { holdOnMachine, type MachineHold } from "../../../src/lock/hold-on-machine.ts";
import { root } from "../../support/reconcile.ts";

let folder: string;
let held: MachineHold[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hold-"));
  held = [];
  // Where sockets are files, they are here.
  vi.stubEnv("TMPDIR", folder);
});
afterEach(async () => {
  for (const each of held) if ("release" in each) each.release();
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

const hold = async (path: string, platform?: NodeJS.Platform): Promise<MachineHold> => {
  const answer = await holdOnMachine(join(folder, path), platform);
  held.push(answer);
  return answer;
};
const release = (answer: MachineHold): void => {
  if ("release" in answer) answer.release();
};
const isHeldByUs = { heldBy: String(process.pid) };
const isOurs = { release: expect.any(Function) };

/** Holds the file in a process of its own, which ends when it is killed. */
const holdElsewhere = async (path: string, platform: string) => {
  const { outputFiles } = await build({
    stdin: {
      contents: `import { holdOnMachine } from "./src/lock/hold-on-machine.ts";
        await holdOnMachine(process.argv[1], process.argv[2]);
        console.log("held");
        setInterval(() => {}, 1 << 30);`,
      resolveDir: root,
    },
    bundle: true,
    platform: "node",
    format: "esm",
    write: false,
  });
  const script = outputFiles[0]?.text ?? "";
  const child = spawn(
    process.execPath,
    ["--input-type=module", "--eval", script, join(folder, path), platform],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  await once(child.stdout, "data");
  return child;
};

// What is tested as macOS here is a socket that is a file, as it is there.
describe.each(["linux", "darwin"] as const)("on %s", (platform) => {
  it("lets one in at a time, and says which process has it", async () => {
    const first = await hold("a/journal", platform);
    expect(first).toEqual(isOurs);
    expect(await hold("a/journal", platform)).toEqual(isHeldByUs);
    expect(await hold("a/other", platform)).toEqual(isOurs);
    expect(await hold("b/journal", platform)).toEqual(isOurs);
    release(first);
    expect(await hold("a/journal", platform)).toEqual(isOurs);
  });

  it("lets in one of many that come at once", async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => hold("journal", platform)));
    expect(all.filter((answer) => "release" in answer)).toHaveLength(1);
  });

  it("knows the file by every way to it, and not by the way alone", async () => {
    await hold("a/journal", platform);
    await symlink(join(folder, "a"), join(folder, "link"));
    expect(await hold("link/journal", platform)).toEqual(isHeldByUs);
    // As in two containers: another folder in the same place.
    await rename(join(folder, "a"), join(folder, "moved"));
    expect(await hold("a/journal", platform)).toEqual(isOurs);
  });

  it("is kept out by a process that lives, and not by one that was killed", async () => {
    const child = await holdElsewhere("journal", platform);
    expect(await hold("journal", platform)).toEqual({ heldBy: String(child.pid) });
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(await hold("journal", platform)).toEqual(isOurs);
    expect(await hold("journal", platform)).toEqual(isHeldByUs);
  });
});

it("is kept out by a process that is stopped, though that cannot answer", { timeout: 60_000 }, async () => {
  const child = await holdElsewhere("journal", "linux");
  child.kill("SIGSTOP");
  expect(await hold("journal", "linux")).toEqual({ heldBy: null });
  child.kill("SIGKILL");
});

it("leaves no file behind where sockets are files", async () => {
  release(await hold("a/journal", "darwin"));
  expect(await readdir(folder)).toEqual(["a"]);
});

it("keeps nobody out where it cannot hold anything", async () => {
  await writeFile(join(folder, "file"), "");
  expect(await hold("file/journal")).toEqual(isOurs);
  expect(await hold("file/journal")).toEqual(isOurs);
  vi.stubEnv("TMPDIR", join(folder, "x".repeat(120)));
  expect(await hold("journal", "darwin")).toEqual(isOurs);
  expect(await hold("journal", "darwin")).toEqual(isOurs);
});

it("keeps nobody out where whoever has the name cannot be asked", async () => {
  await hold("journal", "darwin");
  const [name = ""] = await readdir(folder);
  await rm(join(folder, name));
  // A loop is no socket, and cannot be followed.
  await symlink(name, join(folder, name));
  expect(await hold("journal", "darwin")).toEqual(isOurs);
});

it("takes for a process's id only what can be one", async () => {
  const first = await hold("journal", "darwin");
  const [name = ""] = await readdir(folder);
  release(first);
  const stranger: Server = createServer((socket) => {
    socket.on("error", () => {});
    socket.end("\u001b[31m1".repeat(1000));
  });
  stranger.listen(join(folder, name));
  await once(stranger, "listening");
  expect(await hold("journal", "darwin")).toEqual({ heldBy: null });
  stranger.close();
});
