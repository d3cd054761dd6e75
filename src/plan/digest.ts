import { createHash } from "node:crypto";
import { canonicalJson } from "../model/canonical-json.ts";
import { isOfRun } from "./guards/guards.ts";
import type { Change, Plan } from "./plan.ts";
import { reachOf } from "./reach.ts";

/**
 * sha256, hex, of all that apply would do and on whose word: which manifest, which instance, which changes, in which
 * order, from what to what, whom each reaches by that and with what, and which guards speak against it. Left out is what
 * changes nothing of that: positions in files, why, the version of the tool, whether a guard has been allowed (so that
 * the digest of a refused plan is the one to approve), and guards that look at who runs or when (so that who reviews and
 * who applies may be two, and what is reviewed in a freeze window is applied after it).
 */
export const planDigest = ({
  instance,
  manifest,
  changes,
  guards,
}: Pick<Plan, "instance" | "manifest" | "changes" | "guards">): string => {
  const hash = createHash("sha256");
  const { instanceArn, identityStoreId, ownerAccountId, region } = instance;
  hash.update(canonicalJson({ instanceArn, identityStoreId, ownerAccountId, region }));
  hash.update("\n");
  hash.update(manifest.digest);
  for (const change of changes) {
    hash.update("\n");
    hash.update(effectOf(change));
    hash.update("\n");
    hash.update(canonicalJson(reachOf(change.risk)));
  }
  hash.update("\n");
  hash.update(
    canonicalJson(guards.filter(({ guard }) => !isOfRun(guard)).map(({ guard, args }) => ({ guard, args }))),
  );
  return hash.digest("hex");
};

/** What a change does, as text: two changes of one object do the same exactly when their texts are equal. */
export const effectOf = ({ position: _position, reason: _reason, risk: _risk, ...rest }: Change): string =>
  canonicalJson(rest);
