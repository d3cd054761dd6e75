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
  const place = placeOf(path);
  if (place === undefined) throw invalid(`The attribute path ${path} is invalid or can't be changed.`);
  if (value === null && required.has(path)) {
    throw invalid(`${path} is a required attribute and can't be removed.`);
  }
  const { inName, member, field } = place;
  const target = inName ? { ...(attributes.Name as Record<string, unknown> | undefined) } : attributes;
  if (value === null) delete target[member];
  else target[member] = fromDocument(field, value, path);
  if (inName) attributes.Name = target;
}

interface Place {
  readonly inName: boolean;
  readonly member: string;
  readonly field: Field;
}

/** Names are changed part by part, everything else whole. The user name and what the service keeps are not here. */
function placeOf(path: string): Place | undefined {
  const [first = "", ...rest] = path.split(".");
  const inName = first === "name" && rest.length === 1;
  if (!inName && (rest.length > 0 || first === "name")) return undefined;
  const fields: Readonly<Record<string, Field>> = inName ? userAttributes.Name.fields : userAttributes;
  const member = storedName(inName ? rest[0] : first);
  const field = member !== undefined && Object.hasOwn(fields, member) ? fields[member] : undefined;
  return member === undefined || field === undefined ? undefined : { inName, member, field };
}
