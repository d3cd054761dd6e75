import { expect, it } from "vitest";
import { escapeMarkdown } from "../../../src/report/escape-markdown.ts";

it.each([
  ["plain words, (brackets) and jane.doe", "plain words, (brackets) and jane.doe"],
  ["<img src=x onerror=alert(1)>", "&lt;img src=x onerror=alert(1)&gt;"],
  ["a & b", "a &amp; b"],
  ["&#64;everyone", "&amp;#&#8203;64;everyone"],
  ["*bold* _it_ ~~gone~~ `code`", "\\*bold\\* \\_it\\_ \\~\\~gone\\~\\~ \\`code\\`"],
  ["[link](https://evil)", "\\[link\\](https&#8203;://evil)"],
  ["![image](x)", "!\\[image\\](x)"],
  ["cell | cell", "cell \\| cell"],
  ["back\\slash", "back\\\\slash"],
  ["@org/team", "@&#8203;org/team"],
  ["jane@company.com", "jane@&#8203;company.com"],
  ["see #12", "see #&#8203;12"],
  ["www.evil.com", "www&#8203;.evil.com"],
  [":rocket:", ":&#8203;rocket:"],
  ["$x$", "\\$x\\$"],
  ["# title", "#&#8203; title"],
  ["- item", "&#8203;- item"],
  ["1. item", "&#8203;1. item"],
  ["line\nbreak", "line\\\\nbreak"],
  ["right\u202Eto left", "right\\\\u202eto left"],
  ["null\u0000\u001B[31m", "null\\\\u0000\\\\u001b\\[31m"],
])("%j", (text, escaped) => {
  expect(escapeMarkdown(text)).toBe(escaped);
});
