import { UsageError } from "../model/errors.ts";
import { ended, type GitOptions, startGit } from "./git.ts";

/** An object of a repository. */
interface GitObject {
  /** Hexadecimal. */
  readonly id: string;
  readonly type: string;
  /** In bytes. */
  readonly size: number;
  /** Its first bytes, as many as were asked for. */
  readonly bytes: Buffer;
}

/** Reads objects, one after the other, through one process. `close` when done. */
export interface GitObjects {
  /** By whatever Git takes for a name; null: there is none, or the name is ambiguous. Rejects with UsageError where Git breaks off. */
  read(name: string, limit: number): Promise<GitObject | null>;
  close(): Promise<void>;
}

export const openObjects = (options: GitOptions): GitObjects => {
  const child = startGit(["cat-file", "--batch"], options);
  const end = ended(child, options);
  // Whoever reads is told; until then nobody listens.
  end.catch(() => undefined);
  child.stdin.on("error", () => undefined);
  child.stderr.resume();
  const input = byteReader(child.stdout);
  let last: Promise<unknown> = Promise.resolve();
  const answer = async (name: string, limit: number): Promise<GitObject | null> => {
    if (/[\n\r\0]/.test(name)) return null;
    child.stdin.write(`${name}\n`);
    const header = await input.line();
    const [, id = "", type = "", size = "0"] = /^([0-9a-f]+) ([a-z]+) (\d+)$/.exec(header ?? "") ?? [];
    const bytes = header !== null && id !== "" ? await input.take(Number(size), limit) : null;
    // A line break ends it. What was cut off must not pass for all there is.
    const isWhole = bytes === null ? header !== null : (await input.take(1, 0)) !== null;
    if (isWhole) return bytes && { id, type, size: Number(size), bytes };
    await end;
    throw new UsageError("since-git-failed", "Git stopped before all was read", {
      hint: "Check the clone with `git fsck`, or plan without --since",
    });
  };
  return {
    read: (name, limit) => {
      const next = last.then(() => answer(name, limit));
      last = next.catch(() => undefined);
      return next;
    },
    close: async () => {
      child.stdin.end();
      child.stdout.destroy();
      child.kill();
      await end.catch(() => undefined);
    },
  };
};

interface ByteReader {
  /** Without its line break; null at the end. */
  line(): Promise<string | null>;
  /** Takes so many bytes, and keeps the first of them; null: there are not so many. */
  take(size: number, keep: number): Promise<Buffer | null>;
}

const byteReader = (stream: AsyncIterable<Buffer>): ByteReader => {
  const chunks = stream[Symbol.asyncIterator]();
  let left: Buffer = Buffer.alloc(0);
  /** Whether there was more. */
  const more = async (): Promise<boolean> => {
    const next = await chunks.next();
    if (next.done === true) return false;
    left = left.length === 0 ? next.value : Buffer.concat([left, next.value]);
    return true;
  };
  return {
    line: async () => {
      for (;;) {
        const at = left.indexOf(10);
        if (at >= 0) {
          const text = left.subarray(0, at).toString("utf8");
          left = left.subarray(at + 1);
          return text;
        }
        if (!(await more())) return null;
      }
    },
    take: async (size, keep) => {
      const kept: Buffer[] = [];
      let open = size;
      let wanted = Math.min(size, keep);
      while (open > 0) {
        if (left.length === 0 && !(await more())) return null;
        const part = left.subarray(0, open);
        if (wanted > 0) kept.push(part.subarray(0, wanted));
        wanted -= Math.min(wanted, part.length);
        open -= part.length;
        left = left.subarray(part.length);
      }
      return Buffer.concat(kept);
    },
  };
};
