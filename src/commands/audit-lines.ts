import { createReadStream, lstatSync } from "node:fs";
import { resolve } from "node:path";
import { createInterface } from "node:readline";

export type AuditFields = Readonly<Record<string, unknown>>;

/**
 * The lines of an audit trail that are about one plan, oldest first, their fields unchecked. None where there is no such
 * file: only a file can be read again, what went to a terminal or a pipe is gone. A line that a crash has cut has no fields.
 */
export const auditLinesOf = async function* (
  audit: string,
  planDigest: string,
  cwd: string,
): AsyncGenerator<AuditFields> {
  const file = resolve(cwd, audit);
  if (lstatSync(file, { throwIfNoEntry: false })?.isFile() !== true) return;
  const lines = createInterface({ input: createReadStream(file, "utf8"), crlfDelay: Infinity });
  for await (const line of lines) {
    // The trail of years: most lines are of other plans.
    if (line.includes(planDigest)) yield parsed(line);
  }
};

const parsed = (line: string): AuditFields => {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
};
