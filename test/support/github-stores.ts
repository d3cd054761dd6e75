import { existsSync } from "node:fs";
import { cp, mkdir, readdir, readFile, rm, stat } from "node:fs/promises";
import { dirname, join, relative } from "node:path";

/** What actions keep between the jobs of a run: artifacts; and caches, which each ref has for itself. */
export interface Stores {
  upload(name: string, paths: readonly string[], options: UploadOptions): Promise<void>;
  download(name: string, to: string): Promise<void>;
  save(key: string, path: string): Promise<void>;
  /** The newest of those that begin so. */
  restore(prefix: string, path: string): Promise<void>;
  artifact(name: string): Promise<Readonly<Record<string, string>>>;
}

interface UploadOptions {
  readonly overwrite: boolean;
  readonly ifNone: "warn" | "error" | "ignore";
}

export const createStores = (folder: string, ref: string): Stores => {
  const artifacts = join(folder, "artifacts");
  const caches = join(folder, "caches", encodeURIComponent(ref));
  return {
    upload: async (name, paths, { overwrite, ifNone }) => {
      const files = (await Promise.all(paths.map(filesAt))).flat();
      if (files.length === 0 && ifNone === "error") throw new Error(`No file for the artifact ${name}.`);
      if (files.length === 0) return;
      const to = join(artifacts, name);
      if (existsSync(to) && !overwrite) throw new Error(`There is an artifact ${name}.`);
      await rm(to, { recursive: true, force: true });
      const above = commonFolder(files);
      for (const file of files) await cp(file, join(to, relative(above, file)));
    },
    download: async (name, to) => {
      if (!existsSync(join(artifacts, name))) throw new Error(`There is no artifact ${name}.`);
      await cp(join(artifacts, name), to, { recursive: true });
    },
    save: async (key, path) => {
      const to = join(caches, key);
      if (existsSync(path) && !existsSync(to)) await cp(path, to, { recursive: true });
    },
    restore: async (prefix, path) => {
      await mkdir(caches, { recursive: true });
      const found = (await readdir(caches)).filter((key) => key.startsWith(prefix));
      const times = await Promise.all(found.map(async (key) => (await stat(join(caches, key))).birthtimeMs));
      const newest = found[times.indexOf(Math.max(...times))];
      if (newest !== undefined) await cp(join(caches, newest), path, { recursive: true });
    },
    artifact: async (name) => {
      const files = await filesAt(join(artifacts, name));
      const texts = files.map(async (file) => [
        relative(join(artifacts, name), file),
        await readFile(file, "utf8"),
      ]);
      return Object.fromEntries(await Promise.all(texts)) as Record<string, string>;
    },
  };
};

const filesAt = async (path: string): Promise<string[]> => {
  if (!existsSync(path)) return [];
  if (!(await stat(path)).isDirectory()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name));
};

const commonFolder = (files: readonly string[]): string => {
  let folder = dirname(files[0] ?? "");
  while (!files.every((file) => file.startsWith(`${folder}/`))) folder = dirname(folder);
  return folder;
};
