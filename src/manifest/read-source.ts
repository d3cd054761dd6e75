import type { Finding, Position } from "../model/finding.ts";
import { finding } from "./codes.ts";
import type { FileAccess } from "./file-access.ts";
import { createSource, positionOf, type Source } from "./source.ts";

/** A manifest or policy file; the largest real ones are a tenth of it. */
const largestFile = 5 * 1024 * 1024;

export type ReadResult =
  | { readonly source: Source; readonly problem: null }
  /** `source`: what could be read of it, to show the place. */
  | { readonly source: Source | null; readonly problem: Finding };

/**
 * The text of one file, checked before anything parses it. `referredFrom` is where the manifest names the file;
 * findings about the file as a whole are placed there.
 */
export const readSource = async (
  path: string,
  file: string,
  files: FileAccess,
  referredFrom?: Position,
): Promise<ReadResult> => {
  const at = referredFrom === undefined ? {} : { position: referredFrom };
  try {
    const bytes = await files.read(path, largestFile + 1);
    if (bytes === null) return failed(finding("not-a-regular-file", `${file} is not a regular file`, at));
    if (bytes.length > largestFile) {
      const hint = "split a manifest into several files in one folder";
      return failed(
        finding("file-too-large", `${file} is larger than ${largestFile} bytes`, { ...at, hint }),
      );
    }
    return decode(bytes, file, path);
  } catch (cause) {
    return failed(fileFinding(cause, file, at));
  }
};

const failed = (problem: Finding, source: Source | null = null): ReadResult => ({ source, problem });

/** What the operating system answered, as a finding. */
export const fileFinding = (cause: unknown, file: string, at: { position?: Position } = {}): Finding => {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  if (code === "ENOENT" || code === "ENOTDIR") return finding("file-not-found", `${file} does not exist`, at);
  if (code === "EISDIR") return finding("not-a-regular-file", `${file} is not a regular file`, at);
  if (code === "") throw cause;
  return finding("file-unreadable", `${file} cannot be read: ${systemReasons[code] ?? code}`, at);
};

const systemReasons: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  ELOOP: "its symbolic links lead in a circle",
  ENAMETOOLONG: "the name is too long",
  ERR_INVALID_ARG_VALUE: "the name is not a possible file name",
  EMFILE: "too many files are open",
  ENXIO: "it is not a file that holds text",
  ESUBMODULE: "it is in a Git submodule",
  EOBJECTMISSING: "this clone does not hold it",
  ETREE: "its folder is damaged in Git",
};

const decode = (bytes: Buffer, file: string, path: string): ReadResult => {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    const position = { file, line: 1, column: 1, endColumn: 2 };
    return failed(
      finding("not-utf8", `${file} is UTF-16, not UTF-8`, { position, hint: "save it as UTF-8" }),
    );
  }
  // TextDecoder takes a byte order mark away.
  const source = createSource(file, path, new TextDecoder().decode(bytes));
  const problem = notUtf8(bytes, source) ?? forbiddenCharacter(source);
  return problem === null ? { source, problem } : failed(problem, source);
};

const notUtf8 = (bytes: Buffer, source: Source): Finding | null => {
  const withMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const original = withMark ? bytes.subarray(3) : bytes;
  const encoded = Buffer.from(source.text, "utf8");
  if (original.equals(encoded)) return null;
  const offset = encoded.findIndex((byte, index) => byte !== original[index]);
  const start = encoded.subarray(0, offset).toString("utf8").length;
  return finding("not-utf8", `${source.file} is not valid UTF-8`, {
    position: positionOf({ source, start, end: start + 1 }),
    hint: "save it as UTF-8",
  });
};

/** Everything in the file counts, comments too: a reviewer reads them. */
const forbiddenCharacter = (source: Source): Finding | null => {
  const match = forbidden.exec(source.text);
  if (match === null) return null;
  const [character] = match;
  const name = `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
  const position = positionOf({ source, start: match.index, end: match.index + 1 });
  return /[\u202A-\u202E\u2066-\u2069]/.test(character)
    ? finding("bidi-character", `${name} changes the direction in which the text is shown`, {
        position,
        hint: "remove it: the file must read as what it says",
      })
    : finding("control-character", `${name} is a control character`, { position, hint: "remove it" });
};

const forbidden = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/;
