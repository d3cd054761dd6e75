/** The large form of the chaos test: npm run chaos [-- --seeds 1000 --from 1 --jobs 2]. Prints what failed, and how to repeat it. */
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import pLimit from "p-limit";
import { runSeed } from "../support/chaos.ts";

const { values } = parseArgs({
  options: { seeds: { type: "string" }, from: { type: "string" }, jobs: { type: "string" } },
});
const from = Number(values.from ?? 1);
const seeds = Array.from({ length: Number(values.seeds ?? 1000) }, (_, index) => from + index);
const limit = pLimit(Number(values.jobs ?? availableParallelism()));
const totals = { seeds: 0, kills: 0, faults: 0, requests: 0, violations: 0 };

await Promise.all(
  seeds.map((seed) =>
    limit(async () => {
      const { killed, faults, requests, violations } = await runSeed(seed);
      totals.seeds += 1;
      totals.kills += killed ? 1 : 0;
      totals.faults += faults;
      totals.requests += requests;
      totals.violations += violations.length;
      for (const violation of violations) console.log(`seed ${seed}: ${violation.slice(0, 2000)}`);
      if (violations.length > 0) console.log(`  again: npm run chaos -- --from ${seed} --seeds 1`);
      if (totals.seeds % 50 === 0) console.log(JSON.stringify(totals));
    }),
  ),
);
console.log(JSON.stringify(totals));
process.exitCode = totals.violations === 0 ? 0 : 1;
