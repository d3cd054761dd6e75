import { expect, it } from "vitest";
import { parseWait } from "../../../src/lock/wait.ts";

it.each([
  ["0", 0],
  ["0s", 0],
  ["90s", 90_000],
  ["10m", 600_000],
  ["24h", 86_400_000],
])("takes %s", (text, milliseconds) => {
  expect(parseWait(text)).toBe(milliseconds);
});

it.each(["", "10", "-1m", "1.5h", "10 m", "25h", "10d", "m", "1e3s"])("refuses %j", (text) => {
  expect(parseWait(text)).toBeNull();
});
