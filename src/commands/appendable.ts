import { lstatSync } from "node:fs";
import { resolve } from "node:path";
import { UsageError } from "../model/errors.ts";

/**
 * Throws UsageError where a file that is appended to is there and is none. A link may have come with a checkout and
 * lead anywhere, and nobody may ever read from a pipe. What stands in /dev was named on purpose.
 */
export const requireAppendable = (
  path: string,
  { what, option, cwd }: { readonly what: string; readonly option: string; readonly cwd: string },
): void => {
  const file = resolve(cwd, path);
  const found = lstatSync(file, { throwIfNoEntry: false });
  if (found === undefined || found.isFile() || file.startsWith("/dev/")) return;
  const kind = found.isSymbolicLink() ? "a symbolic link" : "no regular file";
  throw new UsageError("cannot-write", `Cannot write the ${what} ${path}: it is ${kind}`, {
    hint: `Give another place with ${option} FILE`,
  });
};
