import type { GuardVerdict, Plan } from "../plan/plan.ts";
import { counted, few } from "./labels.ts";
import { type Line, line } from "./lines.ts";

/** What a guard has against the plan, in one sentence with its numbers. Not yet escaped. */
const guardText = ({ guard, args }: GuardVerdict): string => {
  const { count, population, percent, floor, kind, addresses } = args;
  const number = Number(count);
  switch (guard) {
    case "max-removals": {
      const share = ((number / Number(population)) * 100).toFixed(1).replace(/\.0$/, "");
      return `${number} of ${String(population)} ${kindNames(kind)} would be deleted (${share} %); the manifest allows ${String(percent)} %, or up to ${String(floor)}`;
    }
    case "protected":
      return `${counted(number, "protected object")} would be deleted: ${few(Array.isArray(addresses) ? addresses : [])}`;
    case "empty-manifest":
      return `the manifest declares no ${kindNames(kind)}, and ${number === 1 ? "the one that is" : `all ${number} that are`} there would be deleted`;
  }
};

export const guardLines = ({ guards }: Plan): Line[] =>
  guards.flatMap((verdict) => [
    line(
      0,
      verdict.verdict === "refused" ? "-" : null,
      `${verdict.verdict === "refused" ? "refused" : "allowed"} by guard ${verdict.guard}: ${guardText(verdict)}`,
    ),
    line(
      1,
      null,
      verdict.verdict === "refused"
        ? `if that is meant, apply with ${verdict.override}`
        : `because of ${verdict.override}`,
    ),
  ]);

const kindNames = (kind: unknown): string => (kind === "permissionSets" ? "permission sets" : String(kind));
