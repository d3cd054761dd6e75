import { documentText, isDocument } from "./documents.ts";
import { text } from "./shapes.ts";
import { invalid } from "./store.ts";

/** The one extension that Identity Center knows. What it holds are documents, in lower camel case. */
const enterprise = "aws:identitystore:enterprise";

type Document = Readonly<Record<string, unknown>>;

/** The `Extensions` of CreateUser, checked, as an attribute of the user; no attribute where they hold nothing. */
export function readExtensions(given: Document | undefined): Record<string, unknown> {
  if (given === undefined) return {};
  if (Object.keys(given).length === 0) throw invalid("Extensions must have at least one member.");
  for (const name of Object.keys(given)) refuseUnknownExtension(name);
  return attribute(readDocument(given[enterprise], enterprise));
}

/** One step of UpdateUser on the extension or on something inside it; null removes what is there. */
export function updateExtension(attributes: Record<string, unknown>, path: string, value: unknown): void {
  const [name = "", ...keys] = path.split(".");
  refuseUnknownExtension(name);
  const extensions = isDocument(attributes.Extensions) ? attributes.Extensions : {};
  const current = isDocument(extensions[enterprise]) ? extensions[enterprise] : {};
  const next =
    keys.length === 0
      ? readDocument(value ?? {}, path)
      : withMember(current, keys, value === null ? undefined : read(value, path), path);
  delete attributes.Extensions;
  Object.assign(attributes, attribute(next));
}

function attribute(document: Document): Record<string, unknown> {
  return Object.keys(document).length === 0 ? {} : { Extensions: { [enterprise]: document } };
}

function withMember(document: Document, keys: readonly string[], value: unknown, path: string): Document {
  const [key = "", ...inner] = keys;
  const current = Object.hasOwn(document, key) ? document[key] : undefined;
  const { [key]: _, ...others } = document;
  if (inner.length === 0) return value === undefined ? others : { ...others, [key]: value };
  if (current !== undefined && !isDocument(current)) {
    throw invalid(`The attribute path ${path} is invalid: ${key} has no sub-attributes.`);
  }
  const next = withMember(current ?? {}, inner, value, path);
  return Object.keys(next).length === 0 ? others : { ...others, [key]: next };
}

function read(value: unknown, path: string): unknown {
  return isDocument(value) ? readDocument(value, path) : documentText(text, value, path);
}

function readDocument(value: unknown, path: string): Document {
  if (!isDocument(value)) throw invalid(`The value of ${path} must be a document.`);
  for (const key of Object.keys(value)) {
    if (!/^\$?\p{L}+$/u.test(key)) throw invalid(`${path} has an invalid attribute name: ${key}.`);
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, read(member, `${path}.${key}`)]),
  );
}

function refuseUnknownExtension(name: string): void {
  if (name !== enterprise) throw invalid(`${name} is not supported: the only extension is ${enterprise}.`);
}
