import { requirePullRequest } from "./description.ts";
import type { Forge } from "./forge.ts";

/**
 * The commit that the pull request is at now, where this run was for an earlier one: a workflow of a commit that has
 * been replaced, run again or late. null: this run is for the newest commit, or does not know for which.
 *
 * Rejects with ForgeError where the forge does not tell: a plan that may be of a commit that is gone is not to stand as
 * if it were that of the newest.
 */
export const newerHead = async (forge: Forge): Promise<string | null> => {
  const { headSha } = requirePullRequest(forge.description);
  if (headSha === null) return null;
  const first = await forge.currentHead();
  if (first === headSha) return null;
  // What a forge tells may lag behind the push that started this run.
  await forge.clock.sleep(lag);
  const head = await forge.currentHead();
  return head === headSha ? null : head;
};

/** Milliseconds. */
const lag = 3000;
