import type { Plan } from "../plan/plan.ts";
import { serialisePlan } from "../plan/plan-file.ts";
import { checkedOutCommit } from "./commit.ts";
import type { CommandContext } from "./context.ts";
import { writeFileAtomically } from "./write-file.ts";

/** Writes the plan for apply --plan, which takes it for `maxAge` milliseconds. */
export const savePlan = async (
  plan: Plan,
  file: string,
  maxAge: number,
  { now, env, cwd }: CommandContext,
): Promise<void> => {
  const createdAt = now();
  const saved = { createdAt, expiresAt: createdAt + maxAge, commit: await checkedOutCommit(env, cwd) };
  await writeFileAtomically(file, serialisePlan(plan, saved), cwd);
};
