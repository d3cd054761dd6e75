import { operation } from "../operation.ts";
import { page } from "../pages.ts";
import { ServiceError } from "../service.ts";
import type { SandboxOrganization } from "../state.ts";
import { inPages, pageOptions, taggableResourceId } from "./shapes.ts";
import { findAccount, findUnit, readableOrganization } from "./tree.ts";

/** Of an account, an organizational unit or the root. There is no MaxResults: the service cuts its own pages. */
export const listTagsForResource = operation(
  { NextToken: inPages.NextToken, ResourceId: taggableResourceId },
  (input, context) => {
    const tags = Object.entries(tagsOf(readableOrganization(context), input.ResourceId));
    const { items, next } = page(context, input, tags, { ...pageOptions, key: ([key]) => key });
    return { Tags: items.map(([Key, Value]) => ({ Key, Value })), ...next };
  },
);

/** Units and the root can be asked too; the sandbox keeps tags on accounts only. */
function tagsOf(organization: SandboxOrganization, id: string): Readonly<Record<string, string>> {
  const account = findAccount(organization, id);
  if (account !== undefined) return account.tags;
  if (id === organization.rootId || findUnit(organization, id) !== undefined) return {};
  throw new ServiceError("TargetNotFoundException", "You specified a target that doesn't exist.");
}
