/**
 * The first key that one object of a JSON text says twice, null where none does. JSON.parse keeps the last of the two
 * without a word, and others may keep the first. `json` is valid JSON.
 */
export const repeatedKey = (json: string): string | null => {
  const open: (Set<string> | null)[] = [];
  for (const [token, key] of json.matchAll(tokens)) {
    if (token === "{") open.push(new Set());
    else if (token === "[") open.push(null);
    else if (token === "}" || token === "]") open.pop();
    else if (key !== undefined) {
      // The same key may be spelled in two ways: "a" and "\u0061".
      const name = JSON.parse(key) as string;
      const keys = open.at(-1);
      if (keys?.has(name) === true) return name;
      keys?.add(name);
    }
  }
  return null;
};

/** Brackets, and texts: captured where a colon makes them keys. */
const tokens = /[[\]{}]|("(?:[^"\\]|\\.)*")\s*:|"(?:[^"\\]|\\.)*"/g;
