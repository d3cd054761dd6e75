import { lstatSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { UsageError } from "../model/errors.ts";

/**
 * Throws UsageError where a file that is appended to is there and is none, or is behind a link. Links may have come with
 * a checkout, its folder one of them, and lead anywhere; outside of the working directory only the file itself is looked
 * at. Nobody may ever read from a pipe. What stands in /dev was named on purpose.
 */
export const requireAppendable = (
  path: string,
  { what, option, cwd }: { readonly what: string; readonly option: string; readonly cwd: string },
): void => {
  const file = resolve(cwd, path);
  if (file.startsWith("/dev/")) return;
  const found = lstatSync(file, { throwIfNoEntry: false });
  const link = foldersBelow(cwd, file).find((folder) => isLink(folder));
  if (link === undefined && (found === undefined || found.isFile())) return;
  const kind =
    link !== undefined
      ? `behind a symbolic link, ${relative(cwd, link)}`
      : found?.isSymbolicLink() === true
        ? "a symbolic link"
        : "no regular file";
  throw new UsageError("cannot-write", `Cannot write the ${what} ${path}: it is ${kind}`, {
    hint: `Give another place with ${option} FILE`,
  });
};

/** From the outermost. */
const foldersBelow = (cwd: string, file: string): readonly string[] => {
  const parts = relative(cwd, dirname(file)).split(sep);
  if (parts[0] === "" || parts[0] === ".." || isAbsolute(parts.join(sep))) return [];
  return parts.map((_, index) => join(cwd, ...parts.slice(0, index + 1)));
};

const isLink = (path: string): boolean =>
  lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
