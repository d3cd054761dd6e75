/** An address, or what is made of one, as a word that every shell and --allow take as it is; two never become one. */
export const shellWord = (address: string): string =>
  address.replace(/[^\w./:@%+-]/gu, (character) => {
    const encoded = encodeURIComponent(character);
    return encoded === character ? `%${character.charCodeAt(0).toString(16).toUpperCase()}` : encoded;
  });
