import { assignSpeed } from "./assign-speed.ts";
import { callCount } from "./call-count.ts";
import { commentSpeed } from "./comment-speed.ts";
import { million } from "./million.ts";
import { readSpeed } from "./read-speed.ts";
import { type Benchmark, renderRows } from "./row.ts";
import { startUp } from "./start-up.ts";

/**
 * `npm run bench`, or `npm run bench -- NAME ...`. One after the other: none may slow another down. They measure and
 * never fail a build; call counts come from the sandbox's log.
 */
const benchmarks: readonly Benchmark[] = [startUp, million, commentSpeed, callCount, readSpeed, assignSpeed];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !benchmarks.some((benchmark) => benchmark.name === name));
if (unknown.length > 0) {
  process.stderr.write(
    `No benchmark ${unknown.join(", ")}. There are: ${benchmarks.map(({ name }) => name).join(", ")}.\n`,
  );
  process.exitCode = 3;
} else {
  for (const { name, title, run } of benchmarks) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    process.stdout.write(`\n${name}: ${title}\n`);
    process.stdout.write(renderRows(await run()));
  }
}
