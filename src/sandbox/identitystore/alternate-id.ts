import { invalid } from "./store.ts";

interface WithExternalIds {
  readonly ExternalIds: readonly { readonly Issuer: string; readonly Id: string }[];
}

/**
 * Tells whether an object is the one that an AlternateIdentifier means. `unique` gives the attributes that may be
 * asked for, by path.
 */
export function alternateId<T extends WithExternalIds>(
  identifier: unknown,
  unique: Readonly<Record<string, (object: T) => string | undefined>>,
): (object: T) => boolean {
  const { ExternalId, UniqueAttribute } = identifier as {
    readonly ExternalId?: { readonly Issuer: string; readonly Id: string };
    readonly UniqueAttribute?: { readonly AttributePath: string; readonly AttributeValue: unknown };
  };
  if (UniqueAttribute !== undefined) {
    const { AttributeValue: value } = UniqueAttribute;
    const path = lowerCamel(UniqueAttribute.AttributePath);
    const read = Object.hasOwn(unique, path) ? unique[path] : undefined;
    if (read === undefined) {
      throw invalid(`The attribute path ${path} is invalid: use ${Object.keys(unique).join(" or ")}.`);
    }
    if (typeof value !== "string") throw invalid(`The value of ${path} must be a string.`);
    return (object) => read(object) === value;
  }
  return (object) =>
    object.ExternalIds.some((each) => each.Issuer === ExternalId?.Issuer && each.Id === ExternalId.Id);
}

/** `DisplayName` and `Emails.Value`, the spelling of DescribeUser and DescribeGroup, mean the same paths. */
function lowerCamel(path: string): string {
  const parts = path.split(".").map((part) => part.charAt(0).toLowerCase() + part.slice(1));
  return parts.join(".");
}
