import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { serialisePlan } from "../../src/plan/plan-file.ts";
import { cleanEnvironment } from "../support/reconcile.ts";
import { hugePlan } from "../unit/report/support/huge-plan.ts";
import { type Benchmark, median, row } from "./row.ts";

const script = fileURLToPath(new URL("../../dist/reconcile.js", import.meta.url));

export const commentSpeed: Benchmark = {
  name: "comment",
  title: "The comment of a plan with 5,000 changes, from the saved plan to the Markdown",
  run: async () => {
    const folder = mkdtempSync(join(tmpdir(), "reconcile-bench-"));
    try {
      const plan = hugePlan();
      writeFileSync(join(folder, "plan.json"), serialisePlan(plan));
      const runs = Array.from({ length: rounds }, () => comment(folder));
      const characters = runs[0]?.characters ?? 0;
      return [
        row(
          "reconcile comment --plan FILE",
          "s",
          { target: 2, measured: median(runs.map(({ seconds }) => seconds)) },
          `${plan.changes.length} changes in ${characters} characters, median of ${rounds} runs, start-up included`,
        ),
      ];
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

const rounds = 5;

/** Where there is no pull request, the command prints what would be posted. */
const comment = (folder: string): { readonly seconds: number; readonly characters: number } => {
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, "comment", "--plan", "plan.json"], {
    cwd: folder,
    env: cleanEnvironment(),
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`reconcile comment exited with ${status}: ${stderr}`);
  return { seconds: (performance.now() - start) / 1000, characters: stdout.length };
};
