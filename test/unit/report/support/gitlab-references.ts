/**
 * What GitLab looks for in rendered text outside of code, to make links, mentions, pictures and more of it: its
 * documented references, the issues of a tracker that it is connected with, placeholders, inline differences and tables
 * of contents. `html` as githubHtml makes it.
 */
export const gitlabReferencesIn = (html: string): string[] => {
  const prose = html.replace(/<(pre|code|a)\b[^>]*>[^]*?<\/\1>/g, " ").replace(/<[^>]*>/g, "\n");
  const text = prose.replace(/&(?:#(\d+)|(lt|gt|quot|amp));/g, (_, code: string | undefined, name: string) =>
    code === undefined ? (characters[name] ?? "") : String.fromCodePoint(Number(code)),
  );
  return references.flatMap((reference) => text.match(reference) ?? []);
};

const characters: Readonly<Record<string, string>> = { lt: "<", gt: ">", quot: '"', amp: "&" };

const references: readonly RegExp[] = [
  /@[\w.-]+/g,
  /[#!$&~%]\d+/g,
  /[~%](?:\w|["'{])[^\n]*/g,
  /\^alert#\d+/g,
  /\b[A-Z][A-Z0-9_]*-\d+/g,
  /\w[\w.-]*\/[\w.-]+>/g,
  /\[(?:issue|work_item|epic|vulnerability|feature_flag|contact|cadence|wiki_page):[^\]]*\]/gi,
  /\*iteration:\S+/gi,
  /\[\[[^\]]*\]\]/g,
  /\[toc\]/gi,
  /\{[+-].*?[+-]\}|\[[+-].*?[+-]\]/g,
  /\b(?=[0-9]*[a-f])[0-9a-f]{7,40}\b/g,
  /:[a-z0-9_+-]+:/g,
  /[a-z][a-z0-9+.-]*:\/\/\S+|www\.\S+/gi,
];
