import { describe, expect, it } from "vitest";
import { escapeTerminal } from "../../../src/report/escape.ts";

describe("escapeTerminal", () => {
  it.each([
    ["plain text, äöü, 日本, 🙂, ☀️", "plain text, äöü, 日本, 🙂, ☀️"],
    ["two\nlines\r\tand a tab", "two\\nlines\\r\\tand a tab"],
    ["\u001b[31mred\u001b[0m", "\\u001b[31mred\\u001b[0m"],
    ["\u009b31m\u0007\u007f\u0000", "\\u009b31m\\u0007\\u007f\\u0000"],
    ["\u202eevil\u202c \u2066x\u2069", "\\u202eevil\\u202c \\u2066x\\u2069"],
    ["zero\u200bwidth\u200d\u2060\ufeff\u00ad", "zero\\u200bwidth\\u200d\\u2060\\ufeff\\u00ad"],
    ["line\u2028paragraph\u2029", "line\\u2028paragraph\\u2029"],
    ["filler\u3164\u115f tag\u{e0041}", "filler\\u3164\\u115f tag\\u{e0041}"],
    ["lone \ud800 surrogate", "lone \\ud800 surrogate"],
    ["C:\\path", "C:\\path"],
  ])("%j", (text, escaped) => {
    expect(escapeTerminal(text)).toBe(escaped);
  });
});
