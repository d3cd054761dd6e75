import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { root } from "../support/reconcile.ts";
import { type Benchmark, median, row } from "./row.ts";

const script = fileURLToPath(new URL("../../dist/reconcile.js", import.meta.url));
const commands: Readonly<Record<string, readonly string[]>> = {
  "validate examples/getting-started": [script, "validate", "examples/getting-started"],
  "--help": [script, "--help"],
  schema: [script, "schema"],
};

export const startUp: Benchmark = {
  name: "start",
  title: "Start-up, against Node.js that does nothing",
  run: async () => {
    const nothing: number[] = [];
    const times = Object.keys(commands).map((): number[] => []);
    // In turn, so that whatever else the machine does strikes all alike.
    for (let round = 0; round < rounds; round += 1) {
      nothing.push(milliseconds(["-e", "0"]));
      for (const [index, args] of Object.values(commands).entries()) times[index]?.push(milliseconds(args));
    }
    return Object.keys(commands).map((name, index) => {
      const own = times[index] ?? [];
      const ratio = median(own.map((time, round) => time / (nothing[round] ?? Number.NaN)));
      return row(
        `${name} ÷ node -e 0`,
        "ratio",
        { target: 2.5, measured: ratio },
        `${median(own).toFixed(0)} ms ÷ ${median(nothing).toFixed(0)} ms, median of ${rounds} paired runs`,
      );
    });
  },
};

const rounds = 25;

const milliseconds = (args: readonly string[]): number => {
  const start = performance.now();
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: "ignore" });
  if (status !== 0) throw new Error(`node ${args.join(" ")} exited with ${status}.`);
  return performance.now() - start;
};
