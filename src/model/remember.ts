/** `find`, which must be pure, asked once for each name: names repeat in a million assignments. */
export const remember = <T extends string | boolean | object, K extends string = string>(
  find: (name: K) => T,
): ((name: K) => T) => {
  const known = new Map<K, T>();
  return (name) => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const result = find(name);
    known.set(name, result);
    return result;
  };
};
