import { InvalidArgumentError, Option } from "commander";
import { escapeWorkflowText } from "../forge/workflow-commands.ts";
import type { CommandContext } from "./context.ts";
import { exactForRunner, isActions } from "./runner-output.ts";
import { writeFileAtomically } from "./write-file.ts";

/** What is written, and where to. */
export interface FormatTarget<F extends string> {
  readonly format: F;
  /** null: stdout. */
  readonly file: string | null;
}

/** What a text may look like where it goes. */
export interface Destination {
  readonly colour: boolean;
  readonly columns: number;
  readonly isFile: boolean;
}

/** --format FORMAT[=FILE], any number of times; one of them may go to stdout. */
export const formatsOption = (formats: readonly string[]): Option =>
  new Option(
    "--format <format[=file]>",
    `what to print on stdout, or to write to a file; may be given several times (${formats.join(", ")})`,
  )
    .argParser((text: string, before: readonly FormatTarget<string>[]) => [
      ...before,
      checked(parse(text, formats), before),
    ])
    .default([], formats[0]);

const parse = (text: string, formats: readonly string[]): FormatTarget<string> => {
  const at = text.indexOf("=");
  const name = at < 0 ? text : text.slice(0, at);
  const format = formats.find((each) => each === name);
  if (format === undefined) {
    throw new InvalidArgumentError(
      `Expected ${formats.join(", ")}, each with =FILE or without, such as ${formats[0]}=FILE.`,
    );
  }
  if (at === text.length - 1) throw new InvalidArgumentError(`Expected a file after ${name}=.`);
  return { format, file: at < 0 ? null : text.slice(at + 1) };
};

const checked = (
  target: FormatTarget<string>,
  before: readonly FormatTarget<string>[],
): FormatTarget<string> => {
  const clash = before.find(({ file }) => file === target.file);
  if (clash === undefined) return target;
  throw new InvalidArgumentError(
    target.file === null
      ? `stdout gets ${clash.format} already: give one of the two a file, such as ${target.format}=FILE.`
      : `${target.file} gets ${clash.format} already.`,
  );
};

/**
 * Files first, each whole or not at all, then stdout, which gets `standard` where no other format goes there (null:
 * nothing). Rejects with UsageError where a file cannot be written.
 */
export const writeFormats = async <F extends string>(
  targets: readonly FormatTarget<F>[],
  standard: F | null,
  render: (format: F, destination: Destination) => string,
  { stdout, cwd, env }: Pick<CommandContext, "stdout" | "cwd" | "env">,
): Promise<void> => {
  for (const { format, file } of targets) {
    if (file === null) continue;
    const text = render(format, plainFile);
    // A later step may print the file into its log.
    const isForLog = forPeople.has(format) && isActions(env);
    await writeFileAtomically(file, isForLog ? escapeWorkflowText(text) : text, cwd);
  }
  const printed = targets.find(({ file }) => file === null)?.format ?? standard;
  if (printed === null) return;
  const { colour, columns } = stdout;
  const text = render(printed, { colour, columns, isFile: false });
  if (forPeople.has(printed)) stdout.write(text);
  else stdout.writeExactly(exactForRunner(text, printed, env));
};

/** All others are for programs. */
const forPeople: ReadonlySet<string> = new Set(["text", "markdown"]);

const plainFile: Destination = { colour: false, columns: 100, isFile: true };
