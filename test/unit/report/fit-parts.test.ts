import { expect, it } from "vitest";
import { fitParts, type Part, renderPart } from "../../../src/report/fit-parts.ts";

const omission = (count: number, noun: string): string => `(${count} ${noun})\n`;
const part = (count: number, more: Partial<Part> = {}): Part => ({
  before: "<",
  items: Array.from({ length: count }, () => ({ text: "123456789\n", counts: 1 })),
  after: ">",
  rank: 0,
  share: 1,
  noun: "line",
  ...more,
});
const render = (parts: readonly Part[], room: number): string[] => {
  const kept = fitParts(parts, room, omission);
  return parts.map((each, index) => renderPart(each, kept[index] ?? 0, omission));
};
const length = (texts: readonly string[]): number => texts.join("").length;

it("what fits is whole", () => {
  expect(fitParts([part(3), part(2)], 1000, omission)).toEqual([3, 2]);
  expect(fitParts([part(3)], 32, omission)).toEqual([3]);
});

it("what does not is cut, and says how much is missing", () => {
  expect(render([part(3)], 31)).toEqual(["<123456789\n123456789\n>(1 line)\n"]);
  expect(render([part(3)], 30)).toEqual(["<123456789\n>(2 line)\n"]);
});

it.each([0, 5, 22, 23, 50, 77, 100, 150])("is never longer than the room: %d", (room) => {
  const parts = [part(9, { rank: 1 }), part(4, { share: 0.1 }), part(7, { rank: 2, share: 0.5 })];
  expect(length(render(parts, room))).toBeLessThanOrEqual(room);
});

it("a lower rank gets room first", () => {
  expect(fitParts([part(9, { rank: 1 }), part(9)], 100, omission)).toEqual([0, 9]);
});

it("a share leaves room for others, and what they do not need comes back", () => {
  const large = part(100, { share: 0.5 });
  const [first = 0, second = 0] = fitParts([large, part(4, { rank: 1 })], 200, omission);
  expect(second).toBe(4);
  expect(first).toBeGreaterThan(9);
});

it("a part of which nothing that counts would be left is left out", () => {
  const items = [
    { text: "head\n", counts: 0 },
    { text: `${"x".repeat(50)}\n`, counts: 1 },
  ];
  expect(fitParts([part(0, { items })], 30, omission)).toEqual([0]);
  expect(fitParts([part(0, { items })], 60, omission)).toEqual([2]);
});
