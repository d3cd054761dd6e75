import type { Assignment, Membership, PrincipalType } from "./access-state.ts";

/**
 * Addresses name objects wherever one is shown, stored or matched: `permissionSet/DeveloperAccess`,
 * `assignment/222222222222/DeveloperAccess/group:Developers`, `membership/Developers/jane.doe`.
 * A part's own `%`, `/` and control or format characters are percent-encoded, so that an address is one line, splits
 * without doubt, and two different objects never share one.
 */
export type Kind = "user" | "group" | "membership" | "permissionSet" | "provisioning" | "assignment";

const unsafe = /[%/\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

export const encodePart = (text: string): string =>
  text.replace(unsafe, (character) =>
    // A lone surrogate has no UTF-8 form.
    character.isWellFormed() ? encodeURIComponent(character) : `%u${character.charCodeAt(0).toString(16)}`,
  );

export const userAddress = (userName: string): string => `user/${encodePart(userName)}`;

export const groupAddress = (displayName: string): string => `group/${encodePart(displayName)}`;

export const membershipAddress = (membership: Membership): string =>
  `membership/${encodePart(membership.group)}/${encodePart(membership.user)}`;

export const permissionSetAddress = (name: string): string => `permissionSet/${encodePart(name)}`;

export const provisioningAddress = (permissionSet: string): string =>
  `provisioning/${encodePart(permissionSet)}`;

export const assignmentAddress = (assignment: Assignment): string =>
  `assignment/${assignment.accountId}/${encodePart(assignment.permissionSet)}/${principalLabel(assignment.principalType, assignment.principal)}`;

export const principalLabel = (type: PrincipalType, name: string): string =>
  `${type === "GROUP" ? "group" : "user"}:${encodePart(name)}`;

/** Total order for everything that is shown or stored: by code unit, the same in every locale. */
export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
