import { parsePlanFile } from "../plan/plan-file.ts";
import { planMarkdown } from "../report/plan-markdown.ts";
import { environmentOption } from "./environment-option.ts";
import { exitCodes } from "./exit-codes.ts";
import { forgeIfAny, postComment } from "./post-comment.ts";
import type { DefineCommand } from "./program.ts";
import { readPlanText } from "./reviewed.ts";

/** Where no comment can be kept, its Markdown is the result: for whatever else shows it to reviewers. */
export const defineComment: DefineCommand = (command, context, done) => {
  command
    .requiredOption("--plan <file>", "the plan, as plan --out wrote it")
    .addOption(
      environmentOption(
        "which comment it is, where one pull request has several (default: the manifest's own)",
      ),
    )
    .action(async ({ plan, environment }: { plan: string; environment?: string }) => {
      const forge = forgeIfAny(context);
      const { plan: read, saved } = parsePlanFile(await readPlanText(plan, context.cwd));
      const validAt = saved?.createdAt ?? context.now();
      const accountNames = saved?.accountNames ?? new Map<string, string>();
      if (forge === null) {
        context.stderr.write(
          "No comment: this is neither GitHub Actions nor GitLab CI. Its Markdown is on stdout.\n",
        );
        context.stdout.write(planMarkdown(read, accountNames, { validAt, approveBy: "merge" }));
      } else {
        const manifest = saved?.manifest ?? "";
        const comment = { environment, manifest, validAt, accountNames, inSummary: false };
        const left = await postComment(read, forge, comment, context);
        if (left !== null) context.stdout.write(left);
      }
      done(exitCodes.ok);
    });
};
