/** `test`, which must be pure, asked once for each name: names repeat in a million assignments. */
export const remember = (test: (name: string) => boolean): ((name: string) => boolean) => {
  const known = new Map<string, boolean>();
  return (name) => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const result = test(name);
    known.set(name, result);
    return result;
  };
};
