import type { ManagedKind } from "../../model/desired-state.ts";
import type { Finding } from "../../model/finding.ts";
import { closestName } from "../../model/names.ts";
import type { GuardArgs, GuardVerdict } from "../plan.ts";
import type { Guard, GuardInput } from "./guard.ts";
import { guards } from "./guards.ts";
import { kinds } from "./removals.ts";

/**
 * By guard: how much it may let through, as in --allow approval=12. Guards that judge each kind by itself are told the
 * kind too, several of them with commas between: max-removals=groups:20,users:30.
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
    // Without a kind, one allowance serves all refusals of a guard, so what is offered is enough for the largest.
    const largest = Math.max(0, ...refusals.map(({ count }) => count));
    return refusals.map((args) => ({
      guard: guard.code,
      verdict: judge(guard, args, allow, unattended),
      args,
      override: `--allow ${guard.code}=${args.kind === undefined ? largest : `${args.kind}:${args.count}`}`,
    }));
  });

const judge = (
  guard: Guard,
  { count, kind }: GuardArgs,
  allow: Allowances,
  unattended: boolean,
): GuardVerdict["verdict"] => {
  if (count <= allowed(allow.get(guard.code), kind)) return "allowed";
  return guard.onlyUnseen === true && !unattended ? "needs-review" : "refused";
};

/** What is allowed for one kind does not open another. */
const allowed = (text: string | undefined, kind: ManagedKind | undefined): number =>
  Math.max(0, ...(text ?? "").split(",").map((part) => readAllowance(part, kind) ?? 0));

/** Null where it is not a whole number, or not one for this kind. */
const readAllowance = (part: string, kind: ManagedKind | undefined): number | null => {
  const start = kind === undefined ? "" : `${kind}:`;
  const count = part.slice(start.length);
  return part.startsWith(start) && /^\d{1,9}$/.test(count) ? Number(count) : null;
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

const badAllowance = ({ code, perKind }: Guard, text: string): Finding[] => {
  const isGood = (part: string): boolean =>
    (perKind === true ? kinds : [undefined]).some((kind) => readAllowance(part, kind) !== null);
  return text.split(",").every(isGood)
    ? []
    : [
        {
          code: "bad-allowance",
          severity: "error",
          message: `--allow ${code}=${text}: expected a whole number${perKind === true ? " for a kind" : ""}`,
          hint:
            perKind === true
              ? `Such as ${code}=groups:20; the kinds are ${kinds.join(", ")}`
              : `Such as ${code}=12; the refusal prints the exact words`,
        },
      ];
};
