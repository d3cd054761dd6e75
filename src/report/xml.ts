import { escapeTerminal } from "./escape.ts";

export type XmlNode = XmlElement | string;

export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly children: readonly XmlNode[];
}

export const element = (
  name: string,
  attributes: XmlElement["attributes"] = {},
  children: readonly XmlNode[] = [],
): XmlElement => ({ name, attributes, children });

/** With its declaration. Texts are escaped here; what XML can not hold is shown as an escape. */
export const xmlText = (root: XmlElement): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n${elementText(root, "")}`;

const elementText = ({ name, attributes, children }: XmlElement, indent: string): string => {
  const start = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${escapeXml(String(value)).replaceAll("\n", "&#10;")}"`)
    .join("");
  if (children.length === 0) return `${indent}<${name}${start}/>\n`;
  const [only] = children;
  if (children.length === 1 && typeof only === "string")
    return `${indent}<${name}${start}>${escapeXml(only)}</${name}>\n`;
  const inner = children
    .map((child) => (typeof child === "string" ? `${escapeXml(child)}\n` : elementText(child, `${indent}  `)))
    .join("");
  return `${indent}<${name}${start}>\n${inner}${indent}</${name}>\n`;
};

/** Lines stay lines. U+FFFE and U+FFFF are no characters of XML. */
const escapeXml = (text: string): string =>
  text
    .split("\n")
    .map((line) => escapeTerminal(line))
    .join("\n")
    .replace(/[&<>"\uFFFE\uFFFF]/g, (character) => entities[character] ?? "\uFFFD");

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
