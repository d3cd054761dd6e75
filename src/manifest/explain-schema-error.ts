import type { ErrorObject } from "ajv";
import type { Finding } from "../model/finding.ts";
import { closestName } from "../model/names.ts";
import { lengthOf } from "./characters.ts";
import { finding } from "./codes.ts";
import type { PathPart } from "./loaded-manifest.ts";
import { type Located, locate, valueAt } from "./located.ts";

/** One schema error in words. `path` addresses the value that is wrong, in `root`. */
export const explainSchemaError = (error: ErrorObject, path: readonly PathPart[], root: Located): Finding =>
  explanations[error.keyword]?.({ error, path, root }) ?? unexplained({ error, path, root });

/** Not a keyword of JSON Schema: a property of another branch of an anyOf than the one that was meant. */
export const eitherOr = "eitherOr";

interface Problem {
  readonly error: ErrorObject;
  readonly path: readonly PathPart[];
  readonly root: Located;
}

const explanations: Readonly<Record<string, (problem: Problem) => Finding>> = {
  additionalProperties: unknownProperty,
  [eitherOr]: ({ error, path, root }) => {
    const name = String(error.params["additionalProperty"]);
    const meant = Object.keys((error.parentSchema?.["properties"] ?? {}) as object);
    return finding(
      "either-or",
      `${Subject(path)} takes either '${name}' or ${meant.map((other) => `'${other}'`).join(" or ")}`,
      {
        position: locate(root, [...path, name], "key"),
        hint: "keep one of them",
      },
    );
  },
  required: ({ error, path, root }) =>
    finding("missing-property", `${Subject(path)} lacks '${String(error.params["missingProperty"])}'`, {
      position: locate(root, path),
      hint: describe(error.parentSchema?.["properties"], String(error.params["missingProperty"])),
    }),
  type: wrongType,
  anyOf: ({ error, path, root }) => {
    const alternatives = presenceAlternatives(error);
    if (alternatives.length === 0) return wrongType({ error, path, root });
    const message = `${Subject(path)} lacks ${alternatives.map((name) => `'${name}'`).join(" or ")}`;
    return finding("missing-property", message, { position: locate(root, path) });
  },
  enum: ({ error, path, root }) => {
    const allowed = error.params["allowedValues"] as string[];
    const closest = closestName(String(error.data), allowed);
    const hint = closest === undefined ? `use one of ${allowed.join(", ")}` : `did you mean '${closest}'?`;
    return finding("invalid-value", `${subject(path)} cannot be '${String(error.data)}'`, {
      position: locate(root, path),
      hint,
    });
  },
  const: ({ error, path, root }) =>
    finding("unsupported-version", `Version ${written(root, path, error.data)} is not known`, {
      position: locate(root, path),
      hint: "this release reads version: 1",
    }),
  pattern: ({ error, path, root }) =>
    finding("invalid-value", `'${String(error.data)}' is not a possible ${lastName(path)}`, {
      position: locate(root, path),
      hint: describeSchema(error.parentSchema),
    }),
  maxLength: ({ error, path, root }) => {
    const message = `${Subject(path)} has ${lengthOf(String(error.data))} characters; the most is ${String(error.params["limit"])}`;
    return finding("too-long", message, { position: locate(root, path) });
  },
  minLength: emptyValue,
  minItems: emptyValue,
  minProperties: emptyValue,
  minimum: outOfRange,
  maximum: outOfRange,
};

function unknownProperty({ error, path, root }: Problem): Finding {
  const name = String(error.params["additionalProperty"]);
  const known = Object.keys((error.parentSchema?.["properties"] ?? {}) as object);
  const closest = closestName(name, known);
  const noun = nouns[String(error.parentSchema?.["title"])] ?? subject(path);
  const hint = closest === undefined ? `it has ${listed(known)}` : `did you mean '${closest}'?`;
  return finding("unknown-property", `'${name}' is not a property of ${noun}`, {
    position: locate(root, [...path, name], "key"),
    hint,
  });
}

const nouns: Readonly<Record<string, string>> = {
  Manifest: "the manifest",
  Modes: "mode",
  User: "a user",
  Group: "a group",
  PermissionSet: "a permission set",
  CustomerManagedPolicy: "a customer managed policy",
  AssignmentEntry: "an assignment",
  AccountSelector: "an account selector",
  IgnoreRule: "an ignore rule",
  FreezeWindow: "a freeze window",
  PostalAddress: "an address",
};

function wrongType({ error, path, root }: Problem): Finding {
  const node = valueAt(root, path);
  const branches =
    error.keyword === "anyOf" ? (error.schema as readonly Branch[]) : [error.parentSchema as Branch];
  const expected = branches.flatMap(
    ({ type, enum: names }) => type ?? (names === undefined ? "object" : "string"),
  );
  const found = node === undefined ? "nothing" : kindOf(node);
  return finding("wrong-type", `${Subject(path)} must be ${expectedWords(expected)}, not ${found}`, {
    position: locate(root, path, node?.kind === "scalar" && node.plain === "" ? "key" : "value"),
    hint: typeHint(node, expected) ?? describeSchema(error.parentSchema),
  });
}

