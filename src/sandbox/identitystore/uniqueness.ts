import type { SandboxInstance } from "../state.ts";
import { invalid, taken } from "./store.ts";
import { emailOf } from "./user-attributes.ts";

/**
 * What has to be unique in a store. AWS does not say whether upper and lower case differ: the sandbox refuses twins,
 * so that nobody comes to depend on having both.
 */

export function refuseTakenUserName(store: SandboxInstance, name: string): void {
  refuseReserved(name);
  if (store.users.some((user) => sameName(user.UserName, name))) throw taken("Duplicate UserName");
}

/** `except` is the user that is being changed. */
export function refuseTakenEmail(
  store: SandboxInstance,
  attributes: Readonly<Record<string, unknown>>,
  except?: string,
): void {
  const email = emailOf(attributes);
  if (email === undefined) return;
  const twin = store.users.some(
    (user) => user.UserId !== except && sameName(emailOf(user.attributes) ?? "", email),
  );
  if (twin) throw taken("Duplicate Email");
}

/** `except` is the group that is being changed. */
export function refuseTakenGroupName(store: SandboxInstance, name: string, except?: string): void {
  refuseReserved(name);
  const twin = store.groups.some((group) => group.GroupId !== except && sameName(group.DisplayName, name));
  if (twin) throw taken("Duplicate GroupDisplayName");
}

function refuseReserved(name: string): void {
  if (["Administrator", "AWSAdministrators"].some((reserved) => sameName(reserved, name))) {
    throw invalid(`${name} is a reserved name and can't be used for users or groups.`);
  }
}

function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
