/**
 * JSON of a value that people are shown, too: what moves a cursor, hides or reorders text is written as an escape. Any
 * reader of JSON gets the same value.
 */
export const jsonText = (value: unknown, indent?: number): string =>
  safeJson(JSON.stringify(value, null, indent));

/** The same of JSON that is text already: outside of strings it holds nothing of all that. */
export const safeJson = (json: string): string =>
  json.replace(unsafe, (character) =>
    Array.from({ length: character.length }, (_, index) => escaped(character.charCodeAt(index))).join(""),
  );

/** JSON itself escapes all up to U+001F. */
const unsafe = /[\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u007f-\u009f]/gu;

const escaped = (code: number): string => `\\u${code.toString(16).padStart(4, "0")}`;
