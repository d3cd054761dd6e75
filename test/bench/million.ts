import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { type Benchmark, row } from "./row.ts";

export const million: Benchmark = {
  name: "million",
  title: "Plan of 1,000,000 desired assignments against as many live ones, offline",
  run: async () => {
    const { seconds, bytes, inputBytes, changes } = await inChild();
    return [
      row("time of the plan", "s", { target: 10, measured: seconds }, `${changes} changes found`),
      row(
        "largest memory of the process",
        "GB",
        { target: 1.5, measured: bytes / 1e9 },
        `${(inputBytes / 1e9).toFixed(2)} GB of it before planning: the two states and Node.js itself`,
      ),
    ];
  },
};

export interface MillionResult {
  readonly seconds: number;
  /** Largest resident set of the process. */
  readonly bytes: number;
  /** Resident set before planning: both states, and Node.js itself. */
  readonly inputBytes: number;
  readonly changes: number;
}

/** In a process of its own, so that the memory is its own. */
const inChild = async (): Promise<MillionResult> => {
  const script = fileURLToPath(new URL("million-child.ts", import.meta.url));
  const child = spawn(process.execPath, ["--import", "tsx", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (part: string) => {
    text += part;
  });
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`The child ended with ${code}.`);
  return JSON.parse(text) as MillionResult;
};
