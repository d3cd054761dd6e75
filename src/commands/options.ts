import { Argument, InvalidArgumentError, Option } from "commander";
import type { LoadedManifest } from "../manifest/loaded-manifest.ts";

/** The options of every command that reads AWS. */
export interface ReadingOptions {
  readonly allow: ReadonlyMap<string, string>;
  readonly rps?: number;
  readonly strategy: "auto" | "pairs" | "principals";
}

export const manifestArgument = (): Argument =>
  new Argument("[MANIFEST]", "file or folder (default: access.yaml, else access/)");

export const formatOption = (formats: readonly string[]): Option =>
  new Option("--format <format>", "what to print on stdout").choices(formats).default(formats[0]);

/** One sentence on what a manifest declares, with its files. */
export const describeManifest = ({ value, files }: LoadedManifest): string => {
  const size = (map: object | undefined): number => Object.keys(map ?? {}).length;
  const parts = [
    counted(size(value.users), "user"),
    counted(size(value.groups), "group"),
    counted(size(value.permissionSets), "permission set"),
    counted(value.assignments?.length ?? 0, "assignment entry", "assignment entries"),
  ];
  return `${parts.join(", ")} in ${counted(files.length, "file")}.`;
};

const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;

/** --allow GUARD=VALUE, any number of times. */
export const allowOption = (): Option =>
  new Option(
    "--allow <guard=value>",
    "let one guard's limit pass for this run; the refusal prints the exact words",
  )
    .argParser((text: string, before: ReadonlyMap<string, string> | undefined) => {
      const at = text.indexOf("=");
      if (at < 1) throw new InvalidArgumentError("Expected GUARD=VALUE, such as max-removals=12.");
      return new Map([...(before ?? []), [text.slice(0, at), text.slice(at + 1)]]);
    })
    .default(new Map<string, string>(), "none");

export const rpsOption = (): Option =>
  new Option(
    "--rps <number>",
    "calls a second to Identity Center; AWS allows 20 for everybody together (default: 18)",
  ).argParser((text: string) => {
    const rps = Number(text);
    if (!(rps > 0 && rps <= 1000)) throw new InvalidArgumentError("Expected a number above 0.");
    return rps;
  });

export const strategyOption = (): Option =>
  new Option(
    "--strategy <how>",
    "how assignments are read: pairs sees everything; principals needs fewer calls in large organizations, and cannot see assignments of deleted users and groups",
  )
    .choices(["auto", "pairs", "principals"])
    .default("auto");
