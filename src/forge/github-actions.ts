import { appendFileSync, statSync } from "node:fs";

/** The files by which a step of GitHub Actions hands on its outputs and its summary: GITHUB_OUTPUT, GITHUB_STEP_SUMMARY. */

/**
 * Appends outputs to the file that GITHUB_OUTPUT names. The delimiter is random, so that no value can end early and
 * set an output of its own.
 */
export const appendOutputs = (
  file: string,
  outputs: Readonly<Record<string, string>>,
  random: () => number,
): void => {
  const text = Object.entries(outputs).map(([name, value]) => {
    if (!/^[A-Za-z_][\w-]*$/.test(name))
      throw new TypeError(`${JSON.stringify(name)} is no name for an output.`);
    const delimiter = unusedDelimiter(value, random);
    return `${name}<<${delimiter}\n${value}\n${delimiter}\n`;
  });
  appendFileSync(file, text.join(""));
};

const unusedDelimiter = (value: string, random: () => number): string => {
  for (;;) {
    const digits = Array.from({ length: 4 }, () =>
      Math.floor(random() * 2 ** 32)
        .toString(16)
        .padStart(8, "0"),
    );
    const delimiter = `reconcile_${digits.join("")}`;
    if (!value.includes(delimiter)) return delimiter;
  }
};

/**
 * Appends Markdown to the file that GITHUB_STEP_SUMMARY names. false: it would be longer than the 1 MiB that GitHub
 * takes, beyond which it shows nothing of the step; nothing was written.
 */
export const appendSummary = (file: string, markdown: string): boolean => {
  const there = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  const text = `${markdown.trimEnd()}\n\n`;
  if (there + Buffer.byteLength(text) > longestSummary) return false;
  appendFileSync(file, text);
  return true;
};

/** Bytes. */
const longestSummary = 1_048_576;
