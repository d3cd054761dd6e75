import { operation } from "../operation.ts";
import type { StoredGroup } from "../state.ts";
import type { AttributeStep } from "./attribute-steps.ts";
import { attributeSteps } from "./attribute-steps.ts";
import { documentText } from "./documents.ts";
import { attributeOperations, groupDisplayName, inStore, resourceId, text } from "./shapes.ts";
import { findGroup, invalid, writableStore } from "./store.ts";
import { refuseTakenGroupName } from "./uniqueness.ts";

type Writable = Pick<StoredGroup, "DisplayName" | "Description">;

/** All steps hold or none does. A new name keeps the id, and with it every membership and assignment. */
export const updateGroup = operation(
  { ...inStore, GroupId: resourceId, Operations: attributeOperations },
  (input, context) => {
    const store = writableStore(input, context, "UpdateGroup");
    const group = findGroup(store, input.GroupId);
    const changed = attributeSteps(input.Operations).reduce<Writable>(withStep, group);
    if (changed.DisplayName !== group.DisplayName) {
      refuseTakenGroupName(store, changed.DisplayName, group.GroupId);
    }
    group.DisplayName = changed.DisplayName;
    delete group.Description;
    if (changed.Description !== undefined) group.Description = changed.Description;
    group.UpdatedAt = context.now;
    return {};
  },
);

function withStep({ DisplayName, Description }: Writable, { path, value }: AttributeStep): Writable {
  switch (path) {
    // The name is taken in the spelling of DescribeGroup too.
    case "displayName":
    case "DisplayName":
      if (value === null) throw invalid("displayName is a required attribute and can't be removed.");
      return {
        DisplayName: documentText(groupDisplayName, value, path),
        ...(Description === undefined ? {} : { Description }),
      };
    case "description":
      return { DisplayName, ...(value === null ? {} : { Description: documentText(text, value, path) }) };
    default:
      throw invalid(`The attribute path ${path} is invalid or can't be changed.`);
  }
}
