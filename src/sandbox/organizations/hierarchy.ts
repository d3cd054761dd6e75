import { operation } from "../operation.ts";
import { page } from "../pages.ts";
import { ServiceError } from "../service.ts";
import type { SandboxOrganization } from "../state.ts";
import { childId, inPages, organizationalUnitId, pageOptions, parentId } from "./shapes.ts";
import { arnOf, findAccount, findUnit, readableOrganization, requireParent, unitOutput } from "./tree.ts";

export const listRoots = operation(inPages, (input, context) => {
  const organization = readableOrganization(context);
  const { items, next } = page(context, input, [organization.rootId], { ...pageOptions, key: (id) => id });
  const roots = items.map((Id) => ({
    Id,
    Arn: arnOf(organization, "root", Id),
    Name: "Root",
    PolicyTypes: [],
  }));
  return { Roots: roots, ...next };
});

/** Direct children only. */
export const listOrganizationalUnitsForParent = operation(
  { ...inPages, ParentId: parentId },
  (input, context) => {
    const organization = readableOrganization(context);
    requireParent(organization, input.ParentId);
    const children = organization.organizationalUnits.filter((unit) => unit.ParentId === input.ParentId);
    const { items, next } = page(context, input, children, { ...pageOptions, key: (unit) => unit.Id });
    return { OrganizationalUnits: items.map((unit) => unitOutput(organization, unit)), ...next };
  },
);

export const describeOrganizationalUnit = operation(
  { OrganizationalUnitId: organizationalUnitId },
  (input, context) => {
    const organization = readableOrganization(context);
    const unit = findUnit(organization, input.OrganizationalUnitId);
    if (unit === undefined) {
      throw new ServiceError(
        "OrganizationalUnitNotFoundException",
        "You specified an organizational unit that doesn't exist.",
      );
    }
    return { OrganizationalUnit: unitOutput(organization, unit) };
  },
);

/** Accounts and units have one parent each. */
export const listParents = operation({ ...inPages, ChildId: childId }, (input, context) => {
  const organization = readableOrganization(context);
  const child = findAccount(organization, input.ChildId) ?? findUnit(organization, input.ChildId);
  if (child === undefined) {
    throw new ServiceError("ChildNotFoundException", "You specified a child that doesn't exist.");
  }
  const { items, next } = page(context, input, [child.ParentId], { ...pageOptions, key: (id) => id });
  const parents = items.map((Id) => ({
    Id,
    Type: Id === organization.rootId ? "ROOT" : "ORGANIZATIONAL_UNIT",
  }));
  return { Parents: parents, ...next };
});

export const listChildren = operation(
  {
    ...inPages,
    ParentId: parentId,
    ChildType: { type: "string", required: true, enum: ["ACCOUNT", "ORGANIZATIONAL_UNIT"] },
  },
  (input, context) => {
    const organization = readableOrganization(context);
    requireParent(organization, input.ParentId);
    const children = ofType(organization, input.ChildType)
      .filter((child) => child.ParentId === input.ParentId)
      .map((child) => child.Id);
    const { items, next } = page(context, input, children, { ...pageOptions, key: (id) => id });
    return { Children: items.map((Id) => ({ Id, Type: input.ChildType })), ...next };
  },
);

function ofType(
  organization: SandboxOrganization,
  type: "ACCOUNT" | "ORGANIZATIONAL_UNIT",
): readonly { readonly Id: string; readonly ParentId: string }[] {
  return type === "ACCOUNT" ? organization.accounts : organization.organizationalUnits;
}
