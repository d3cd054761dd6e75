import { compareText } from "../model/address.ts";

/** Lists of addresses are shared between changes, so that a large plan stays small. */
export const none: readonly string[] = [];

export const append = <K, V>(lists: Map<K, V[]>, key: K, value: V): void => {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
};

export const sorted = (addresses: Iterable<string>): readonly string[] => {
  const list = [...addresses];
  return list.length === 0 ? none : list.sort(compareText);
};

/** Of sorted lists, sorted. Where all but one are empty, that one itself. */
export const union = (...lists: readonly (readonly string[])[]): readonly string[] => {
  const [first = none, ...others] = lists.filter((list) => list.length > 0);
  return others.length === 0 ? first : sorted(new Set([first, ...others].flat()));
};
