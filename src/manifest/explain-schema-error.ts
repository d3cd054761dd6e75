import type { ErrorObject } from "ajv";
import type { Finding } from "../model/finding.ts";
import { closestName } from "../model/names.ts";
import { finding } from "./codes.ts";
import type { PathPart } from "./loaded-manifest.ts";
import { type Located, locate, valueAt } from "./located.ts";

/** One schema error in words. `path` addresses the value that is wrong, in `root`. */
export const explainSchemaError = (error: ErrorObject, path: readonly PathPart[], root: Located): Finding =>
  explanations[error.keyword]?.({ error, path, root }) ?? unexplained({ error, path, root });

interface Problem {
  readonly error: ErrorObject;
  readonly path: readonly PathPart[];
  readonly root: Located;
}

const explanations: Readonly<Record<string, (problem: Problem) => Finding>> = {
  additionalProperties: unknownProperty,
  required: ({ error, path, root }) =>
    finding("missing-property", `${Subject(path)} lacks '${String(error.params["missingProperty"])}'`, {
      position: locate(root, path),
      hint: describe(error.parentSchema?.["properties"], String(error.params["missingProperty"])),
    }),
  type: wrongType,
  anyOf: ({ error, path, root }) => {
    const alternatives = (error.schema as { required?: string[] }[]).flatMap(
      ({ required }) => required ?? [],
    );
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
    const message = `${Subject(path)} has ${[...String(error.data)].length} characters; the most is ${String(error.params["limit"])}`;
    return finding("too-long", message, { position: locate(root, path) });
  },
  minLength: emptyValue,
  minItems: emptyValue,
  minProperties: emptyValue,
  minimum: outOfRange,
  maximum: outOfRange,
  uniqueItems: ({ error, path, root }) => {
    const [later, earlier] = [error.params["i"], error.params["j"]].map(Number).sort((a, b) => b - a);
    return finding("duplicate-item", `${subject(path)} holds one item twice`, {
      position: locate(root, [...path, later ?? 0]),
      related: { message: "first here", position: locate(root, [...path, earlier ?? 0]) },
      hint: "keep one of them",
    });
  },
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
  PostalAddress: "an address",
};

function wrongType({ error, path, root }: Problem): Finding {
  const node = valueAt(root, path);
  const types = [
    error.params["type"] ?? (error.schema as { type?: string }[]).map(({ type }) => type ?? "object"),
  ];
  const expected = types.flat().map(String);
  const found = node === undefined ? "nothing" : kindOf(node);
  return finding("wrong-type", `${Subject(path)} must be ${expectedWords(expected)}, not ${found}`, {
    position: locate(root, path, node?.kind === "scalar" && node.plain === "" ? "key" : "value"),
    hint: typeHint(node, expected) ?? describeSchema(error.parentSchema),
  });
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
    if (expected.includes("object")) return "write {} for one without settings, or remove the key";
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
  return finding("empty-value", `${Subject(path)} is empty`, {
    position: locate(root, path, "value"),
    hint: describeSchema(error.parentSchema),
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
  return String(path.findLast((part) => typeof part === "string") ?? "value");
};

const listed = (names: readonly string[]): string =>
  names.length > 12 ? `${names.slice(0, 12).join(", ")}, ...` : names.join(", ");

const describe = (properties: unknown, name: string): string | undefined =>
  describeSchema((properties as Record<string, Record<string, unknown>> | undefined)?.[name]);

/** First sentence of the schema's own description. */
const describeSchema = (schema: Record<string, unknown> | undefined): string | undefined => {
  const description = schema?.["description"];
  return typeof description === "string" ? description.replace(/\.(\s.*)?$/s, "") : undefined;
};
