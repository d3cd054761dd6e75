import type { Coverage, Unread } from "./live-state.ts";

/** What says that the object at `address` was not read; undefined: it was, so that its absence is real. */
export const unreadAt = (coverage: Coverage, address: string): Unread | undefined =>
  coverage.unread.find(({ scope }) => scopeCovers(scope, address));

/** Addresses hold no bare slash inside a part (address.ts), so that both split without doubt. */
export const scopeCovers = (scope: string, address: string): boolean => {
  const patterns = scope.split("/");
  const parts = address.split("/");
  const takesRest = patterns.at(-1) === "*";
  if (takesRest ? parts.length < patterns.length : parts.length !== patterns.length) return false;
  return patterns.every((pattern, index) => pattern === parts[index] || pattern === "*");
};
