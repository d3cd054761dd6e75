import type { Finding, Position } from "../model/finding.ts";

/**
 * Every code that a manifest can be answered with. Codes are stable: pipelines and tests refer to them. Those of
 * policy documents come from policy-grammar.ts.
 */
export const manifestCodes = {
  // Files
  "file-not-found": error("A file or folder that the command line or the manifest names is not there"),
  "folder-without-manifest": error("The manifest's folder holds no .yaml or .yml file"),
  "file-unreadable": error("A file is there and the operating system refuses to read it"),
  "not-a-regular-file": error("A pipe, device or folder stands where a file is needed"),
  "outside-folder": error("A path or symbolic link leads out of the manifest's folder"),
  "file-too-large": error("A file is larger, or holds more, than is ever needed here"),
  "too-many-files": error(
    "The manifest's folder is not a folder of manifests: it holds too many files or levels",
  ),
  "not-utf8": error("A file is not valid UTF-8"),
  "control-character": error("A file holds control characters"),
  "bidi-character": error("A file holds characters that make it read differently from what it says"),
  "backslash-in-path": error("A policy file is named with backslashes"),
  "policy-file-type": error("A policy file is neither .json nor .yaml nor .yml"),
  "unreferenced-policy": error(
    "A YAML file in the manifest's folder is a policy that no permission set refers to",
  ),
  // YAML and JSON
  "yaml-syntax": error("The file is not valid YAML"),
  "yaml-tab": error("A tab stands where YAML needs spaces"),
  "yaml-version": error("A %YAML directive asks for another version than 1.2"),
  "yaml-tag": error("A YAML tag such as !!binary"),
  "several-documents": error("One file holds several YAML documents"),
  "merge-key": error("A YAML merge key <<"),
  "unclear-key": error("A key is empty, null, a list or a map"),
  "unsafe-key": error("A key is a name that JavaScript gives a meaning of its own"),
  "duplicate-key": error("One key stands twice in the same map"),
  "unresolved-alias": error("A YAML alias names no anchor before it, or one that it stands in"),
  "aliases-too-large": error("YAML aliases repeat more than is ever needed here"),
  "nested-too-deeply": error("Maps and lists are nested deeper than is ever needed here"),
  "ambiguous-number": error("A number would be changed by being read as one"),
  "not-a-map": error("The file is not a map of manifest properties"),
  "json-syntax": error("The file is not valid JSON"),
  // Merging of files
  "declared-twice": error("One name is declared in two files"),
  "set-twice": error("A setting that belongs in one file stands in two"),
  // Shape, from the JSON Schema
  "unknown-property": error("A property that does not exist at that place"),
  "missing-property": error("A property that must be there"),
  "either-or": error("Two properties stand together of which only one may be there"),
  "wrong-type": error("A value of another type than the property's"),
  "invalid-value": error("A value that the property cannot take"),
  "empty-file": error("A file of a manifest's folder is empty"),
  "empty-value": error("An empty text, list or map where there must be something"),
  "too-long": error("A text that is longer than AWS takes"),
  "duplicate-item": error("One item stands twice in the same list"),
  "unsupported-version": error("A version of the manifest's format that this release does not know"),
  // Names
  "reserved-name": error("A user or group name that AWS keeps for itself"),
  "invalid-user-name": error("A user name that AWS does not take"),
  "invalid-group-name": error("A group name that AWS does not take, or that hides characters"),
  "invalid-permission-set-name": error("A permission set name that AWS does not take"),
  "mixed-scripts": warning("A name mixes letters of scripts that look alike"),
  "case-twin": error("Two names differ in nothing but upper and lower case"),
  "unknown-reference": error("A name that is not declared"),
  // Users and groups
  "incomplete-user": error("A user that could not be created: the given or family name is missing"),
  "external-with-settings": error("An object that somebody else owns has settings that would be written"),
  "duplicate-email": error("Two users have the same e-mail address"),
  "invalid-text": error("A text with characters that AWS does not take"),
  "invalid-date": error("A date that does not exist"),
  // Permission sets
  "invalid-session-duration": error("A session duration that is no ISO 8601 duration from PT1H to PT12H"),
  "invalid-description": error("A permission set's description with characters that AWS does not take"),
  "invalid-relay-state": error("A relay state that AWS does not take"),
  "invalid-tag": error("A tag key or value that AWS does not take"),
  "reserved-tag": error("A tag key that belongs to AWS or to this tool"),
  "too-many-tags": error("More tags than AWS takes"),
  "invalid-managed-policy": error("Neither the name nor the ARN of an AWS managed policy"),
  "customer-policy-arn": error("The ARN of a customer managed policy where an AWS managed one is needed"),
  "duplicate-policy": error("One policy stands twice in a permission set"),
  "many-policies": warning("More managed policies than IAM's default quota for a role"),
  "too-many-policies": error("More managed policies than a permission set takes"),
  "policy-too-large": error("An inline policy that is larger than AWS takes"),
  "policy-character": error("An inline policy with characters that AWS does not take"),
  // Assignments and accounts
  "invalid-time": error("A time that is no RFC 3339 time with an offset, or no time of day"),
  expired: warning("A time that has passed"),
  "unknown-time-zone": error("A time zone that is none"),
  "impossible-window": error("A freeze window that never begins, or never ends"),
  "duplicate-assignment": warning("Two assignment entries say the same"),
  "invalid-account-id": error("An account id that is not 12 digits"),
  "duplicate-account-id": warning("One account has two names"),
  "account-name-like-id": error("An account name that reads as an account id"),
  // Scope
  "removed-and-declared": error("An object is declared and listed under removed"),
  "previously-declared": error("An earlier name is still declared, removed, or claimed twice"),
  "ignored-and-declared": warning("An ignore rule covers an object that is declared"),
  "invalid-address-pattern": error("A pattern that can match no address"),
  "empty-manifest": warning("The manifest declares nothing"),
} as const satisfies Record<string, CodeInfo>;

export type ManifestCode = keyof typeof manifestCodes;

export interface CodeInfo {
  readonly severity: Finding["severity"];
  /** One line, for the documentation. */
  readonly description: string;
}

/** Where findings go while a manifest is read. */
export type Report = (finding: Finding) => void;

/** A finding with the severity that its code has. */
export function finding(
  code: ManifestCode,
  message: string,
  more: {
    position?: Position;
    hint?: string | undefined;
    related?: NonNullable<Finding["related"]>;
    address?: string;
  } = {},
): Finding {
  const { hint, ...rest } = more;
  return {
    code,
    severity: manifestCodes[code].severity,
    message,
    ...rest,
    ...(hint === undefined ? {} : { hint }),
  };
}

function error(description: string): CodeInfo {
  return { severity: "error", description };
}

function warning(description: string): CodeInfo {
  return { severity: "warning", description };
}
