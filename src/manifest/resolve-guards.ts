import type { AccountSelection, FreezeWindow as ManifestFreezeWindow } from "../generated/manifest.ts";
import type { Finding } from "../model/finding.ts";
import { defaultGuards, type FreezeTime, type Guards } from "../model/guards.ts";
import { parseTimeOfDay } from "../model/timestamp.ts";
import type { LoadedManifest, PathPart } from "./loaded-manifest.ts";
import { timeOf } from "./resolve-assignments.ts";
import { selectAccounts } from "./select-accounts.ts";
import type { AccountDirectory } from "./select-directory.ts";

/** `guards`, with defaults written out and accounts resolved: a selector that fails would guard nothing, so it is an error. */
export const resolveGuards = (
  manifest: LoadedManifest,
  directory: AccountDirectory,
): { readonly guards: Guards; readonly findings: readonly Finding[] } => {
  const findings: Finding[] = [];
  const { breakGlass = [], minAdministrators = [], freeze = [], ...settings } = manifest.value.guards ?? {};
  const select = (selection: AccountSelection, path: readonly PathPart[]): readonly string[] => {
    const selected = selectAccounts(selection, directory, [...path, "accounts"], manifest);
    findings.push(...selected.findings);
    return selected.ids;
  };
  const guards: Guards = {
    ...defaultGuards,
    ...settings,
    maxRemovals: { ...defaultGuards.maxRemovals, ...settings.maxRemovals },
    maxShrink: { ...defaultGuards.maxShrink, ...settings.maxShrink },
    quotas: { ...defaultGuards.quotas, ...settings.quotas },
    breakGlass: breakGlass.map(({ users = [], groups = [], permissionSets = null, accounts }, index) => {
      const path = ["guards", "breakGlass", index];
      const position = manifest.position(path);
      return { users, groups, permissionSets, accounts: select(accounts, path), position };
    }),
    minAdministrators: minAdministrators.map(({ people, accounts }, index) => {
      const path = ["guards", "minAdministrators", index];
      return { people, accounts: select(accounts, path), position: manifest.position(path) };
    }),
    freeze: freeze.map((window) => ({
      name: window.name,
      reason: window.reason,
      time: timeOfWindow(window),
    })),
  };
  return { guards, findings };
};

/** As rules/freeze-windows.ts has checked it. */
const timeOfWindow = ({
  days,
  from = "00:00",
  to = "00:00",
  timeZone = "UTC",
}: ManifestFreezeWindow): FreezeTime => {
  if (days === undefined) return { kind: "once", from: timeOf(from), to: timeOf(to) };
  const [begin, end] = [parseTimeOfDay(from) ?? 0, parseTimeOfDay(to) ?? 0];
  return { kind: "weekly", days: days.map((day) => weekdays.indexOf(day)), from: begin, to: end, timeZone };
};

const weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] as const;
