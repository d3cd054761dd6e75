import type { Element, Nodes, Root } from "hast";
import { fromHtml } from "hast-util-from-html";
import { defaultSchema, sanitize } from "hast-util-sanitize";
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";

/** What GitHub shows of Markdown: its flavour, parsed as a browser would, then sanitised by GitHub's own rules. */
export const rendered = (markdown: string): { readonly raw: Root; readonly shown: Root } => {
  const html = micromark(markdown, {
    allowDangerousHtml: true,
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
  });
  const raw = fromHtml(html, { fragment: true });
  const shown = sanitize(raw, defaultSchema);
  if (shown.type !== "root") throw new Error("not a document");
  return { raw, shown };
};

/** In the order of the document. No names: all elements. */
export const elements = (node: Nodes, ...names: readonly string[]): Element[] => {
  if (!("children" in node)) return [];
  return node.children.flatMap((child) => [
    ...(child.type === "element" && (names.length === 0 || names.includes(child.tagName)) ? [child] : []),
    ...elements(child, ...names),
  ]);
};

/** Spaces of no width are in it, as GitHub sees them. `without`: elements whose text is left out. */
export const textOf = (node: Nodes, without: readonly string[] = []): string => {
  if (node.type === "text") return node.value;
  if (!("children" in node)) return "";
  return node.children
    .filter((child) => child.type !== "element" || !without.includes(child.tagName))
    .map((child) => textOf(child, without))
    .join(node.type === "element" && ["tr", "ul", "details"].includes(node.tagName) ? "\n" : "");
};
