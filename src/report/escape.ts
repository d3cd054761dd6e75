/**
 * Makes text from files or from AWS safe to print: whatever could move the cursor, change colours, hide or reorder
 * characters, or break a line is shown as an escape (`\n`, `\u001b`, `\u{e0041}`). The result is one line.
 */
export const escapeTerminal = (text: string): string => text.replace(unsafe, escapeCharacter);

/**
 * Control and format characters, line and paragraph separators, lone surrogates, and characters that draw nothing.
 * U+FE0F only picks the emoji form of the character before it.
 */
const unsafe = /(?!\uFE0F)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;

const escapeCharacter = (character: string): string => {
  const short = shortEscapes[character];
  if (short !== undefined) return short;
  const code = (character.codePointAt(0) ?? 0).toString(16);
  return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, "0")}`;
};

const shortEscapes: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };
