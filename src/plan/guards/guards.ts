import type { GuardCode } from "../plan.ts";
import { checkBreakGlass, checkMinAdministrators } from "./administrators.ts";
import { perAccount, perChange, perKind, perPair, perSet, perWay, perWindow } from "./allowance-forms.ts";
import { checkApproval } from "./approval.ts";
import { checkDelegatedAdministrator } from "./delegated-administrator.ts";
import { checkFreeze } from "./freeze.ts";
import type { Guard } from "./guard.ts";
import { checkEmptyManifest, checkShrunkenManifest } from "./manifest-size.ts";
import {
  checkGroupsPerAssignment,
  checkInlinePolicies,
  checkPermissionSets,
  checkPermissionSetsPerAccount,
  checkPolicies,
} from "./quotas.ts";
import { checkProtected } from "./protected.ts";
import { checkMaxRemovals } from "./removals.ts";
import { checkSelfLockout } from "./self-lockout.ts";

/**
 * Guards judge the finished plan, which is shown in any case, and all of them speak together. Each has a code, a
 * default (model/guards.ts), and one override that names how much is let through, or what, so that a permission given
 * for one plan does not fit a larger one. There is no word that overrides all.
 *
 * | guard                   | refuses                                                                                 |
 * |-------------------------|-----------------------------------------------------------------------------------------|
 * | max-removals            | of one kind, more than `floor` objects and more than `percent` of the live ones would   |
 * |                         | go, or be assignments of permission sets that come to allow nothing                     |
 * | shrunken-manifest       | the same over all kinds, of what the manifest no longer mentions                        |
 * | empty-manifest          | all there is of a kind would go because the manifest declares nothing of it             |
 * | protected               | what a `protect` pattern matches would go, change, or lose members, assignments, roles  |
 * | self-lockout            | who runs would lose, or have narrowed, the access that they are signed in with          |
 * | break-glass             | a break-glass user or group would lose administrator access                             |
 * | min-administrators      | an account would be left with too few people who have administrator access              |
 * | freeze                  | anything would be applied in a freeze window                                            |
 * | approval                | broadening changes (or any) would be applied by --auto-approve alone                    |
 * | delegated-administrator | changes that only the management account may make, run from another account             |
 * | quota-*                 | a quota of AWS would be passed, at the moment when the plan needs most                  |
 */
export const guards: readonly Guard[] = [
  { code: "max-removals", setting: "maxRemovals", allowance: perKind, check: checkMaxRemovals },
  { code: "shrunken-manifest", setting: "maxShrink", check: checkShrunkenManifest },
  { code: "empty-manifest", setting: "emptyManifest", allowance: perKind, check: checkEmptyManifest },
  { code: "protected", setting: "protect", allowance: perChange, check: checkProtected },
  {
    code: "self-lockout",
    setting: "selfLockout",
    judgesRun: true,
    allowance: perAccount,
    check: checkSelfLockout,
  },
  { code: "break-glass", setting: "breakGlass", allowance: perWay, check: checkBreakGlass },
  {
    code: "min-administrators",
    setting: "minAdministrators",
    allowance: perAccount,
    check: checkMinAdministrators,
  },
  {
    code: "freeze",
    setting: "freeze",
    judgesRun: true,
    passes: true,
    allowance: perWindow,
    check: checkFreeze,
  },
  { code: "approval", setting: "approval", onlyUnseen: true, check: checkApproval },
  {
    code: "delegated-administrator",
    setting: "delegatedAdministrator",
    judgesRun: true,
    check: checkDelegatedAdministrator,
  },
  { code: "quota-permission-sets", setting: "quotas", check: checkPermissionSets },
  {
    code: "quota-permission-sets-per-account",
    setting: "quotas",
    allowance: perAccount,
    check: checkPermissionSetsPerAccount,
  },
  { code: "quota-groups-per-assignment", setting: null, allowance: perPair, check: checkGroupsPerAssignment },
  { code: "quota-policies", setting: null, allowance: perSet, check: checkPolicies },
  { code: "quota-inline-policy", setting: null, allowance: perSet, check: checkInlinePolicies },
];

/** Whether the guard's verdict says something about a run, and nothing about the plan. */
export const isOfRun = (code: GuardCode): boolean =>
  guards.some((guard) => guard.code === code && guard.judgesRun === true);
