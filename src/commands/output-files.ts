import { accessSync, constants, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { UsageError } from "../model/errors.ts";
import type { CommandContext } from "./context.ts";
import type { FormatTarget } from "./formats.ts";

/** A file that an option names. */
export interface OutputFile {
  /** As on the command line. */
  readonly option: string;
  readonly file: string;
  /** It is read, or looked at where it is opened: only no other option may name it. */
  readonly isChecked?: true;
}

/**
 * To be called before anything is read: throws UsageError where a file can not be written, where two options name the
 * same one, or where one names the manifest (`path`, as it was given).
 */
export const checkOutputFiles = (
  path: string | undefined,
  files: readonly OutputFile[],
  { cwd }: Pick<CommandContext, "cwd">,
): void => {
  const taken = new Map([[resolve(cwd, path ?? "access.yaml"), "The manifest"]]);
  for (const { option, file, isChecked } of files) {
    const target = resolve(cwd, file);
    const other = taken.get(target);
    if (other !== undefined) {
      throw new UsageError("same-file", `${other} and ${option} are the same file, ${file}`, {
        hint: `Give ${option} a file of its own`,
      });
    }
    taken.set(target, option);
    if (isChecked !== true) checkWritable(file, target);
  }
};

export const formatFiles = (targets: readonly FormatTarget<string>[]): OutputFile[] =>
  targets.flatMap(({ format, file }) => (file === null ? [] : [{ option: `--format ${format}`, file }]));

/** Of an option that may be absent. */
export const optionalFile = (option: string, file: string | undefined): OutputFile[] =>
  file === undefined ? [] : [{ option, file }];

const checkWritable = (file: string, target: string): void => {
  const folder = dirname(target);
  const problem = isFolder(target)
    ? "it is a folder"
    : isFolder(folder)
      ? whyNot(folder)
      : `there is no folder ${folder}`;
  if (problem === null) return;
  throw new UsageError("cannot-write", `Cannot write ${file === "" ? '""' : file}: ${problem}`, {
    hint: "Name a file in a folder that exists and can be written",
  });
};

const isFolder = (path: string): boolean => {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
};

/** A file is written beside its place first, so that it is the folder which has to let that happen. */
const whyNot = (folder: string): string | null => {
  try {
    accessSync(folder, constants.W_OK);
    return null;
  } catch {
    return `nothing may be written in ${folder}`;
  }
};
