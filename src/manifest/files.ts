import { dirname, join, relative, resolve, sep } from "node:path";
import type { Finding } from "../model/finding.ts";
import { compareText } from "../model/address.ts";
import { finding, type Report } from "./codes.ts";
import type { FileAccess } from "./file-access.ts";
import { fileFinding } from "./read-source.ts";

/** The files that make up a manifest. No file outside `root` is ever read. */
export interface ManifestFiles {
  /** Real path of the folder that holds the manifest. */
  readonly root: string;
  readonly files: readonly ManifestFile[];
}

interface ManifestFile {
  /** Absolute, without symbolic links. */
  readonly path: string;
  /** As shown to the user: relative to the working directory where it lies inside, with forward slashes. */
  readonly shown: string;
}

/** What the MANIFEST argument stands for; null after a finding. Default: access.yaml, access.yml, else access/. */
export const findFiles = async (
  argument: string | undefined,
  cwd: string,
  files: FileAccess,
  report: Report,
): Promise<ManifestFiles | null> => {
  const start = argument ?? (await defaultManifest(cwd, files));
  if (start === undefined) {
    report(
      finding("file-not-found", "There is no access.yaml here, nor a folder access", {
        hint: "name the manifest: a file, or a folder of YAML files",
      }),
    );
    return null;
  }
  const path = resolve(cwd, start);
  const shown = showPath(path, cwd);
  try {
    if (!(await files.isFolder(path))) return await singleFile(path, shown, files, report);
    return await folder(path, cwd, shown, files, report);
  } catch (cause) {
    report(fileFinding(cause, shown));
    return null;
  }
};

const showPath = (path: string, cwd: string): string => {
  const inside = relative(cwd, path);
  const shown = inside === "" ? "." : inside.startsWith("..") ? path : inside;
  return shown.replaceAll(sep, "/");
};

/** Whether `path` is `root` or lies under it. Both are real paths. */
export const isInside = (path: string, root: string): boolean =>
  path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);

/** What stands for the manifest where none is named. */
export const defaultManifest = async (cwd: string, files: FileAccess): Promise<string | undefined> => {
  for (const name of ["access.yaml", "access.yml", "access"]) {
    if (await files.isThere(join(cwd, name))) return name;
  }
  return undefined;
};

const singleFile = async (
  path: string,
  shown: string,
  files: FileAccess,
  report: Report,
): Promise<ManifestFiles | null> => {
  const root = await files.realpath(dirname(path));
  const real = await files.realpath(path);
  if (isInside(real, root)) return { root, files: [{ path: real, shown }] };
  report(outsideFolder(shown));
  return null;
};

const outsideFolder = (shown: string): Finding =>
  finding("outside-folder", `${shown} is a symbolic link that leads out of the manifest's folder`, {
    hint: "put the file itself there, or name the file that the link leads to",
  });

const folder = async (
  path: string,
  cwd: string,
  shown: string,
  access: FileAccess,
  report: Report,
): Promise<ManifestFiles | null> => {
  const root = await access.realpath(path);
  const found: string[] = [];
  if (!(await walk(path, 0, access, found))) {
    report(
      finding(
        "too-many-files",
        `${shown} holds more than ${mostFiles} files, or folders too deep to be a manifest`,
        {
          hint: "name the folder that holds nothing but the manifest and its policies",
        },
      ),
    );
    return null;
  }
  const files: ManifestFile[] = [];
  for (const file of found.sort(compareText)) {
    const shownFile = showPath(file, cwd);
    const real = await access.realpath(file).catch((cause: unknown) => fileFinding(cause, shownFile));
    if (typeof real !== "string") report(real);
    else if (!isInside(real, root)) report(outsideFolder(shownFile));
    else files.push({ path: real, shown: shownFile });
  }
  if (found.length === 0) {
    report(
      finding("folder-without-manifest", `${shown} holds no .yaml or .yml file`, {
        hint: "name a manifest file, or a folder that holds some",
      }),
    );
    return null;
  }
  return { root, files };
};

const mostFiles = 20_000;
const mostLevels = 32;

/** Collects YAML files below `folderPath`. false: there is more than a manifest has. Links to folders are not followed. */
const walk = async (
  folderPath: string,
  level: number,
  files: FileAccess,
  found: string[],
  seen = { count: 0 },
): Promise<boolean> => {
  if (level > mostLevels) return false;
  for (const entry of await files.list(folderPath)) {
    seen.count += 1;
    if (seen.count > mostFiles) return false;
    if (entry.name.startsWith(".")) continue;
    const path = join(folderPath, entry.name);
    if (entry.kind === "folder") {
      if (!(await walk(path, level + 1, files, found, seen))) return false;
    } else if (/\.ya?ml$/i.test(entry.name)) {
      if (entry.kind !== "link" || !(await leadsToFolder(path, files))) found.push(path);
    }
  }
  return true;
};

const leadsToFolder = (path: string, files: FileAccess): Promise<boolean> =>
  files.isFolder(path).catch(() => false);
