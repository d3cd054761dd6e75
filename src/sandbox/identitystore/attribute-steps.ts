import { invalid } from "./store.ts";

export interface AttributeStep {
  /** In lower camel case, such as `name.givenName` or `aws:identitystore:enterprise.costCenter`. */
  readonly path: string;
  /** The new value; null removes the attribute. */
  readonly value: unknown;
}

interface Operation {
  readonly AttributePath: string;
  readonly AttributeValue?: unknown;
}

/**
 * The Operations of UpdateUser and UpdateGroup, in order. Only a null that is really in the request removes an
 * attribute: AWS documents "requires a null to unset", some SDKs drop a null on the way out, and a client that loses
 * its nulls has to find that out here.
 */
export function attributeSteps(operations: readonly Operation[]): readonly AttributeStep[] {
  return operations.map(({ AttributePath: path, AttributeValue: value }) => {
    if (value === undefined) {
      throw invalid(`AttributeValue is required for ${path}: send null to remove the attribute.`);
    }
    return { path, value };
  });
}
