import { lstatSync, rmSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { UsageError } from "../model/errors.ts";

/** Writes a file whole or not at all: a temporary file beside it, fsync, rename. */
export const writeFileAtomically = async (path: string, text: string, cwd: string): Promise<void> => {
  const target = resolve(cwd, path);
  const temporary = `${target}.${process.pid}.tmp`;
  try {
    const file = await open(temporary, "wx", 0o600);
    try {
      await file.writeFile(text, "utf8");
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw new UsageError("cannot-write", `Cannot write ${path}: ${(error as Error).message}`, {
      hint: `Check that ${dirname(target)} exists and can be written`,
      cause: error,
    });
  }
};

/** Takes away what a run that came to nothing must not leave standing. Only a file: what is no file is left alone. */
export const removeFile = (path: string, cwd: string): void => {
  const target = resolve(cwd, path);
  if (lstatSync(target, { throwIfNoEntry: false })?.isFile() === true) rmSync(target, { force: true });
};
