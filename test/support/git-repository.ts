import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A repository in a folder, made with the Git of this machine: what reads repositories can be tested with no other. */
export interface GitRepository {
  readonly folder: string;
  git(...args: string[]): string;
  write(path: string, content: string | Uint8Array): Promise<void>;
  /** Commits all that is there, and answers the id. */
  commit(message?: string): string;
  close(): Promise<void>;
}

/** In `folder`, or in one of its own that `close` removes. */
export const createRepository = async (folder?: string): Promise<GitRepository> => {
  const place = folder ?? (await realpath(await mkdtemp(join(tmpdir(), "reconcile-git-"))));
  const git = (...args: string[]): string => runGit(place, ...args);
  git("init", "--quiet", "--initial-branch=main");
  return {
    folder: place,
    git,
    write: async (path, content) => {
      const file = join(place, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, content);
    },
    commit: (message = "change") => {
      git("add", "--all");
      git("commit", "--quiet", "--allow-empty", "--message", message);
      return git("rev-parse", "HEAD");
    },
    close: async () => {
      if (folder === undefined) await rm(place, { recursive: true, force: true });
    },
  };
};

/** Nothing of the machine's set-up counts. */
export const runGit = (cwd: string, ...args: string[]): string => {
  const { error, status, stdout, stderr } = spawnSync("git", args, {
    cwd,
    encoding: "utf8",
    env: {
      PATH: process.env.PATH,
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_CONFIG_GLOBAL: join(cwd, "no-such-file"),
      GIT_AUTHOR_NAME: "Test",
      GIT_AUTHOR_EMAIL: "test@example.com",
      GIT_COMMITTER_NAME: "Test",
      GIT_COMMITTER_EMAIL: "test@example.com",
      GIT_AUTHOR_DATE: "2026-01-01T00:00:00Z",
      GIT_COMMITTER_DATE: "2026-01-01T00:00:00Z",
    },
  });
  if (error !== undefined) throw new Error(`This test needs git: ${error.message}`);
  if (status !== 0) throw new Error(`git ${args.join(" ")}: ${stderr}`);
  return stdout.trim();
};
