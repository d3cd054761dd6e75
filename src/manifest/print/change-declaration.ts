import { isScalar, isSeq, type YAMLMap } from "yaml";
import type { AcceptedOf } from "./accepted.ts";
import { declareBoundary, declareReference, policyName } from "./declare.ts";

/** Each changes a declaration in place, so that it says what is live; answers what it could not say. */

export const changeUser = (
  declaration: YAMLMap,
  { differences }: AcceptedOf<"user">,
  create: CreateNode,
): readonly string[] => {
  const unsaid: string[] = [];
  for (const { attribute, live } of differences) {
    const [name = attribute, part] = attribute.split(".");
    if (part === undefined) {
      if (live === null && requiredAttributes.has(name))
        unsaid.push(`it has no ${name}, which a declared user needs`);
      else setValue(declaration, name, live, create);
      continue;
    }
    const group = declaration.get(name, true);
    if (isScalar(group) || group === undefined) {
      // A bare e-mail address or phone number stands for its value.
      if (part === "value") setValue(declaration, name, live, create);
      else if (live !== null) declaration.set(name, create({ [part]: live }));
    } else if (part === "value" && live === null) {
      declaration.set(name, null);
    } else if (live === null && !clearableGroups.has(name)) {
      declaration.deleteIn([name, part]);
    } else {
      declaration.setIn([name, part], create(live));
    }
  }
  return unsaid;
};

export const changeGroup = (
  declaration: YAMLMap,
  { differences }: AcceptedOf<"group">,
  create: CreateNode,
): readonly string[] =>
  differences.flatMap(({ attribute, live }) => {
    if (attribute !== "description") return ["its name: rename it in the manifest, with `previously`"];
    setValue(declaration, attribute, live, create);
    return [];
  });

/** The inline policy is left to the caller: it may stand in a file of its own. */
export const changePermissionSet = (
  declaration: YAMLMap,
  { differences, live: set }: AcceptedOf<"permissionSet">,
  create: CreateNode,
): readonly string[] => {
  if (set === null) return [];
  const put = (key: string, value: unknown): void => {
    if (value === null) declaration.delete(key);
    else setValue(declaration, key, value, create);
  };
  return differences.flatMap(({ attribute, live }) => {
    switch (attribute) {
      case "managedPolicies":
        put(attribute, set.managedPolicies.length === 0 ? null : set.managedPolicies.map(policyName));
        return [];
      case "customerManagedPolicies": {
        const references = set.customerManagedPolicies.map(declareReference);
        put(attribute, references.length === 0 ? null : references);
        return [];
      }
      case "permissionsBoundary":
        put(attribute, declareBoundary(set.permissionsBoundary));
        return [];
      case "tags":
        // Declared tags are exact, none included.
        put(attribute, set.tags ?? {});
        return [];
      case "owner":
        return ["the tag reconcile:owner, which says whose the set is"];
      case "inlinePolicy":
        return [];
      default:
        put(attribute, live);
        return [];
    }
  });
};

type CreateNode = (value: unknown) => unknown;

const requiredAttributes: ReadonlySet<string> = new Set(["givenName", "familyName", "displayName"]);
const clearableGroups: ReadonlySet<string> = new Set(["address", "enterprise"]);

/** Keeps the comment beside a value, and whether a list stands in brackets. */
const setValue = (declaration: YAMLMap, key: string, value: unknown, create: CreateNode): void => {
  const before = declaration.get(key, true);
  if (isScalar(before) && (typeof value !== "object" || value === null)) {
    before.value = value;
    return;
  }
  const node = create(value);
  if (isSeq(node)) {
    const short = node.items.every((item) => isScalar(item));
    node.flow = isSeq(before) ? before.flow === true : short;
  }
  declaration.set(key, node);
};
