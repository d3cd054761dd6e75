import { constants } from "node:fs";
import { type FileHandle, lstat, open, readdir, realpath, stat } from "node:fs/promises";

/**
 * Where the loader reads: the disk, or a commit. Paths are absolute. Each operation rejects with an error whose `code`
 * is one of the operating system's, such as ENOENT.
 */
export interface FileAccess {
  /** The path without symbolic links. */
  realpath(path: string): Promise<string>;
  /** Whether it is a folder, or a link to one. */
  isFolder(path: string): Promise<boolean>;
  /** Whether there is anything, be it a link that leads nowhere. */
  isThere(path: string): Promise<boolean>;
  list(folder: string): Promise<readonly FolderEntry[]>;
  /** The first bytes of it, at most `limit`; null: it is no regular file. Follows links. */
  read(path: string, limit: number): Promise<Buffer | null>;
}

export interface FolderEntry {
  readonly name: string;
  /** A link is a link, whatever it leads to. */
  readonly kind: "folder" | "link" | "other";
}

export const disk: FileAccess = {
  realpath: (path) => realpath(path),
  isFolder: async (path) => (await stat(path)).isDirectory(),
  isThere: (path) =>
    lstat(path).then(
      () => true,
      () => false,
    ),
  list: async (folder) =>
    (await readdir(folder, { withFileTypes: true })).map((entry) => ({
      name: entry.name,
      kind: entry.isDirectory() ? "folder" : entry.isSymbolicLink() ? "link" : "other",
    })),
  read: async (path, limit) => {
    let handle: FileHandle | undefined;
    try {
      // Without O_NONBLOCK the opening of a pipe waits for a writer, for ever.
      handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
      return (await handle.stat()).isFile() ? await readUpTo(handle, limit) : null;
    } finally {
      await handle?.close();
    }
  },
};

/** The size that the file claims is not trusted: it may grow, and files under /proc claim none. */
const readUpTo = async (handle: FileHandle, limit: number): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  let length = 0;
  while (length < limit) {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(Math.min(limit - length, 1 << 18)));
    if (bytesRead === 0) break;
    chunks.push(buffer.subarray(0, bytesRead));
    length += bytesRead;
  }
  return Buffer.concat(chunks);
};
