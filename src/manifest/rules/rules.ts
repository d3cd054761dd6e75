import type { Report } from "../codes.ts";
import { checkAccounts } from "./accounts.ts";
import { checkAssignments } from "./assignments.ts";
import { checkCaseTwins } from "./case-twins.ts";
import { checkWholeManifest } from "./whole-manifest.ts";
import { checkDuplicateItems } from "./duplicate-items.ts";
import { checkExternalObjects } from "./external-objects.ts";
import { checkFreezeWindows } from "./freeze-windows.ts";
import { checkGuards } from "./guards.ts";
import { checkIgnoreRules } from "./ignore-rules.ts";
import { checkInlinePolicies } from "./inline-policies.ts";
import { checkManagedPolicies } from "./managed-policies.ts";
import { checkNames } from "./names.ts";
import { checkPermissionSets } from "./permission-sets.ts";
import { checkReferences } from "./references.ts";
import { checkRemoved } from "./removed.ts";
import type { Rule, RuleInput } from "./rule.ts";
import { checkTags } from "./tags.ts";
import { checkTexts } from "./texts.ts";
import { checkUsers } from "./users.ts";

export const checkRules = (input: RuleInput, report: Report): void => {
  for (const rule of rules) rule(input, report);
};

const rules: readonly Rule[] = [
  checkWholeManifest,
  checkNames,
  checkCaseTwins,
  checkDuplicateItems,
  checkAccounts,
  checkUsers,
  checkTexts,
  checkExternalObjects,
  checkPermissionSets,
  checkTags,
  checkManagedPolicies,
  checkInlinePolicies,
  checkReferences,
  checkAssignments,
  checkRemoved,
  checkIgnoreRules,
  checkGuards,
  checkFreezeWindows,
];
