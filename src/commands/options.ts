import { Argument, InvalidArgumentError, Option } from "commander";
import type { LoadedManifest } from "../manifest/loaded-manifest.ts";

/** The options of every command that reads AWS. */
export interface ReadingOptions {
  readonly allow: ReadonlyMap<string, string>;
  readonly only: readonly string[];
  readonly since?: string;
  readonly rps?: number;
  readonly strategy: "auto" | "pairs" | "principals";
}

export const manifestArgument = (): Argument =>
  new Argument("[MANIFEST]", "file or folder (default: access.yaml, else access/)");

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
      if (at < 1) throw new InvalidArgumentError("Expected GUARD=VALUE, such as approval=12.");
      const [guard, value] = [text.slice(0, at), text.slice(at + 1)];
      if (!value.split(",").every((part) => /^(\d{1,9}|[^:/]+[:/].+)$/.test(part))) {
        throw new InvalidArgumentError(
          "Expected a whole number, such as approval=12 or max-removals=groups:12, or what the refusal prints.",
        );
      }
      const earlier = before?.get(guard);
      return new Map([...(before ?? []), [guard, earlier === undefined ? value : `${earlier},${value}`]]);
    })
    .default(new Map<string, string>(), "none");

/** --only GLOB, any number of times. */
export const onlyOption = (): Option =>
  new Option(
    "--only <address>",
    "leave out changes whose address does not match, such as 'assignment/*/Admin/*'",
  )
    .argParser((text: string, before: readonly string[]) => [...before, text])
    .default([], "all changes");

/** --since REF. */
export const sinceOption = (): Option =>
  new Option(
    "--since <git-ref>",
    "leave out what the manifest at this commit would change as well: drift, and what waits to be applied",
  );

export const rpsOption = (): Option =>
  new Option(
    "--rps <number>",
    "calls a second to Identity Center; AWS allows 20 for everybody together (default: 18)",
  ).argParser((text: string) => {
    const rps = Number(text);
    if (!(rps > 0 && rps <= 1000)) throw new InvalidArgumentError("Expected a number above 0.");
    return rps;
  });

export const maxFailuresOption = (): Option =>
  new Option("--max-failures <number>", "start nothing new once so many changes have failed; 0: no limit")
    .argParser((text: string) => {
      if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError("Expected a whole number.");
      return Number(text);
    })
    .default(20);

export const strategyOption = (): Option =>
  new Option(
    "--strategy <how>",
    "how assignments are read: pairs sees everything; principals needs fewer calls in large organizations, and cannot see assignments of deleted users and groups",
  )
    .choices(["auto", "pairs", "principals"])
    .default("auto");

/** Milliseconds. */
export const maxAgeOption = (): Option =>
  new Option(
    "--max-age <time>",
    "for how long a plan written with --out may be applied, such as 90m, 8h or 2d",
  )
    .argParser((text: string) => {
      const [, count, unit] = /^(\d{1,5})(m|h|d)$/.exec(text) ?? [];
      if (count === undefined || Number(count) === 0) {
        throw new InvalidArgumentError("Expected a number of minutes, hours or days, such as 90m, 8h or 2d.");
      }
      return Number(count) * (unit === "m" ? minute : unit === "h" ? 60 * minute : 24 * 60 * minute);
    })
    .default(24 * 60 * minute, "24h");

const minute = 60_000;
