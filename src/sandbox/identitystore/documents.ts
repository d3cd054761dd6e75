import type { Field } from "../service.ts";
import { invalid } from "./store.ts";

/**
 * Attribute values of UpdateUser and UpdateGroup. They are free documents on the wire, so the service's general input
 * checks do not see inside: names are in lower camel case, a list is given whole, a sub-attribute is removed by
 * leaving it out, and null inside a value is refused.
 */

/** `value` in the shape that CreateUser takes; `field` describes that shape. Throws ValidationException. */
export function fromDocument(field: Field, value: unknown, path: string): unknown {
  switch (field.type) {
    case "string":
      return documentText(field, value, path);
    case "boolean":
      if (typeof value !== "boolean") throw invalid(`The value of ${path} must be a boolean.`);
      return value;
    case "list":
      if (!Array.isArray(value)) throw invalid(`The value of ${path} must be a list.`);
      checkSize(field, value.length, path, "items");
      return value.map((item, index) => fromDocument(field.of, item, `${path}[${index}]`));
    case "structure":
      return fromStructure(field.fields, value, path);
    default:
      throw invalid(`The attribute path ${path} is invalid.`);
  }
}

/** A string within the limits of `field`. */
export function documentText(
  field: { readonly min?: number; readonly max?: number; readonly pattern?: RegExp },
  value: unknown,
  path: string,
): string {
  if (typeof value !== "string") throw invalid(`The value of ${path} must be a string.`);
  checkSize(field, Array.from(value).length, path, "characters");
  if (field.pattern?.test(value) === false) {
    throw invalid(`The value of ${path} has characters or a form that are not allowed.`);
  }
  return value;
}

export function isDocument(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function fromStructure(fields: Readonly<Record<string, Field>>, value: unknown, path: string): unknown {
  if (!isDocument(value)) throw invalid(`The value of ${path} must be a document.`);
  const result: Record<string, unknown> = {};
  for (const [key, member] of Object.entries(value)) {
    const name = storedName(key);
    const field = name !== undefined && Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (name === undefined || field === undefined) throw invalid(`${path} has no attribute ${key}.`);
    result[name] = fromDocument(field, member, `${path}.${key}`);
  }
  const missing = Object.keys(fields).find(
    (name) => fields[name]?.required === true && !Object.hasOwn(result, name),
  );
  if (missing !== undefined) throw invalid(`${path} must have a value for ${missing}.`);
  return result;
}

/** `nickName` → `NickName`; undefined for a name that is not in lower camel case. */
export function storedName(name = ""): string | undefined {
  return /^[a-z][A-Za-z]*$/.test(name) ? name.charAt(0).toUpperCase() + name.slice(1) : undefined;
}

function checkSize(
  field: { readonly min?: number; readonly max?: number },
  size: number,
  path: string,
  unit: string,
): void {
  if (size >= (field.min ?? 0) && size <= (field.max ?? Number.POSITIVE_INFINITY)) return;
  throw invalid(
    `The value of ${path} must have ${field.min ?? 0} to ${field.max ?? "any number of"} ${unit}.`,
  );
}
