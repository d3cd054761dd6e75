import { realpath, stat } from "node:fs/promises";
import { dirname, join, relative, resolve as absolute } from "node:path";
import { defaultManifest } from "../manifest/files.ts";
import { loadManifest } from "../manifest/load.ts";
import type { LoadedManifest } from "../manifest/loaded-manifest.ts";
import { type Requirements, requirements, resolve } from "../manifest/resolve.ts";
import { UsageError } from "../model/errors.ts";
import type { Finding } from "../model/finding.ts";
import type { Organization } from "../model/organization.ts";
import type { Since } from "../plan/since.ts";
import type { CommandContext } from "./context.ts";
import { findRepository, type GitRepository } from "./git.ts";
import { type GitObjects, openObjects } from "./git-objects.ts";
import { gitTree } from "./git-tree.ts";

/** The manifest as it was in a commit. */
export interface Earlier {
  /** null: there was none. */
  readonly manifest: LoadedManifest | null;
  /** The commit as it was named, and its id: `origin/main (1a2b3c4d5e6f)`. */
  readonly label: string;
}

/**
 * Loads the manifest at `path` as it was at `ref`, without checking it out. Rejects with UsageError where it cannot be
 * read whole, or is not valid: what it does not say would pass for what the branch has changed.
 */
export const loadEarlier = async (
  ref: string,
  path: string | undefined,
  now: number,
  { cwd, env, signal }: Pick<CommandContext, "cwd" | "env" | "signal">,
): Promise<Earlier> => {
  checkRef(ref);
  const named = absolute(cwd, path ?? ".");
  const isFolder = (await stat(named)).isDirectory();
  const git = { cwd: await realpath(isFolder ? named : dirname(named)), env, signal };
  const repository = await findRepository(git);
  const objects = openObjects(git);
  try {
    const { commit, tree } = await findCommit(ref, repository, objects);
    const label = `${ref} (${commit.slice(0, 12)})`;
    const files = gitTree(objects, tree, repository.root);
    const place = {
      path: path === undefined ? undefined : await placeInside(repository.root, named),
      cwd: await placeInside(repository.root, absolute(cwd)),
    };
    const isThere =
      place.path === undefined
        ? (await defaultManifest(place.cwd, files)) !== undefined
        : await files.isThere(place.path);
    if (!isThere) return { manifest: null, label };
    const { manifest, findings } = await loadManifest(place.path, { cwd: place.cwd, now, files });
    if (manifest === null && findings.some(({ code }) => code !== "folder-without-manifest"))
      throw earlierInvalid(label, findings);
    return { manifest, label };
  } finally {
    await objects.close();
  }
};

/** It is no argument of any command, and Git would take it by its whole syntax. */
const checkRef = (ref: string): void => {
  if (!/^-|[\p{Cc}:]|^\s*$/u.test(ref) && ref.length <= 1000) return;
  throw new UsageError("since-bad-ref", `--since ${ref}: this is no name of a commit`, {
    hint: "Name a branch, a tag or a commit, such as origin/main, v1.2.0 or HEAD^1",
  });
};

const findCommit = async (
  ref: string,
  { isShallow }: GitRepository,
  objects: GitObjects,
): Promise<{ readonly commit: string; readonly tree: string }> => {
  const found = await objects.read(`${ref}^{commit}`, 100);
  const tree = /^tree ([0-9a-f]+)\n/.exec(found?.bytes.toString("latin1") ?? "")?.[1];
  if (found !== null && tree !== undefined) return { commit: found.id, tree };
  if (isShallow) {
    throw new UsageError("since-shallow", `--since ${ref}: this clone is shallow, and does not hold it`, {
      hint: "Give actions/checkout `fetch-depth: 0` (GitLab CI: `GIT_DEPTH: 0`), or run `git fetch --unshallow`",
    });
  }
  throw new UsageError("since-unknown-ref", `--since ${ref}: there is no such commit in this repository`, {
    hint: "Check the name with `git rev-parse`, and fetch it first where it is a remote's: git fetch origin",
  });
};

/** A path as it is below the real path of the work tree: links that lead there count, those inside are the commit's. */
const placeInside = async (root: string, path: string): Promise<string> => {
  let outermost: string | null = null;
  for (let folder = path; ; folder = dirname(folder)) {
    const real = await realpath(folder).catch(() => null);
    if (real === root) outermost = folder;
    if (folder === dirname(folder)) break;
  }
  return outermost === null ? await realpath(path) : join(root, relative(outermost, path));
};

/**
 * What has to be read for both. Where the earlier manifest alone cannot do without AWS Organizations it is the one that
 * is told not to be valid.
 */
export const bothNeeds = (needs: Requirements, earlier: LoadedManifest | null): Requirements => {
  if (earlier === null) return needs;
  const others = requirements(earlier);
  return {
    organization: needs.organization,
    organizationalUnits: needs.organizationalUnits || others.organizationalUnits,
    accountTags: needs.accountTags || others.accountTags,
    permissionSetTags: needs.permissionSetTags || others.permissionSetTags,
  };
};

/** Throws UsageError where it cannot be resolved. `now`: epoch milliseconds, the same as for what is compared with it. */
export const resolveEarlier = (
  { manifest, label }: Earlier,
  organization: Organization,
  now: number,
): Since => {
  if (manifest === null) return { desired: null, label };
  const { desired, findings } = resolve(manifest, organization, { now });
  if (desired === null) throw earlierInvalid(label, findings);
  return { desired, label };
};

const earlierInvalid = (label: string, findings: readonly Finding[]): UsageError => {
  const errors = findings.filter(({ severity }) => severity === "error");
  const told = errors.slice(0, mostTold).map(({ message, position }) => {
    const at = position === undefined ? "" : `${position.file}:${position.line}:${position.column}: `;
    return `${at}${message}`;
  });
  const rest = errors.length - told.length;
  return new UsageError(
    "since-invalid",
    [
      `The manifest at ${label} is not valid, so that nobody can tell what has changed since`,
      ...told,
      ...(rest > 0 ? [`... and ${rest} more`] : []),
    ].join("\n"),
    { hint: "Plan without --since, or name a commit whose manifest is valid" },
  );
};

const mostTold = 5;
