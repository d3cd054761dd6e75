import { createHash } from "node:crypto";
import { mkdir, realpath, rm, stat } from "node:fs/promises";
import { createConnection, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";

/** `heldBy`: the id of the process that has it, null where it does not say. */
export type MachineHold = { readonly release: () => void } | { readonly heldBy: string | null };

/**
 * Keeps a file to one process of this machine. What is held is a socket with a name, which the operating system gives
 * back when the process ends, however it ends: a run that was killed leaves nothing that keeps the next one out. Where
 * that cannot be had, nothing is held and nobody is kept out. Makes the file's folder, because the name is made of that
 * one as well as of its path: containers that share a network may each have another folder under the same path, and
 * one that is deleted leaves its inode to another.
 */
export const holdOnMachine = async (file: string, platform = process.platform): Promise<MachineHold> => {
  const name = await nameOf(file).catch(() => null);
  const address = name === null ? null : addressOf(name, platform);
  if (address === null) return holdsNothing;
  for (let attempt = 1; attempt <= mostAttempts; attempt += 1) {
    const server = await listen(address);
    if (server === "fails") return holdsNothing;
    if (server !== "taken") return { release: () => void server.close() };
    const holder = await ask(address);
    if (holder === "cannot be asked") return holdsNothing;
    if (holder !== "gone") return { heldBy: holder.pid };
    if (!vanishes(platform)) await rm(address, { force: true });
  }
  return holdsNothing;
};

const holdsNothing: MachineHold = { release: () => {} };

/** Whoever had it may end between two looks. */
const mostAttempts = 5;

const nameOf = async (file: string): Promise<string> => {
  await mkdir(dirname(file), { recursive: true });
  const folder = await realpath(dirname(file));
  const { dev, ino } = await stat(folder, { bigint: true });
  const identity = `${dev}/${ino}${join(folder, basename(file))}`;
  return `reconcile-${createHash("sha256").update(identity).digest("hex").slice(0, 32)}`;
};

/** null: there is no place for it. */
const addressOf = (name: string, platform: NodeJS.Platform): string | null => {
  if (platform === "win32") return `\\\\.\\pipe\\${name}`;
  if (platform === "linux") return `\0${name}`;
  const path = join(tmpdir(), `${name}.sock`);
  // A longer one would be cut, and stand for others, too.
  return Buffer.byteLength(path) <= longestSocketPath ? path : null;
};

const longestSocketPath = 103;

/** Elsewhere the name is a file, which stays when its process is killed. */
const vanishes = (platform: NodeJS.Platform): boolean => platform === "win32" || platform === "linux";

const listen = (address: string): Promise<Server | "taken" | "fails"> =>
  new Promise((resolve) => {
    const server = createServer((socket) => {
      // Whoever asks may be gone before the answer.
      socket.on("error", () => {});
      socket.unref();
      socket.end(String(process.pid));
    });
    server.unref();
    server.on("error", (error) => resolve(codeOf(error) === "EADDRINUSE" ? "taken" : "fails"));
    server.listen(address, () => resolve(server));
  });

const ask = (address: string): Promise<{ readonly pid: string | null } | "gone" | "cannot be asked"> =>
  new Promise((resolve) => {
    let isThere = false;
    let refusal = "";
    let text = "";
    const socket = createConnection(address, () => {
      isThere = true;
    });
    socket.setEncoding("utf8");
    // One that is stopped, or deep in a computation, takes the call and does not answer.
    socket.setTimeout(longestAnswer, () => socket.destroy());
    socket.on("data", (chunk) => {
      text += chunk;
      if (text.length > longestPid) socket.destroy();
    });
    socket.on("error", (error) => {
      refusal = codeOf(error);
    });
    socket.on("close", () => {
      if (isThere) resolve({ pid: /^\d{1,10}$/.exec(text)?.[0] ?? null });
      else resolve(refusal === "ECONNREFUSED" || refusal === "ENOENT" ? "gone" : "cannot be asked");
    });
  });

/** Milliseconds. */
const longestAnswer = 5000;

const longestPid = 10;

const codeOf = (error: NodeJS.ErrnoException): string => error.code ?? "";
