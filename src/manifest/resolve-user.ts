import type { User as ManifestUser } from "../generated/manifest.ts";
import type { UserAttribute, UserAttributeValue } from "../model/access-state.ts";
import type { UserAttributes } from "../model/ports.ts";
import { userAttributes } from "../model/user-attributes.ts";

/**
 * The attributes that the manifest manages, flat: absent ones stay absent, null ones are to be cleared. A bare e-mail
 * address or phone number manages the value alone, not its type; null for a whole group clears every part of it.
 */
export function flattenManifestUser(user: ManifestUser): UserAttributes {
  const flat: Partial<Record<UserAttribute, UserAttributeValue>> = {};
  const nested: Readonly<Record<string, unknown>> = { ...user };
  for (const attribute of userAttributes) {
    const [name = attribute, part] = attribute.split(".");
    const value = part === undefined ? nested[name] : partOf(nested[name], part);
    if (value === null || typeof value === "string" || typeof value === "boolean") flat[attribute] = value;
  }
  return flat;
}

function partOf(group: unknown, part: string): unknown {
  if (group === null) return null;
  if (typeof group === "string") return part === "value" ? group : undefined;
  return typeof group === "object" ? ({ ...group } as Readonly<Record<string, unknown>>)[part] : undefined;
}
