import { type Saved, serialisePlan } from "../plan/plan-file.ts";
import { checkedOutCommit } from "./commit.ts";
import type { CommandContext } from "./context.ts";
import { accountNames, type Planned } from "./read-stages.ts";
import { writeFileAtomically } from "./write-file.ts";

/**
 * Writes the plan for apply --plan, which takes it for `maxAge` milliseconds from when AWS was read. The names of its
 * accounts go with it, so that whoever renders it later shows the same, and so does `manifest`, where it is in the
 * repository, which tells whose comment it is.
 */
export const savePlan = async (
  planned: Planned,
  file: string,
  { maxAge, manifest }: { readonly maxAge: number; readonly manifest: string },
  { env, cwd }: CommandContext,
): Promise<void> => {
  const { plan, readAt } = planned;
  const mentioned = new Set(serialisePlan(plan).match(/(?<!\d)\d{12}(?!\d)/g));
  const saved: Saved = {
    createdAt: readAt,
    expiresAt: readAt + maxAge,
    commit: await checkedOutCommit(env, cwd),
    manifest,
    accountNames: new Map([...accountNames(planned)].filter(([id]) => mentioned.has(id))),
  };
  await writeFileAtomically(file, serialisePlan(plan, saved), cwd);
};
