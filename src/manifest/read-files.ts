import type { Position } from "../model/finding.ts";
import type { Report } from "./codes.ts";
import type { FileAccess } from "./file-access.ts";
import type { Located } from "./located.ts";
import { parseJson } from "./parse-json.ts";
import { parseYaml } from "./parse-yaml.ts";
import { readSource } from "./read-source.ts";

/**
 * Reads and parses a file, once, however often it is named. `path` is its real path, `shown` what it is called in
 * messages, `referredFrom` where the manifest names it. null: it has been reported why not.
 */
export type ReadFile = (path: string, shown: string, referredFrom?: Position) => Promise<Located | null>;

/** Puts the text of what it reads into `sources`, by the name that is shown. */
export const fileReader = (files: FileAccess, sources: Map<string, string>, report: Report): ReadFile => {
  const read = new Map<string, Located | null>();
  return async (path, shown, referredFrom) => {
    const before = read.get(path);
    if (before !== undefined) return before;
    const { source, problem } = await readSource(path, shown, files, referredFrom);
    if (source !== null) sources.set(shown, source.text);
    if (problem !== null) {
      report(problem);
      read.set(path, null);
      return null;
    }
    const parsed = /\.json$/i.test(path) ? parseJson(source, report) : parseYaml(source, report);
    read.set(path, parsed);
    return parsed;
  };
};
