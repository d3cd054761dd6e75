import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";

/**
 * Markdown as GitHub makes HTML of it: its flavour, HTML let through, then sanitised. The sanitiser here is stricter
 * than GitHub's: a tag that these documents have no use for throws, so that no test can miss one.
 */
export const githubHtml = (markdown: string): string => {
  const html = micromark(markdown, {
    allowDangerousHtml: true,
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
  });
  for (const [tag, name = "", attributes = ""] of html.matchAll(/<\/?([^\s>/]*)([^>]*)>/g)) {
    const allowed = tags.get(name.toLowerCase());
    if (allowed === undefined || !allowed.test(attributes))
      throw new Error(`Not expected in a comment: ${tag}`);
  }
  return html.trim();
};

const nothing = /^$/;

/** What they may have, with their attributes. */
const tags: ReadonlyMap<string, RegExp> = new Map([
  ...["h2", "h3", "p", "strong", "blockquote", "ul", "li", "pre", "sub", "summary"].map(
    (name) => [name, nothing] as const,
  ),
  ...["table", "thead", "tbody", "tr"].map((name) => [name, nothing] as const),
  ["details", /^( open)?$/],
  ["br", /^( \/)?$/],
  ["hr", /^( \/)?$/],
  ["code", /^( class="language-(diff|sh)")?$/],
  ["th", /^( align="right")?$/],
  ["td", /^( align="right")?$/],
  ["a", /^( href="https:\/\/ci\.example\.com\/[^"]*")?$/],
]);

/** What a reader sees: spaces of no width are not seen. */
export const textOf = (html: string): string =>
  html
    .replace(/<[^>]*>/g, "")
    .replace(entity, (_, name: keyof typeof characters) => characters[name])
    .replaceAll("\u200B", "");

const characters = { lt: "<", gt: ">", quot: '"', amp: "&", "#8203": "\u200B", "#32": " " } as const;

const entity = /&(lt|gt|quot|amp|#8203|#32);/g;

/** What GitHub and GitLab look for in rendered text outside of code, to make links, mentions and pictures of it. */
export const referencesIn = (html: string): string[] => {
  const prose = html.replace(/<(pre|code|a)\b[^>]*>[^]*?<\/\1>/g, " ").replace(/<[^>]*>/g, "\n");
  const text = prose.replace(entity, (_, name: keyof typeof characters) => characters[name]);
  return [...text.matchAll(references)].map(([found]) => found);
};

const references =
  /@[a-z0-9][\w-]*|#\d+|GH-\d+|[!%$&~^]\w+|:[a-z0-9_+-]+:|\w+:\/\/\S+|www\.\S+|(?<![0-9a-z])(?=\d*[a-f])[0-9a-f]{7,40}(?![0-9a-z])/gi;
