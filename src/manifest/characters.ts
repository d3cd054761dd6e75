/*
 * Characters here are code points, as AWS counts and checks them.
 */

export const lengthOf = (text: string): number => Array.from(text).length;

/** The first character that does not match `allowed`; undefined where all do. */
export const firstOther = (text: string, allowed: RegExp): string | undefined => {
  for (const character of text) if (!allowed.test(character)) return character;
  return undefined;
};

/** The character itself where it can be seen, and its code point. */
export const describeCharacter = (character: string): string => {
  const code = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
  if (character === " ") return "a space";
  return /[\p{L}\p{N}\p{P}\p{S}]/u.test(character) && !invisible.test(character)
    ? `'${character}' (${code})`
    : `the character ${code}`;
};

/** Letters and marks that draw nothing. */
export const invisible = /\p{Default_Ignorable_Code_Point}/u;
