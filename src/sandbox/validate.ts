// Input validation as AWS's front ends do it: a wrong JSON type is a SerializationException; everything else is
// gathered into one ValidationException whose message lists every violated constraint.
import type { Field, StructureField } from "./service.ts";
import { ServiceError } from "./service.ts";

/** Throws ServiceError, or returns the input without nulls: AWS takes a null member for an absent one. */
export function validate(shape: StructureField, input: unknown): Record<string, unknown> {
  const violations: string[] = [];
  const value = checkStructure(shape, input, "", violations);
  if (violations.length > 0) {
    const errors = violations.length === 1 ? "error" : "errors";
    throw new ServiceError(
      "ValidationException",
      `${violations.length} validation ${errors} detected: ${violations.join("; ")}`,
    );
  }
  return value;
}

function checkStructure(
  shape: StructureField,
  value: unknown,
  path: string,
  violations: string[],
): Record<string, unknown> {
  if (!isObject(value)) throw wrongType(path, "a structure", value);
  const checked: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(shape.fields)) {
    const memberPath = joined(path, lowerFirst(name));
    const member = Object.hasOwn(value, name) ? value[name] : undefined;
    if (member !== undefined && member !== null) checked[name] = check(field, member, memberPath, violations);
    else if (field.type === "document" && member === null) checked[name] = null;
    else if (field.required) violations.push(violated(memberPath, "Member must not be null"));
  }
  if (shape.union && Object.keys(checked).length !== 1) {
    violations.push(violated(path, `Exactly one of ${Object.keys(shape.fields).join(", ")} must be set`));
  }
  return checked;
}

function check(field: Field, value: unknown, path: string, violations: string[]): unknown {
  switch (field.type) {
    case "structure":
      return checkStructure(field, value, path, violations);
    case "document":
      return value;
    case "boolean":
      if (typeof value !== "boolean") throw wrongType(path, "a Boolean", value);
      return value;
    case "integer":
      if (typeof value !== "number" || !Number.isInteger(value)) throw wrongType(path, "an Integer", value);
      checkRange(field, value, "value", path, violations);
      return value;
    case "string":
      if (typeof value !== "string") throw wrongType(path, "a String", value);
      checkString(field, value, path, violations);
      return value;
    case "list":
      if (!Array.isArray(value)) throw wrongType(path, "a list", value);
      checkRange(field, value.length, "length", path, violations);
      return value.map((item, index) => check(field.of, item, `${path}.${index + 1}.member`, violations));
    case "map":
      if (!isObject(value)) throw wrongType(path, "a map", value);
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [
          key,
          check(field.of, item, `${path}.${key}`, violations),
        ]),
      );
  }
}

function checkString(
  field: Extract<Field, { type: "string" }>,
  value: string,
  path: string,
  violations: string[],
): void {
  checkRange(field, Array.from(value).length, "length", path, violations);
  if (field.pattern && !matchesWhole(field.pattern, value)) {
    const pattern = field.pattern.source.replace(/^\^/, "").replace(/\$$/, "").replaceAll("\\/", "/");
    violations.push(violated(path, `Member must satisfy regular expression pattern: ${pattern}`));
  }
  if (field.enum && !field.enum.includes(value)) {
    violations.push(violated(path, `Member must satisfy enum value set: [${field.enum.join(", ")}]`));
  }
}

function checkRange(
  limits: { readonly min?: number; readonly max?: number },
  measured: number,
  what: "value" | "length",
  path: string,
  violations: string[],
): void {
  const must = what === "value" ? "Member must have value" : "Member must have length";
  if (limits.min !== undefined && measured < limits.min)
    violations.push(violated(path, `${must} greater than or equal to ${limits.min}`));
  if (limits.max !== undefined && measured > limits.max)
    violations.push(violated(path, `${must} less than or equal to ${limits.max}`));
}

function matchesWhole(pattern: RegExp, value: string): boolean {
  return new RegExp(`^(?:${pattern.source})$`, pattern.flags.replace(/[gy]/g, "")).test(value);
}

function violated(path: string, constraint: string): string {
  return `Value at '${path}' failed to satisfy constraint: ${constraint}`;
}

function wrongType(path: string, expected: string, value: unknown): ServiceError {
  const found = Array.isArray(value) ? "a list" : value === null ? "null" : `a JSON ${typeof value}`;
  return new ServiceError(
    "SerializationException",
    `${path === "" ? "The request" : `Member '${path}'`} must be ${expected}, not ${found}`,
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function joined(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
