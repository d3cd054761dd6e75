import { escapeTerminal } from "./escape.ts";

/**
 * Rows as CSV (RFC 4180: CRLF, doubled quotes). What controls or hides text is shown as an escape. A field that a
 * spreadsheet would take for a formula gets an apostrophe in front, so that no name can run one in front of whoever opens
 * the file.
 */
export const csvText = (rows: readonly (readonly string[])[]): string =>
  rows.map((row) => `${row.map(field).join(",")}\r\n`).join("");

const field = (value: string): string => {
  const text = escapeTerminal(value);
  const safe = /^[=+\-@\uFF0B\uFF0D\uFF1D\uFF20]/.test(text) ? `'${text}` : text;
  return /[",;]/.test(safe) || safe !== text ? `"${safe.replaceAll('"', '""')}"` : safe;
};
