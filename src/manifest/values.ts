/**
 * Names that mean something to every JavaScript object. `constructor` and `prototype` do no harm as own properties,
 * and are refused as well: nobody needs them, and nobody has to think about them.
 */
export const unsafeKeys: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

/** What is wrong with a number that does not read back as it is written; null: nothing. */
export const ambiguousNumber = (value: number, written: string): { message: string; hint: string } | null => {
  if (String(value) === written) return null;
  const quoted = `put it in quotes: "${written}"`;
  const onlyText = !Number.isFinite(value) || /^[-+]?\d{10,}$|^0\d/.test(written);
  return {
    message: `${written} is read as the number ${String(value)}`,
    hint: onlyText ? quoted : `write ${String(value)}, or to mean a text ${quoted}`,
  };
};
