import type { Finding } from "../../model/finding.ts";
import { closestName } from "../../model/names.ts";
import type { GuardArgs, GuardVerdict } from "../plan.ts";
import type { Guard, GuardInput } from "./guard.ts";
import { guards } from "./guards.ts";

/** By guard: how much it may let through, as in --allow max-removals=12. */
export type Allowances = ReadonlyMap<string, string>;

/** All that the guards have against the plan, in the order of the table. */
export const evaluateGuards = (
  input: GuardInput,
  allow: Allowances,
  unattended: boolean,
): readonly GuardVerdict[] =>
  guards.flatMap((guard) => {
    const refusals = guard.check(input);
    // One allowance serves all refusals of a guard, so what is offered is enough for the largest.
    const largest = Math.max(0, ...refusals.map(({ count }) => count));
    return refusals.map((args) => ({
      guard: guard.code,
      verdict: judge(guard, args, allow, unattended),
      args,
      override: `--allow ${guard.code}=${largest}`,
    }));
  });

const judge = (
  guard: Guard,
  { count }: GuardArgs,
  allow: Allowances,
  unattended: boolean,
): GuardVerdict["verdict"] => {
  if (count <= allowed(allow.get(guard.code))) return "allowed";
  return guard.onlyUnseen === true && !unattended ? "needs-review" : "refused";
};

const allowed = (text: string | undefined): number =>
  text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : 0;

/** A mistyped allowance would only be noticed as a refusal that it was to lift. */
export const checkAllowances = (allow: Allowances): Finding[] =>
  [...allow.keys()].flatMap((name): Finding[] => {
    const codes = guards.map(({ code }) => code);
    if (codes.some((code) => code === name)) return [];
    const near = closestName(name, codes);
    return [
      {
        code: "unknown-guard",
        severity: "error",
        message: `--allow ${name}: there is no guard of this name`,
        hint: near === undefined ? `The guards are ${codes.join(", ")}` : `Did you mean ${near}?`,
      },
    ];
  });
