import { createHash } from "node:crypto";
import type { Manifest } from "../generated/manifest.ts";
import { compareText } from "../model/address.ts";
import { canonicalJson } from "../model/canonical-json.ts";
import { type Finding, hasErrors } from "../model/finding.ts";
import { finding, type Report } from "./codes.ts";
import { disk, type FileAccess } from "./file-access.ts";
import { findFiles, type ManifestFiles } from "./files.ts";
import type { LoadedManifest, LoadedPolicy, LoadResult } from "./loaded-manifest.ts";
import { type Located, type LocatedMap, locate, property, toPlain } from "./located.ts";
import { mergeFiles } from "./merge.ts";
import { loadPolicies, type Policies } from "./policy-files.ts";
import { fileReader, type ReadFile } from "./read-files.ts";
import { checkRules } from "./rules/rules.ts";
import { checkSchema } from "./schema-findings.ts";
import { tidyFindings } from "./tidy-findings.ts";

/**
 * Reads the manifest at `path` (a file or a folder; default access.yaml, else access/) and checks all that can be
 * checked without AWS. Never rejects for what files hold: every problem is a finding. `now` is in epoch milliseconds;
 * `files`: where they are (default: the disk).
 */
export const loadManifest = async (
  path: string | undefined,
  { cwd, now, files = disk }: { readonly cwd: string; readonly now: number; readonly files?: FileAccess },
): Promise<LoadResult> => {
  const findings: Finding[] = [];
  const report: Report = (problem) => findings.push(problem);
  const sources = new Map<string, string>();
  const readFile = fileReader(files, sources, report);

  const found = await findFiles(path, cwd, files, report);
  const parsed = found === null ? [] : await parseFiles(found, readFile);
  const maps = parsed.flatMap(({ document }) => (document?.kind === "map" ? [document] : []));
  const policies = await loadPolicies(maps, found?.root ?? cwd, files, readFile, report);
  const roots = manifestRoots(parsed, policies, report);
  const complete = found !== null && parsed.length === found.files.length && !findings.some(hidesSomething);
  const [root] = roots.length === 0 ? [] : [mergeFiles(roots, report)];
  if (root !== undefined) {
    for (const file of roots) checkSchema(file, report);
    checkRules({ root, policies: policies.bySet, now, complete }, report);
  }
  const valid = root !== undefined && !hasErrors(findings);
  return {
    manifest: valid ? loaded(root, policies, [...sources.keys()]) : null,
    name: nameOf(root),
    findings: tidyFindings(findings),
    sources,
  };
};

const nameOf = (root: LocatedMap | undefined): string | null => {
  const name = root === undefined ? undefined : property(root, "name");
  return name?.kind === "scalar" && typeof name.value === "string" ? name.value : null;
};

/** Whether an error may have kept a declaration from being seen; then what refers to it is not judged. */
const hidesSomething = ({ severity, code }: Finding): boolean =>
  severity === "error" && code !== "ambiguous-number";

interface ParsedFile {
  /** Real path. */
  readonly path: string;
  /** null: not readable as YAML. */
  readonly document: Located | null;
}

const parseFiles = async ({ files }: ManifestFiles, readFile: ReadFile): Promise<ParsedFile[]> => {
  const parsed: ParsedFile[] = [];
  for (const file of files) {
    parsed.push({ path: file.path, document: await readFile(file.path, file.shown) });
  }
  return parsed;
};

/**
 * The files that are manifests, not policies. An empty one beside others is an error: what it declared before it was
 * emptied, by an editor or a merge, must not be deleted for that.
 */
const manifestRoots = (
  files: readonly ParsedFile[],
  policies: Policies,
  report: Report,
): readonly LocatedMap[] => {
  const roots: LocatedMap[] = [];
  const empty: LocatedMap[] = [];
  for (const { path, document } of files) {
    if (document === null || policies.paths.has(path)) continue;
    const position = locate(document, []);
    if (document.kind === "map") {
      if (!isPolicy(document)) roots.push(document);
      else {
        const hint = "name it as inlinePolicy of a permission set, or move it out of the manifest's folder";
        report(finding("unreferenced-policy", "This is an IAM policy, not a manifest", { position, hint }));
      }
    } else if (document.kind === "scalar" && document.value === null) {
      if (files.length > 1) {
        const hint = "delete the file, or put version: 1 in it if it is to declare nothing";
        report(finding("empty-file", "The file is empty", { position, hint }));
      }
      empty.push({ kind: "map", entries: new Map(), place: document.place });
    } else {
      const hint = "start with version: 1";
      report(finding("not-a-map", "The file is not a map of manifest properties", { position, hint }));
    }
  }
  return roots.length > 0 ? roots : empty.slice(0, 1);
};

const isPolicy = (document: LocatedMap): boolean =>
  property(document, "Statement") !== undefined && property(document, "version") === undefined;

/** From here on the manifest is what its schema says. */
const loaded = (root: LocatedMap, policies: Policies, files: readonly string[]): LoadedManifest => {
  const value = toPlain(root) as Manifest;
  const loadedPolicies = new Map<string, LoadedPolicy>();
  for (const [name, { document, position }] of policies.bySet) {
    const plain = toPlain(document);
    loadedPolicies.set(name, { document: plain, text: JSON.stringify(plain), position });
  }
  return {
    value,
    digest: digestOf(value, loadedPolicies),
    files: files.toSorted(compareText),
    policies: loadedPolicies,
    position: (path, part) => locate(root, path, part),
  };
};

/** Order says nothing in a manifest: neither of files and keys, nor of what a list holds. */
const digestOf = (value: Manifest, policies: ReadonlyMap<string, LoadedPolicy>): string => {
  const documents = Object.fromEntries([...policies].map(([name, { document }]) => [name, document]));
  const said = canonicalJson(unordered({ ...value, policies: documents }));
  return createHash("sha256").update(said).digest("hex");
};

const unordered = (value: unknown): unknown => {
  if (typeof value !== "object" || value === null) return value;
  if (!Array.isArray(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, unordered(part)]));
  }
  return value
    .map(unordered)
    .map((item) => ({ item, key: canonicalJson(item) }))
    .sort((a, b) => compareText(a.key, b.key))
    .map(({ item }) => item);
};
