import { AwsError } from "../model/errors.ts";

// The SDK promises types that it does not check. What a reply says is looked at here, field by field: a wrong one must
// end in an error, and neither in a name such as "[object Object]" nor in something that is not there.

/** A text that is not empty. `place`: action and field. Throws AwsError. */
export const textOf = (place: string, value: unknown): string => {
  const text = textOrNull(place, value);
  if (text !== null && text !== "") return text;
  throw malformed(place, "is missing");
};

/** null: it was left out. Throws AwsError where it is something other than text. */
export const textOrNull = (place: string, value: unknown): string | null => {
  if (value === undefined || value === null) return null;
  if (typeof value === "string") return value;
  throw malformed(place, "is not text");
};

/** Epoch milliseconds; null: it was left out. Throws AwsError where it is no time. */
export const timeOrNull = (place: string, value: unknown): number | null => {
  if (value === undefined || value === null) return null;
  const time = value instanceof Date ? value.getTime() : Number.NaN;
  if (!Number.isNaN(time)) return time;
  throw malformed(place, "is not a time");
};

export const accountIdOf = (place: string, value: unknown): string => {
  const id = textOf(place, value);
  if (/^\d{12}$/.test(id)) return id;
  throw malformed(place, `is not an account id: ${id.slice(0, 100)}`);
};

/** Whether a list has items; false where it was left out. */
export const hasItems = (place: string, value: unknown): boolean => {
  if (value === undefined || value === null) return false;
  if (Array.isArray(value)) return value.length > 0;
  throw malformed(place, "is not a list");
};

/** Every value by its key. */
export const tagsOf = (
  action: string,
  tags: readonly { readonly Key?: unknown; readonly Value?: unknown }[],
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    tags.map(({ Key, Value }) => [
      textOf(`${action}: Key`, Key),
      textOrNull(`${action}: Value`, Value) ?? "",
    ]),
  );

export const malformed = (place: string, problem: string): AwsError =>
  new AwsError("malformed-reply", `${place} in the reply ${problem}`, { hint: foreignHint });

export const foreignHint =
  "Look at what answers instead of AWS: a proxy, a sign-in page of the network, AWS_ENDPOINT_URL";
