import type { Manifest } from "../generated/manifest.ts";
import type { Finding, Position } from "../model/finding.ts";

/** A manifest that was read, merged and checked; nothing is resolved against live accounts yet. */
export interface LoadedManifest {
  /** All files, merged. Each property has the type that the schema gives it. */
  readonly value: Manifest;
  /** sha256 (hex) of what the files say, policies included; order of files and spelling of YAML do not matter. */
  readonly digest: string;
  /** Files that were read, policy files included, as shown to the user, sorted. */
  readonly files: readonly string[];
  /** By permission set name; only sets that declare an inline policy. */
  readonly policies: ReadonlyMap<string, LoadedPolicy>;
  /**
   * Where the value at `path` of `value` stands, such as ["permissionSets", "Dev", "managedPolicies", 0]; falls back
   * to its nearest ancestor that exists. `part` "key" gives the place of the property's name (the default for an
   * object or a list), "value" that of what it holds (the default for everything else).
   */
  position(path: readonly PathPart[], part?: "key" | "value"): Position;
}

export type PathPart = string | number;

export interface LoadedPolicy {
  /** The policy document, plain JSON. */
  readonly document: unknown;
  /** The document as minified JSON, in the author's order of keys. */
  readonly text: string;
  readonly position: Position;
}

export interface LoadResult {
  /** null when there is an error among the findings. */
  readonly manifest: LoadedManifest | null;
  /** Its `name`, as far as it could be read, also where the rest is not valid. */
  readonly name: string | null;
  /** Sorted by file and place. */
  readonly findings: readonly Finding[];
  /** Text of every file that was read, by its name as shown: for source lines below messages. */
  readonly sources: ReadonlyMap<string, string>;
}
