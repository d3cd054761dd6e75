import { parsePlanFile } from "../plan/plan-file.ts";
import { exitCodes } from "./exit-codes.ts";
import { forgeToComment, postComment } from "./post-comment.ts";
import type { DefineCommand } from "./program.ts";
import { readPlanText } from "./reviewed.ts";

export const defineComment: DefineCommand = (command, context, done) => {
  command
    .requiredOption("--plan <file>", "the plan, as plan --out wrote it")
    .option(
      "--environment <key>",
      "which comment it is, where one pull request has several (default: the manifest's name)",
    )
    .action(async ({ plan, environment }: { plan: string; environment?: string }) => {
      const forge = forgeToComment(context);
      const { plan: read, saved } = parsePlanFile(await readPlanText(plan, context.cwd));
      const validAt = saved?.createdAt ?? context.now();
      const accountNames = saved?.accountNames ?? new Map<string, string>();
      await postComment(read, forge, { environment, validAt, accountNames }, context);
      done(exitCodes.ok);
    });
};
