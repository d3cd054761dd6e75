import type { Finding } from "../../model/finding.ts";
import { closestName } from "../../model/names.ts";
import type { GuardVerdict } from "../plan.ts";
import type { AllowanceForm, Guard, GuardInput } from "./guard.ts";
import { guards } from "./guards.ts";

/**
 * By guard: what it may let through, as in --allow approval=12. Guards that judge several things by themselves are told
 * which, too, several of them with commas between: max-removals=groups:20,users:30.
 */
export type Allowances = ReadonlyMap<string, string>;

/** All that the guards have against the plan, in the order of the table. */
export const evaluateGuards = (
  input: GuardInput,
  allow: Allowances,
  unattended: boolean,
): readonly GuardVerdict[] =>
  guards.flatMap((guard) => {
    const refusals = guard.check(input);
    const isGiven = allowances(allow.get(guard.code) ?? "");
    return refusals.map((args) => {
      const needed = guard.allowance?.parts(args) ?? [String(args.count)];
      return {
        guard: guard.code,
        verdict: needed.every(isGiven) ? "allowed" : verdictOf(guard, unattended),
        args,
        override: `--allow ${guard.code}=${needed.join(",")}`,
      };
    });
  });

const verdictOf = ({ onlyUnseen, passes }: Guard, unattended: boolean): GuardVerdict["verdict"] => {
  if (passes === true) return "refused-now";
  return onlyUnseen === true && !unattended ? "needs-review" : "refused";
};

/** What is allowed for one thing does not open another. */
const allowances = (text: string): ((needed: string) => boolean) => {
  const parts = new Set(text.split(","));
  const most = new Map<string, number>();
  for (const part of parts) {
    const allowed = numberOf(part);
    if (allowed !== null) most.set(allowed.subject, Math.max(allowed.number, most.get(allowed.subject) ?? 0));
  }
  return (needed) => {
    const wanted = numberOf(needed);
    return wanted === null ? parts.has(needed) : wanted.number <= (most.get(wanted.subject) ?? -1);
  };
};

const numberOf = (part: string): { readonly subject: string; readonly number: number } | null => {
  const [, subject = "", number] = /^(.*:)?(\d{1,9})$/.exec(part) ?? [];
  return number === undefined ? null : { subject, number: Number(number) };
};

/** A mistyped allowance would only be noticed as a refusal that it was to lift. */
export const checkAllowances = (allow: Allowances): Finding[] =>
  [...allow].flatMap(([name, text]): Finding[] => {
    const guard = guards.find(({ code }) => code === name);
    return guard === undefined ? [unknownGuard(name)] : badAllowance(guard, text);
  });

const unknownGuard = (name: string): Finding => {
  const codes = guards.map(({ code }) => code);
  const near = closestName(name, codes);
  return {
    code: "unknown-guard",
    severity: "error",
    message: `--allow ${name}: there is no guard of this name`,
    hint: near === undefined ? `The guards are ${codes.join(", ")}` : `Did you mean ${near}?`,
  };
};

const badAllowance = ({ code, allowance }: Guard, text: string): Finding[] => {
  const { pattern, words, example } = allowance ?? aNumber;
  if (text.split(",").every((part) => pattern.test(part))) return [];
  return [
    {
      code: "bad-allowance",
      severity: "error",
      message: `--allow ${code}=${text}: expected ${words}`,
      hint: `Such as ${code}=${example}`,
    },
  ];
};

const aNumber: Omit<AllowanceForm, "parts"> = {
  pattern: /^\d{1,9}$/,
  words: "a whole number",
  example: "12; the refusal prints the exact words",
};
