import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { UsageError } from "../model/errors.ts";
import { parsePlanFile } from "../plan/plan-file.ts";
import type { CommandContext } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import { postComment } from "./post-comment.ts";
import type { DefineCommand } from "./program.ts";

export const defineComment: DefineCommand = (command, context, done) => {
  command
    .requiredOption("--plan <file>", "the plan, as plan --out wrote it")
    .option(
      "--environment <key>",
      "which comment it is, where one pull request has several (default: the manifest's name)",
    )
    .action(async ({ plan, environment }: { plan: string; environment?: string }) => {
      const { plan: read, saved } = parsePlanFile(await readPlan(plan, context));
      const validAt = saved?.createdAt ?? context.now();
      // A plan file holds ids; plan --comment also knows the accounts' names.
      await postComment(read, { environment, validAt, accountNames: new Map() }, context);
      done(exitCodes.ok);
    });
};

const readPlan = async (file: string, { cwd }: CommandContext): Promise<string> => {
  try {
    return await readFile(resolve(cwd, file), "utf8");
  } catch (error) {
    throw new UsageError("cannot-read", `Cannot read the plan ${file}: ${(error as Error).message}`, {
      hint: "Write one with `reconcile plan --out FILE`",
      cause: error,
    });
  }
};
