import type { ReconcileError } from "../model/errors.ts";
import { escapeTerminal } from "../report/escape.ts";
import type { Output } from "./context.ts";

/** What is wrong, where, and what to do. */
export const tellError = ({ code, message, hint }: ReconcileError, stderr: Output): void => {
  const [first = "", ...more] = message.split("\n");
  stderr.write(`error[${code}]: ${escapeTerminal(first)}\n`);
  // A line of its own could pass for a workflow command of the CI system; behind a bar it cannot.
  for (const line of more) stderr.write(`  | ${escapeTerminal(line)}\n`);
  if (hint !== undefined) stderr.write(`  = ${escapeTerminal(hint)}\n`);
};
