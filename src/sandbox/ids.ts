import { createHash } from "node:crypto";
import type { SandboxState } from "./state.ts";

/** Next value of the state's id counter as a lowercase uuid: the same history makes the same ids. */
export function nextUuid(state: SandboxState): string {
  state.idCounter += 1;
  return uuidOf(`id ${state.idCounter}`);
}

/** Sixteen lowercase letters and digits, as in ps-… and in the suffix of a role's name. */
export function nextShortId(state: SandboxState): string {
  return nextUuid(state).replaceAll("-", "").slice(0, 16);
}

/** A lowercase version 4 uuid made from a text. */
export function uuidOf(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
}

/** A number in [0, 1) made from a text: a repeatable stand-in for chance. */
export function fractionOf(text: string): number {
  return createHash("sha256").update(text).digest().readUInt32BE(0) / 2 ** 32;
}
