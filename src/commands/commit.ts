import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

/**
 * The Git commit that is checked out, for the audit trail: what CI says, else what .git says. null where neither
 * knows. Git itself is not run: it may not be there.
 */
export const checkedOutCommit = async (
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
): Promise<string | null> => {
  const told = env.GITHUB_SHA ?? env.CI_COMMIT_SHA;
  if (told !== undefined && commitPattern.test(told)) return told;
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const head = await text(join(folder, ".git", "HEAD"));
    if (head !== null) return commitOf(head, join(folder, ".git"));
    if (folder === dirname(folder)) return null;
  }
};

const commitPattern = /^[0-9a-f]{40}([0-9a-f]{24})?$/;

const commitOf = async (head: string, gitFolder: string): Promise<string | null> => {
  const reference = /^ref: (refs\/[^\0]+)$/.exec(head)?.[1];
  const loose = reference === undefined ? head : await text(join(gitFolder, reference));
  if (loose !== null) return commitPattern.test(loose) ? loose : null;
  const packed = (await text(join(gitFolder, "packed-refs"))) ?? "";
  const line = packed.split("\n").find((entry) => entry.endsWith(` ${reference}`));
  return line === undefined ? null : line.slice(0, line.indexOf(" "));
};

const text = async (path: string): Promise<string | null> => {
  try {
    return (await readFile(path, "utf8")).trim();
  } catch {
    return null;
  }
};
