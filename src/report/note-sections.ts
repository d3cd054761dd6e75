import { compareText } from "../model/address.ts";
import type { Plan } from "../plan/plan.ts";
import type { Section } from "./change-sections.ts";
import { counted, few } from "./labels.ts";
import { type Line, line } from "./lines.ts";

/** What the plan does not touch, and why: one line for each reason, with a few examples. Empty ones are left out. */
export const noteSections = (plan: Plan): Section[] =>
  [
    {
      title: "Not checked: could not be read, so nothing here is created or deleted",
      lines: noteLines(plan.unchecked.map(({ scope, reason }) => ({ address: scope, reason }))),
    },
    {
      title: "Skipped",
      lines: noteLines(plan.skipped.map(({ subject, reason }) => ({ address: subject, reason }))),
    },
    { title: "Held back by mode additive, which never deletes", lines: noteLines(plan.withheld) },
    { title: "Left alone", lines: noteLines(plan.unmanaged) },
    { title: "Ignored, by rules of the manifest", lines: noteLines(plan.ignored) },
  ].filter(({ lines }) => lines.length > 0);

/** One line for each reason, with a few examples. */
export const noteLines = (
  notes: readonly { readonly address: string; readonly reason: string }[],
): Line[] => {
  const byReason = new Map<string, string[]>();
  for (const { address, reason } of notes) {
    const addresses = byReason.get(reason);
    if (addresses === undefined) byReason.set(reason, [address]);
    else addresses.push(address);
  }
  return [...byReason]
    .sort(([a], [b]) => compareText(a, b))
    .flatMap(([reason, addresses]) => [
      line(0, null, `${countKinds(addresses)}: ${reason}`),
      line(1, null, few(addresses)),
    ]);
};

/** `2 users, 1 permission set`; no number where one of them stands for many. */
const countKinds = (addresses: readonly string[]): string => {
  const counts = new Map<string, number>();
  for (const address of addresses) {
    const many = address.endsWith("*") ? Number.POSITIVE_INFINITY : 1;
    const kind = address.slice(0, address.indexOf("/"));
    counts.set(kind, (counts.get(kind) ?? 0) + many);
  }
  return [...counts]
    .map(([kind, count]) => {
      const name = kind === "permissionSet" ? "permission set" : kind;
      return Number.isFinite(count) ? counted(count, name) : `${name}s`;
    })
    .join(", ");
};
