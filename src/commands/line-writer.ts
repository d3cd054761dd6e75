import { writeSync } from "node:fs";

/**
 * Appends whole lines to an open file. A full disk may take a part of one: then the next begins a line of its own.
 * `isAtStart`: whether what is there ends with a line break. The function throws what the file system says.
 */
export const createLineWriter = (descriptor: number, isAtStart: boolean): ((line: string) => void) => {
  let isWhole = isAtStart;
  return (line) => {
    const bytes = Buffer.from(`${isWhole ? "" : "\n"}${line}\n`);
    isWhole = false;
    // A short write is no error, and not the whole line either.
    for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
    isWhole = true;
  };
};
