import type { AllowanceForm } from "./guard.ts";
import { kinds } from "./removals.ts";
import { shellWord } from "./shell-word.ts";

/*
 * How the overrides are written of guards that judge several things: each names the thing that it is for, and cannot be
 * spent on another. What is left of a plan needs no more of them than the whole did.
 */

export const perKind: AllowanceForm = {
  parts: ({ kind = "", count }) => [`${kind}:${count}`],
  pattern: new RegExp(`^(${kinds.join("|")}):\\d{1,9}$`),
  words: "a whole number for a kind",
  example: `groups:20; the kinds are ${kinds.join(", ")}`,
};

export const perAccount: AllowanceForm = {
  parts: ({ accounts = [], count }) => accounts.map((id) => `${id}:${count}`),
  pattern: /^\d{12}:\d{1,9}$/,
  words: "a whole number for an account",
  example: "111111111111:1; the refusal prints the exact words",
};

export const perSet: AllowanceForm = {
  parts: ({ permissionSet = "", count }) => [`${shellWord(permissionSet)}:${count}`],
  pattern: /^[^/:,]+:\d{1,9}$/,
  words: "a whole number for a permission set",
  example: "Developer:26; the refusal prints the exact words",
};

export const perPair: AllowanceForm = {
  parts: ({ accounts = [], permissionSet = "", count }) =>
    accounts.map((id) => `${id}/${shellWord(permissionSet)}:${count}`),
  pattern: /^\d{12}\/[^/:,]+:\d{1,9}$/,
  words: "a whole number for a permission set in an account",
  example: "111111111111/Developer:101; the refusal prints the exact words",
};

export const perChange: AllowanceForm = {
  parts: ({ addresses = [] }) => addresses.map(shellWord),
  pattern: /^(user|group|membership|permissionSet|assignment|provisioning)\/[^,]+$/,
  words: "the address of a change",
  example: "permissionSet/BreakGlass; the refusal prints the exact words",
};

export const perWay: AllowanceForm = {
  parts: ({ ways = [] }) => ways,
  pattern: /^(group|user):[^,]+@\d{12}$/,
  words: "a group or user with an account",
  example: "group:Break-Glass@111111111111; the refusal prints the exact words",
};

export const perWindow: AllowanceForm = {
  parts: ({ window = "", until = "" }) => [`${window}:${until}`],
  pattern: /^[^:]+:\d{4}-\d\d-\d\dT[\d:.]+Z$/,
  words: "a freeze window with the time when it ends",
  example: "year-end:2027-01-04T06:00:00Z; the refusal prints the exact words",
};
