import { operation } from "../operation.ts";
import type { Field } from "../service.ts";
import type { AttributeStep } from "./attribute-steps.ts";
import { attributeSteps } from "./attribute-steps.ts";
import { fromDocument, storedName } from "./documents.ts";
import { updateExtension } from "./extensions.ts";
import { attributeOperations, inStore, resourceId } from "./shapes.ts";
import { findUser, invalid, writableStore } from "./store.ts";
import { refuseTakenEmail } from "./uniqueness.ts";
import { userAttributes } from "./user-attributes.ts";

const required = new Set(["displayName", "name.givenName", "name.familyName"]);

/** All steps hold or none does. */
export const updateUser = operation(
  { ...inStore, UserId: resourceId, Operations: attributeOperations },
  (input, context) => {
    const store = writableStore(input, context, "UpdateUser");
    const user = findUser(store, input.UserId);
    const attributes = structuredClone(user.attributes);
    for (const step of attributeSteps(input.Operations)) applyStep(attributes, step);
    refuseTakenEmail(store, attributes, user.UserId);
    user.attributes = attributes;
    user.UpdatedAt = context.now;
    return {};
  },
);

function applyStep(attributes: Record<string, unknown>, { path, value }: AttributeStep): void {
  if (path.includes(":")) return updateExtension(attributes, path, value);
  if (value === null && required.has(path))
    throw invalid(`${path} is a required attribute and can't be removed.`);
  const field = fieldAt(path);
  if (field === undefined) throw invalid(`The attribute path ${path} is invalid or can't be changed.`);
  const [first = "", second] = path.split(".").map((part) => storedName(part) ?? "");
  if (second === undefined) return setMember(attributes, first, field, value, path);
  const name = { ...(attributes[first] as Record<string, unknown> | undefined) };
  setMember(name, second, field, value, path);
  attributes[first] = name;
}

function setMember(
  target: Record<string, unknown>,
  name: string,
  field: Field,
  value: unknown,
  path: string,
): void {
  if (value === null) delete target[name];
  else target[name] = fromDocument(field, value, path);
}

/** Names are changed part by part, everything else whole. The user name and what the service keeps are not here. */
function fieldAt(path: string): Field | undefined {
  const [first, second, third] = path.split(".");
  const name = storedName(first ?? "");
  if (name === undefined || third !== undefined) return undefined;
  if (name !== "Name") return second === undefined ? own(userAttributes, name) : undefined;
  const part = second === undefined ? undefined : storedName(second);
  return part === undefined ? undefined : own(userAttributes.Name.fields, part);
}

function own(fields: Readonly<Record<string, Field>>, name: string): Field | undefined {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}
