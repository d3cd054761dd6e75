import { operation } from "../operation.ts";
import { page } from "../pages.ts";
import type { CallContext } from "../service.ts";
import { findInstance, invalid, notFound, quotaExceeded, visibleInstances } from "./lookup.ts";
import {
  instanceArn,
  instanceArnPattern,
  nextToken,
  permissionSetArnPattern,
  tagKey,
  tagList,
} from "./shapes.ts";

const maximumTags = 75;

const resourceArn = {
  type: "string",
  required: true,
  min: 10,
  max: 2048,
  pattern: new RegExp(
    `${instanceArnPattern.source}|${permissionSetArnPattern.source}|` +
      "arn:aws(-[a-z]{1,5}){0,3}:sso::\\d{12}:application/(sso)?ins-[a-zA-Z0-9-.]{16}/apl-[a-zA-Z0-9]{16}|" +
      "arn:aws(-[a-z]{1,5}){0,3}:sso::\\d{12}:trustedTokenIssuer/(sso)?ins-[a-zA-Z0-9-.]{16}/" +
      "tti-[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}",
  ),
} as const;

const optionalInstanceArn = { ...instanceArn, required: false } as const;

/** Tags never make a role stale: they are on the set only. */
export const tagOperations = {
  ListTagsForResource: operation(
    { InstanceArn: optionalInstanceArn, ResourceArn: resourceArn, NextToken: nextToken },
    (input, context) => {
      const tags = Object.entries(findTagged(context, input).tags);
      const { items, next } = page(context, input, tags, { key: ([key]) => key });
      return { Tags: items.map(([Key, Value]) => ({ Key, Value })), ...next };
    },
  ),

  TagResource: operation(
    { InstanceArn: optionalInstanceArn, ResourceArn: resourceArn, Tags: { ...tagList, required: true } },
    (input, context) => {
      const resource = findTagged(context, input);
      resource.tags = addTags(resource.tags, input.Tags);
      return {};
    },
  ),

  UntagResource: operation(
    {
      InstanceArn: optionalInstanceArn,
      ResourceArn: resourceArn,
      TagKeys: { type: "list", required: true, min: 1, max: 75, of: tagKey },
    },
    (input, context) => {
      const resource = findTagged(context, input);
      resource.tags = Object.fromEntries(
        Object.entries(resource.tags).filter(([key]) => !input.TagKeys.includes(key)),
      );
      return {};
    },
  ),
};

/** The tags with others added or changed; throws for a key given twice, a reserved key, or too many. */
export function addTags(
  tags: Readonly<Record<string, string>>,
  added: readonly { readonly Key: string; readonly Value: string }[],
): Record<string, string> {
  const keys = added.map((tag) => tag.Key);
  if (new Set(keys).size < keys.length) throw invalid("Tag keys must be unique within a request.");
  const reserved = keys.find((key) => key.toLowerCase().startsWith("aws:"));
  if (reserved !== undefined) throw invalid(`Tag key ${reserved} begins with the reserved prefix aws:`);
  const all = Object.fromEntries([...Object.entries(tags), ...added.map((tag) => [tag.Key, tag.Value])]);
  if (Object.keys(all).length > maximumTags) {
    throw quotaExceeded(`A resource can have at most ${maximumTags} tags.`);
  }
  return all;
}

/** Applications and trusted token issuers can be named, but a sandbox has none. */
function findTagged(
  context: CallContext,
  input: { readonly InstanceArn?: string; readonly ResourceArn: string },
): { tags: Record<string, string> } {
  const { ResourceArn } = input;
  const instances =
    input.InstanceArn === undefined ? visibleInstances(context) : [findInstance(context, input.InstanceArn)];
  const tagged = instances
    .flatMap((instance) => [
      { arn: instance.InstanceArn, resource: instance },
      ...instance.permissionSets.map((set) => ({ arn: set.PermissionSetArn, resource: set })),
    ])
    .find((candidate) => candidate.arn === ResourceArn);
  if (tagged) return tagged.resource;
  throw notFound(`Could not find the resource ${ResourceArn}`);
}
