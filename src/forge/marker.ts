import { createHash } from "node:crypto";
import { UsageError } from "../model/errors.ts";
import type { Authored } from "./forge.ts";

/**
 * How we know our own comments and issues again: an HTML comment, which nobody sees, at the very start of the body.
 *
 * Only there: the same text further down is quoted, by a reply or by a name in the manifest. And only in what the
 * token's owner wrote (where the forge does not tell who that is: an app or a member), because anybody can post a
 * marker in a comment of their own. Values are percent-encoded, so that no key can end the HTML comment.
 */
export type MarkerKind = "comment" | "drift" | "drift-note";

export interface Marked {
  readonly fields: Readonly<Record<string, string>>;
  /** What stands after the marker, with its line ends and its end made alike. */
  readonly text: string;
}

export const withMarker = (
  kind: MarkerKind,
  fields: Readonly<Record<string, string>>,
  text: string,
): string => {
  const words = Object.entries(fields).map(([name, value]) => `${name}=${encode(value)}`);
  const marker = `<!-- reconcile:${kind} ${words.join(" ")} -->\n`;
  if (marker.length <= markerRoom) return marker + text;
  throw new UsageError(
    "forge-key",
    "The name of the environment is too long to be found again in a comment",
    {
      hint: "Use one of at most 200 characters",
    },
  );
};

/** Characters that a marker may take. */
export const markerRoom = 1024;

/** Whether a key leaves room for what else a marker says. */
export const fitsMarker = (key: string): boolean => encode(key).length <= markerRoom - 400;

/** null: this is none of this kind. */
export const readAnyMarker = (kind: MarkerKind, body: string): Marked | null => {
  const [, found, words = "", text = ""] =
    /^<!-- reconcile:([a-z-]+) ([^\n<>]*) -->\r?\n([^]*)$/.exec(body) ?? [];
  if (found !== kind) return null;
  const fields = Object.fromEntries(
    words.split(" ").map((word) => {
      const [name = "", value = ""] = word.split("=");
      return [name, decode(value)];
    }),
  );
  return { fields, text: evenText(text) };
};

export const isOurs = ({ author, trusted }: Authored, viewer: string | null): boolean =>
  viewer === null ? trusted : author === viewer;

export const digestOf = (text: string): string =>
  createHash("sha256").update(evenText(text)).digest("hex").slice(0, 32);

/** Forges change line ends and trim; none of that is an edit. */
const evenText = (text: string): string => text.replaceAll("\r\n", "\n").trimEnd();

/** Without blanks, `=`, `<`, `>` and two hyphens in a row. */
const encode = (value: string): string =>
  encodeURIComponent(value.toWellFormed()).replace(/-(?=-)|-$/g, "%2D");

const decode = (value: string): string => {
  try {
    return decodeURIComponent(value);
  } catch {
    return "";
  }
};
