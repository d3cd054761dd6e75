import { decideDeletions } from "./deletions.ts";
import { diffAssignments } from "./diff-assignments.ts";
import { diffMemberships } from "./diff-memberships.ts";
import { diffObjects } from "./diff-objects.ts";
import { diffProvisioning } from "./diff-provisioning.ts";
import { type Comparison, type Difference, emptyDifference } from "./difference.ts";

/**
 * Compares what is declared with what is live. Pure: no clock, no order, no ids beyond those that were read.
 *
 * Users, groups, permission sets, by name:
 *
 * | declared | live                                   | outcome                                             |
 * |----------|----------------------------------------|-----------------------------------------------------|
 * | yes      | not read                               | unchecked                                           |
 * | yes      | absent                                 | create                                              |
 * | yes      | differs in what is managed             | update                                              |
 * | yes      | under its earlier name, group          | update (rename in place)                            |
 * | yes      | under its earlier name, permission set | create; the old one is deleted (reason renamed)     |
 * | yes      | equal, stale in active accounts, set   | provision                                           |
 * | yes      | equal                                  | nothing                                             |
 * | external | any                                    | nothing; absent is an error (references.ts)         |
 * | no       | any                                    | deletions.ts                                        |
 *
 * Assignments and memberships, by address; what hangs on an object that is deleted goes in every mode but additive:
 *
 * | declared | live   | and                                              | outcome                                 |
 * |----------|--------|--------------------------------------------------|-----------------------------------------|
 * | any      | any    | covered by an ignore rule                        | ignored                                 |
 * | yes      | yes    |                                                  | nothing                                 |
 * | yes      | no     | not read, or its permission set or principal not | unchecked                               |
 * | yes      | no     | account not active                               | skipped                                 |
 * | yes      | no     |                                                  | create                                  |
 * | no       | yes    | its set, user or group is deleted                | delete (renamed or parent-deleted)      |
 * | no       | yes    | one of these is to go, and has to wait           | the same, or not-declared, or exclusive |
 * | no       | yes    | it was declared and has expired                  | delete (expired)                        |
 * | no       | yes    | its set is declared, or its group has `members`  | delete (not-declared or orphaned)       |
 * | no       | yes    | its undeclared set is another manifest's, or its | unmanaged                               |
 * |          |        | group has one and no `members` here              |                                         |
 * | no       | yes    | neither, mode exclusive                          | delete (exclusive)                      |
 * | no       | yes    | its set or group is external, or neither         | unmanaged                               |
 * | no       | yes    | a deletion, mode additive                        | withheld                                |
 * | no       | yes    | a deletion, account not active                   | skipped                                 |
 * | no       | orphan | a deletion, users or groups not read             | unchecked                               |
 * | no       | yes    | a deletion, what may replace it not read         | unchecked                               |
 */
export const diff = (comparison: Comparison): Difference => {
  const difference = emptyDifference();
  const doomed = decideDeletions(comparison, difference);
  const whole = { ...comparison, doomed };
  diffObjects(whole, difference);
  diffMemberships(whole, difference);
  diffAssignments(whole, difference);
  diffProvisioning(whole, difference);
  difference.unchecked.push(...comparison.live.coverage.unread);
  return difference;
};
