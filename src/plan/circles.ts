import { union } from "./lists.ts";

type Lists = readonly (readonly string[])[];

/**
 * What each of the changes waits for: all of the first layer, which has no circles, and of every further one what
 * closes none with those before it. Of a layer, all that lies on a circle is left out, so that the order of the input
 * decides nothing. Linear in the number of addresses.
 */
export const withoutCircles = (
  addresses: readonly string[],
  first: Lists,
  ...further: readonly Lists[]
): Lists => {
  const indexOf = new Map(addresses.map((address, index) => [address, index]));
  let waits = first;
  for (const layer of further) {
    if (layer.every((list) => list.length === 0)) continue;
    const wished = waits.map((list, index) => union(list, layer[index] ?? []));
    const circleOf = findCircles(wished, indexOf);
    waits =
      circleOf === null
        ? wished
        : waits.map((list, index) =>
            union(
              list,
              (layer[index] ?? []).filter(
                (address) => circleOf[indexOf.get(address) ?? -1] !== circleOf[index],
              ),
            ),
          );
  }
  return waits;
};

/** By index, the number of the circle that it lies on; each that lies on none has its own. null: there are none. */
const findCircles = (waits: Lists, indexOf: ReadonlyMap<string, number>): Int32Array | null => {
  // Tarjan's algorithm, without recursion: a plan may be deeper than the call stack.
  const size = waits.length;
  const seenAt = new Int32Array(size).fill(-1);
  const lowest = new Int32Array(size);
  const circleOf = new Int32Array(size).fill(-1);
  const next = new Int32Array(size);
  const open: number[] = [];
  let clock = 0;
  let circles = 0;
  let isAnyForItself = false;
  for (let root = 0; root < size; root += 1) {
    if (seenAt[root] !== -1) continue;
    const path = [root];
    for (let node = path.at(-1); node !== undefined; node = path.at(-1)) {
      if (seenAt[node] === -1) {
        seenAt[node] = lowest[node] = clock;
        clock += 1;
        open.push(node);
      }
      const target = indexOf.get(waits[node]?.[next[node] ?? 0] ?? "");
      if (target !== undefined) {
        isAnyForItself ||= target === node;
        if (seenAt[target] === -1) {
          path.push(target);
          continue;
        }
        if (circleOf[target] === -1) lowest[node] = Math.min(lowest[node] ?? 0, lowest[target] ?? 0);
        next[node] = (next[node] ?? 0) + 1;
        continue;
      }
      path.pop();
      if (lowest[node] !== seenAt[node]) continue;
      for (let member = open.pop(); member !== undefined; member = open.pop()) {
        circleOf[member] = circles;
        if (member === node) break;
      }
      circles += 1;
    }
  }
  return circles === size && !isAnyForItself ? null : circleOf;
};
