import { createInterface } from "node:readline";
import type { CommandContext } from "./context.ts";

/** Whether there is a person to ask: a terminal to read from and one to write to. */
export const canAsk = ({ stdin, stderr }: CommandContext): boolean => stdin.isTTY === true && stderr.isTTY;

/** Asks on the terminal. Only the word yes is a yes; an interruption or the end of input is a no. */
export const askYes = async (question: string, context: CommandContext): Promise<boolean> => {
  if (context.signal.aborted) return false;
  context.stderr.write(`\n${question} `);
  const lines = createInterface({ input: context.stdin });
  const stop = () => lines.close();
  context.signal.addEventListener("abort", stop, { once: true });
  try {
    for await (const line of lines) return line.trim() === "yes";
    return false;
  } finally {
    context.signal.removeEventListener("abort", stop);
    lines.close();
  }
};
