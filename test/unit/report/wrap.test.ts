import { expect, it } from "vitest";
import { wrap } from "../../../src/report/wrap.ts";

const words = (count: number): string => Array.from({ length: count }, () => "word").join(" ");

it("leaves a line that fits", () => {
  expect(wrap(words(8), 40)).toEqual([words(8)]);
});

it("breaks between words", () => {
  expect(wrap(words(20), 44)).toEqual([words(9), words(9), words(2)]);
});

it("never breaks a word", () => {
  const long = "x".repeat(60);
  expect(wrap(`${long} a ${long}`, 40)).toEqual([long, "a", long]);
  expect(wrap(long, 40)).toEqual([long]);
});

it("takes 40 for a width that is too small to read", () => {
  expect(wrap(words(8), 3)).toEqual([words(8)]);
});

it("keeps an option and its value together, to be copied", () => {
  const option = `--allow guard=${"1".repeat(20)}`;
  expect(wrap(`${words(5)} ${option} ${words(2)}`, 40)).toEqual([words(5), `${option} word`, "word"]);
  expect(wrap(`word ${option}${"2".repeat(40)} word`, 40)).toEqual([
    "word",
    `${option}${"2".repeat(40)}`,
    "word",
  ]);
  expect(wrap(`${option}${"2".repeat(40)} word`, 40)).toEqual([`${option}${"2".repeat(40)}`, "word"]);
});
