import { createHash } from "node:crypto";
import { canonicalJson } from "../model/canonical-json.ts";
import type { Instance } from "../model/live-state.ts";
import type { Change, GuardVerdict } from "./plan.ts";

/**
 * sha256, hex, of all that apply would do: to which instance, which changes, in which order, from what to what, and
 * which guards speak against it. Left out is what changes nothing of that: positions in files, reasons, risk, the
 * version of the tool, and whether a guard has been allowed, so that the digest of a refused plan is the one to
 * approve.
 */
export const planDigest = (
  instance: Instance,
  changes: readonly Change[],
  guards: readonly GuardVerdict[],
): string => {
  const hash = createHash("sha256");
  const { instanceArn, identityStoreId, ownerAccountId, region } = instance;
  hash.update(canonicalJson({ instanceArn, identityStoreId, ownerAccountId, region }));
  for (const { position: _position, reason: _reason, risk: _risk, ...rest } of changes) {
    hash.update("\n");
    hash.update(canonicalJson(rest));
  }
  hash.update("\n");
  hash.update(canonicalJson(guards.map(({ guard, args }) => ({ guard, args }))));
  return hash.digest("hex");
};
