import { isAbsolute, join, relative, sep } from "node:path";
import type { FileAccess, FolderEntry } from "../manifest/file-access.ts";
import type { GitObjects } from "./git-objects.ts";

/**
 * The files of a commit as if they were checked out at `root`, a real path: read from Git's objects, nothing is written.
 * A link that leads out of the repository leads nowhere; what a submodule holds cannot be read.
 */
export const gitTree = (objects: GitObjects, treeId: string, root: string): FileAccess => {
  const readTree = treeReader(objects);
  const top: Found = { id: treeId, kind: "folder", path: root };

  const isInside = (path: string): boolean => {
    const inside = relative(root, path);
    return inside !== ".." && !inside.startsWith(`..${sep}`) && !isAbsolute(inside);
  };
  /** Follows links; the last one only where asked to. `steps`: links that may still be followed. */
  const find = async (path: string, { last, steps }: Follow): Promise<Found> => {
    if (!isInside(path)) throw fileError("ENOENT", path);
    let at = top;
    const parts = relative(root, path)
      .split(sep)
      .filter((part) => part !== "");
    for (const [index, part] of parts.entries()) {
      if (at.kind === "submodule") throw fileError("ESUBMODULE", at.path);
      if (at.kind !== "folder") throw fileError("ENOTDIR", path);
      const entry = (await readTree(at.id)).get(part);
      if (entry === undefined) throw fileError("ENOENT", path);
      const found = { ...entry, path: join(at.path, part) };
      const isLast = index === parts.length - 1;
      if (found.kind !== "link" || (isLast && !last)) {
        at = found;
        continue;
      }
      if (steps === 0) throw fileError("ELOOP", path);
      const target = await linkTarget(found, at.path, objects);
      return await find(join(target, ...parts.slice(index + 1)), { last, steps: steps - 1 });
    }
    return at;
  };
  const follow = (path: string): Promise<Found> => find(path, { last: true, steps: mostLinks });

  return {
    // Where a link leads out of the repository the loader says so, and reads nothing there.
    realpath: async (path) => {
      const found = await find(path, { last: false, steps: mostLinks });
      if (found.kind !== "link") return found.path;
      const target = await linkTarget(found, join(found.path, ".."), objects);
      return isInside(target) ? (await follow(target)).path : target;
    },
    isFolder: async (path) => ["folder", "submodule"].includes((await follow(path)).kind),
    isThere: (path) =>
      find(path, { last: false, steps: mostLinks }).then(
        () => true,
        (error: unknown) => {
          if (isAbsence(error)) return false;
          throw error;
        },
      ),
    list: async (folder) => {
      const found = await follow(folder);
      if (found.kind === "submodule") throw fileError("ESUBMODULE", folder);
      if (found.kind !== "folder") throw fileError("ENOTDIR", folder);
      return [...(await readTree(found.id))].map(([name, { kind }]) => ({ name, kind: listed[kind] }));
    },
    read: async (path, limit) => {
      const found = await follow(path);
      if (found.kind !== "file") return null;
      return (await readObject(objects, found.id, "blob", limit, path)).bytes;
    },
  };
};

type Kind = "folder" | "file" | "link" | "submodule";

interface Entry {
  readonly id: string;
  readonly kind: Kind;
}

interface Found extends Entry {
  /** Without links. */
  readonly path: string;
}

interface Follow {
  readonly last: boolean;
  readonly steps: number;
}

const listed = {
  folder: "folder",
  submodule: "folder",
  link: "link",
  file: "other",
} as const satisfies Record<Kind, FolderEntry["kind"]>;

/** As many as Linux follows. */
const mostLinks = 40;
const longestLink = 4096;
/** Bytes; a folder with 20,000 files takes a tenth of it. */
const largestTree = 16 * 1024 * 1024;

const linkTarget = async (link: Found, folder: string, objects: GitObjects): Promise<string> => {
  const target = (await readWhole(objects, link.id, "blob", longestLink, link.path)).toString("utf8");
  return isAbsolute(target) ? join(target) : join(folder, target);
};

const readObject = async (objects: GitObjects, id: string, type: string, limit: number, path: string) => {
  const object = await objects.read(id, limit);
  if (object === null || object.type !== type) throw fileError("EOBJECTMISSING", path);
  return object;
};

const readWhole = async (...asked: Parameters<typeof readObject>): Promise<Buffer> => {
  const [, , , limit, path] = asked;
  const { bytes, size } = await readObject(...asked);
  if (size > limit) throw fileError("ENAMETOOLONG", path);
  return bytes;
};

const treeReader = (objects: GitObjects): ((id: string) => Promise<ReadonlyMap<string, Entry>>) => {
  const read = new Map<string, ReadonlyMap<string, Entry>>();
  return async (id) => {
    const before = read.get(id);
    if (before !== undefined) return before;
    const entries = parseTree(await readWhole(objects, id, "tree", largestTree, id), id.length / 2);
    read.set(id, entries);
    return entries;
  };
};

/** One entry after the other: mode, space, name, NUL, binary id. */
const parseTree = (bytes: Buffer, idLength: number): ReadonlyMap<string, Entry> => {
  const entries = new Map<string, Entry>();
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at);
    const end = bytes.indexOf(0, space);
    const name = bytes.subarray(space + 1, end).toString("utf8");
    const kind = kinds[bytes.subarray(at, Math.max(at, space)).toString("latin1")];
    const id = bytes.subarray(end + 1, end + 1 + idLength);
    // Git makes no such tree; one that somebody made by hand could lead elsewhere by its names.
    if (space < 0 || end < 0 || kind === undefined || id.length < idLength || /^\.{0,2}$|[/\\]/.test(name)) {
      throw fileError("ETREE", name);
    }
    entries.set(name, { id: id.toString("hex"), kind });
    at = end + 1 + idLength;
  }
  return entries;
};

const kinds: Readonly<Record<string, Kind>> = {
  "40000": "folder",
  "100644": "file",
  "100664": "file",
  "100755": "file",
  "120000": "link",
  "160000": "submodule",
};

const isAbsence = (error: unknown): boolean =>
  error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");

const fileError = (code: string, path: string): Error =>
  Object.assign(new Error(`${code}: ${path}`), { code });
