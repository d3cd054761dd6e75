import { ForgeError } from "./errors.ts";

/**
 * The URL of the next page; null on the last one. A link that leads to another host or out of the API is refused: the
 * token would go there.
 */
export const nextLink = (
  header: string | null,
  { url, baseUrl, service }: { readonly url: string; readonly baseUrl: string; readonly service: string },
): string | null => {
  const target = (header ?? "")
    .split(/,(?=\s*<)/)
    .map(parseLink)
    .find((each) => each !== null);
  if (target === undefined) return null;
  const next = URL.canParse(target, url) ? new URL(target, url) : null;
  const base = new URL(baseUrl);
  if (next === null || next.origin !== base.origin || !next.pathname.startsWith(base.pathname)) {
    throw new ForgeError("bad-reply", `${service} names a next page outside of its API, ${base.origin}`, {
      hint: "Nothing was sent there. Look whether the API URL is the one that the server itself uses",
    });
  }
  return next.href;
};

const parseLink = (link: string): string | null => {
  const match = /^\s*<([^>]*)>(.*)$/s.exec(link);
  return match !== null && /;\s*rel="?(?:[^";]*\s)?next(?:\s[^";]*)?"?\s*(?:;|$)/i.test(match[2] ?? "")
    ? (match[1] ?? "")
    : null;
};
