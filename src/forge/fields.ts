/** The fields of what a server sent; none where it is no object. */
export const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};

/** The text of a field; null where it is none. */
export const textOf = (value: unknown): string | null => (typeof value === "string" ? value : null);

/** A positive whole number; null where it is none. */
export const numberOf = (value: unknown): number | null =>
  Number.isSafeInteger(value) && Number(value) > 0 ? Number(value) : null;

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