interface Branch {
  readonly type?: string | readonly string[];
  readonly enum?: readonly string[];
}

const expectedWords = (types: readonly string[]): string =>
  [...new Set(types)]
    .filter((type) => type !== "null")
    .map((type) => typeWords[type] ?? type)
    .join(" or ");

const typeWords: Readonly<Record<string, string>> = {
  string: "a text",
  object: "a map",
  array: "a list",
  boolean: "true or false",
  integer: "a whole number",
  number: "a number",
};

const kindOf = (node: Located): string => {
  if (node.kind === "map") return "a map";
  if (node.kind === "list") return "a list";
  if (node.value === null) return node.plain === "" ? "empty" : "null";
  if (typeof node.value === "string") return `the text '${node.value}'`;
  return typeof node.value === "number" ? `the number ${node.value}` : String(node.value);
};

/** What to write instead, where that is plain to see. */
const typeHint = (node: Located | undefined, expected: readonly string[]): string | undefined => {
  if (node === undefined || node.kind !== "scalar") return undefined;
  const text = node.plain ?? String(node.value);
  if (node.value === null) {
    if (expected.join() === "object") return "write {} for one without settings, or remove the key";
    return "remove the key, or give it a value";
  }
  if (expected.includes("string")) return `put it in quotes: "${text}"`;
  if (expected.includes("array")) return `write a list: [${text}]`;
  if (expected.includes("boolean") && /^(y|yes|on|true)$/i.test(text)) return "write true";
  if (expected.includes("boolean") && /^(n|no|off|false)$/i.test(text)) return "write false";
  if (expected.includes("integer") && /^\d+$/.test(text)) return "write it without quotes";
  return undefined;
};

function emptyValue({ path, root, error }: Problem): Finding {
  const clearable = [error.parentSchema?.["type"]].flat().includes("null");
  return finding("empty-value", `${Subject(path)} is empty`, {
    position: locate(root, path, "value"),
    hint: clearable
      ? "to clear it, write null; to leave it alone, remove it"
      : "remove it, or give it a value",
  });
}

function outOfRange({ error, path, root }: Problem): Finding {
  const limit = `${error.keyword === "minimum" ? "at least" : "at most"} ${String(error.params["limit"])}`;
  return finding("invalid-value", `${Subject(path)} must be ${limit}, not ${String(error.data)}`, {
    position: locate(root, path),
  });
}

/** A keyword that the schema came to use after this file was written: still a plain sentence. */
function unexplained({ error, path, root }: Problem): Finding {
  return finding("invalid-value", `${Subject(path)} ${error.message ?? "is not valid"}`, {
    position: locate(root, path),
    hint: describeSchema(error.parentSchema),
  });
}

/** Names of which one must be there, where an anyOf says nothing else. */
export const presenceAlternatives = (error: ErrorObject): readonly string[] => {
  const branches = error.schema as readonly { readonly required?: readonly string[] }[];
  const isPresence = branches.every((branch) => Object.keys(branch).join() === "required");
  return isPresence ? branches.flatMap(({ required }) => required ?? []) : [];
};

const written = (root: Located, path: readonly PathPart[], data: unknown): string => {
  const node = valueAt(root, path);
  return node?.kind === "scalar" && node.plain !== null ? node.plain : JSON.stringify(data);
};

/** The value in question, named by its nearest named ancestor: 'members', item 2 of 'members'. */
const subject = (path: readonly PathPart[]): string => {
  const last = path.at(-1);
  if (last === undefined) return "the manifest";
  return typeof last === "string" ? `'${last}'` : `item ${last + 1} of ${subject(path.slice(0, -1))}`;
};

const Subject = (path: readonly PathPart[]): string => {
  const text = subject(path);
  return text.charAt(0).toUpperCase() + text.slice(1);
};

const lastName = (path: readonly PathPart[]): string => {
  const [section, name] = path;
  if (section === "accounts" && name !== undefined) return "account id";
  return path.findLast((part) => typeof part === "string") ?? "value";
};

const listed = (names: readonly string[]): string =>
  names.length > 12 ? `${names.slice(0, 12).join(", ")}, ...` : names.join(", ");

const describe = (properties: unknown, name: string): string | undefined =>
  describeSchema((properties as Record<string, Record<string, unknown>> | undefined)?.[name]);

/** First sentence of the schema's own description. */
const describeSchema = (schema: Record<string, unknown> | undefined): string | undefined => {
  const description = schema?.["description"];
  if (typeof description !== "string") return undefined;
  const [example] = (schema?.["examples"] ?? []) as unknown[];
  const sentence = description.replace(/\.\s.*$/s, "").replace(/\.$/, "");
  return example === undefined ? sentence : `${sentence}, such as ${flow(example)}`;
};

/** A value as YAML in flow style. */
const flow = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(flow).join(", ")}]`;
  if (typeof value !== "object" || value === null) return String(value);
  return `{${Object.entries(value)
    .map(([key, item]) => `${key}: ${flow(item)}`)
    .join(", ")}}`;
};
