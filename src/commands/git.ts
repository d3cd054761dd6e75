import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { dirname, resolve } from "node:path";
import { UsageError } from "../model/errors.ts";

/**
 * Starts Git in `cwd`, without a shell, to read objects. What a clone may carry is kept from running: no hook, no file
 * system monitor, no filter, no network. Nothing of what users name is an argument.
 */
export const startGit = (
  args: readonly string[],
  { cwd, env, signal }: GitOptions,
): ChildProcessWithoutNullStreams =>
  spawn("git", ["-C", cwd, ...safe, ...args], {
    // Windows looks for programs in the folder first, and so does a PATH that holds a dot: not in the clone.
    cwd: dirname(process.execPath),
    env: { ...withoutPlace(env), ...readOnly },
    signal,
    stdio: "pipe",
    windowsHide: true,
  });

export interface GitOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

const safe = ["--no-pager", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"];

/** What a hook of another repository sets does not count: the folder says which one is meant. */
const withoutPlace = (env: GitOptions["env"]): GitOptions["env"] =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !placeVariables.has(name)));

const placeVariables = new Set([
  "GIT_DIR",
  "GIT_WORK_TREE",
  "GIT_COMMON_DIR",
  "GIT_INDEX_FILE",
  "GIT_PREFIX",
]);

const readOnly = {
  GIT_OPTIONAL_LOCKS: "0",
  GIT_NO_LAZY_FETCH: "1",
  GIT_NO_REPLACE_OBJECTS: "1",
  GIT_TERMINAL_PROMPT: "0",
  LC_ALL: "C",
};

export interface GitRepository {
  /** Real path of the work tree. */
  readonly root: string;
  /** Whether history was cut off when it was cloned. */
  readonly isShallow: boolean;
}

/** The work tree that `cwd` is in. Rejects with UsageError where there is none, or no Git. */
export const findRepository = async (options: GitOptions): Promise<GitRepository> => {
  const child = startGit(["rev-parse", "--is-shallow-repository", "--show-toplevel"], options);
  child.stdin.on("error", () => undefined).end();
  const [stdout, stderr, code] = await Promise.all([
    textOf(child.stdout),
    textOf(child.stderr),
    ended(child, options),
  ]);
  const [, shallow, root] = /^(true|false)\n(.+)\n$/s.exec(stdout) ?? [];
  if (code === 0 && root !== undefined) return { root: resolve(root), isShallow: shallow === "true" };
  throw new UsageError("since-no-repository", `${options.cwd} is not in a Git work tree, or Git refuses it`, {
    hint: `Run in a clone of the repository that holds the manifest, or without --since; Git says: ${firstLine(stderr)}`,
  });
};

const firstLine = (text: string): string => text.trim().split("\n")[0] || "nothing";

const textOf = async (stream: AsyncIterable<Buffer>): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
};

/** Its exit code. Rejects where it cannot be started, or the run is broken off. */
export const ended = (
  child: ChildProcessWithoutNullStreams,
  { cwd }: Pick<GitOptions, "cwd">,
): Promise<number | null> =>
  new Promise((settle, reject) => {
    child.once("error", (cause: NodeJS.ErrnoException) => reject(cannotRun(cause, cwd)));
    child.once("close", (code) => settle(code));
  });

const cannotRun = (cause: NodeJS.ErrnoException, cwd: string): Error => {
  if (cause.name === "AbortError") return cause;
  const why = cause.code === "ENOENT" ? "it is not installed, or not in PATH" : cause.message;
  return new UsageError("since-no-git", `--since needs Git, and it cannot be run in ${cwd}: ${why}`, {
    hint: "Install Git on the machine that plans, or plan without --since",
    cause,
  });
};
