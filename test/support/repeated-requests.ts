import type { StoredRequest } from "../../src/sandbox/state.ts";

/** Targets that were asked for again after a request for the same had succeeded. */
export const repeatedRequests = (requests: readonly StoredRequest[]): readonly string[] => {
  const succeeded = new Set<string>();
  return requests.flatMap(({ kind, AccountId, PermissionSetArn, PrincipalId, Status }) => {
    const target = [kind, AccountId, PermissionSetArn, PrincipalId].join(" ");
    const isRepeated = kind !== "provision" && succeeded.has(target);
    if (Status === "SUCCEEDED") succeeded.add(target);
    return isRepeated ? [target] : [];
  });
};
