/**
 * The order of changes: by phase, then by address, but for what has to come before; and what that is. A failure leaves
 * undone what waits for it, so that this also decides what an apply that is cut short leaves behind. In the order of
 * their weight; where they would come to a circle, what stands lower gives way:
 *
 * | | change                                    | waits for                                                       |
 * |-|-------------------------------------------|-----------------------------------------------------------------|
 * |1| what uses a user, group, permission set   | its creation                                                    |
 * | | an assignment, a provisioning             | the update of its permission set that takes something           |
 * | | deletion of a user, group, permission set | deletion of all that hangs on it; of a set, its replacement     |
 * | | deletion of an assignment                 | all creations in its pair (account, permission set): with the   |
 * | |                                           | last assignment the role goes, and a new one has another name;  |
 * | |                                           | of a set that is replaced, the replacement                      |
 * |2| deletion of an assignment or membership   | all that gives one of the people behind it access to the same   |
 * | |                                           | account, by whatever way: new assignments, new memberships, a   |
 * | |                                           | set of theirs that comes to allow more or is provisioned; where |
 * | |                                           | the same user or group gets no less there, that alone           |
 * | | deletion of a membership                  | every membership that is added for the same user                |
 * | | of administrators, where a guard counts   | all that makes somebody administrator in the same account       |
 * |3| an update of a set that takes something   | the same as 2, for all who have it, but for its own assignments |
 * |4| an update of a set that gives something   | deletions of its assignments, and of memberships of its groups  |
 * | | a new assignment of a group               | deletions of memberships of that group                          |
 * |5| an assignment                             | an update of its permission set that takes nothing              |
 *
 * Nobody is locked out (2, 3) before nobody has more than was planned (4): access that is kept was reviewed once, and is
 * told as not done. What goes by itself (it has expired, is listed under `removed`, or nobody is behind it) waits for
 * none of 2; nor is a replacement what is given to other people. Who joins a group does not wait for what the group
 * loses: its risk tells that.
 *
 * Of two sets that both take something, and each of which makes up for the other, neither waits; nor can one that takes
 * and gives at once be in order with both. Who has them stays in the account with what is left.
 *
 * 1 and 2 go from later phases to earlier ones, so that they have no circles; circles.ts keeps them out of the rest.
 */
import { compareText } from "../model/address.ts";
import { indexAdministratorGains } from "./administrator-gains.ts";
import { withoutCircles } from "./circles.ts";
import type { Comparison } from "./difference.ts";
import { makeExcess } from "./excess.ts";
import { indexGains } from "./gains.ts";
import { none, union } from "./lists.ts";
import { indexPeople, type People } from "./people.ts";
import type { ChangeDraft } from "./plan.ts";
import { makePrerequisites } from "./prerequisites.ts";
import { makeReplacements, type OrderContext, type Replacements } from "./replacements.ts";
import { indexStanding } from "./standing.ts";

export const phaseOf = (change: ChangeDraft): number => {
  if (change.kind === "provisioning") return 4;
  return (change.action === "delete" ? deletePhases : writePhases)[change.kind];
};

const writePhases = { user: 0, group: 1, membership: 2, permissionSet: 3, assignment: 5 } as const;
const deletePhases = { assignment: 6, membership: 7, permissionSet: 8, group: 9, user: 10 } as const;

/** In order, and each with the addresses that must have succeeded before it, all of which stand before it. */
export const order = (unsorted: readonly ChangeDraft[], comparison: Comparison): readonly Ordered[] => {
  const changes = unsorted
    .map((change) => ({ change, phase: phaseOf(change) }))
    .sort((a, b) => a.phase - b.phase || compareText(a.change.address, b.change.address))
    .map(({ change }) => change);
  const context = makeContext(changes, comparison);
  const prerequisites = makePrerequisites(changes, comparison.renames);
  const replacements = makeReplacements(context);
  const dependencies = withoutCircles(
    changes.map(({ address }) => address),
    changes.map((change) => union(prerequisites.of(change), replacing(change, replacements))),
    changes.map(replacements.beforeSetAllowsLess),
    changes.map(makeExcess(context)),
    changes.map(prerequisites.ofSetThatGrows),
  );
  return inOrder(changes.map((change, index) => ({ change, dependsOn: dependencies[index] ?? none })));
};

interface Ordered {
  readonly change: ChangeDraft;
  readonly dependsOn: readonly string[];
}

/** Keeps the order as far as nothing stands before what it waits for. */
const inOrder = (changes: readonly Ordered[]): readonly Ordered[] => {
  const left = new Map(changes.map((each) => [each.change.address, each]));
  const placed: Ordered[] = [];
  for (const first of changes) {
    const path = [{ ordered: first, next: 0 }];
    // Iterative: a plan may be deeper than the call stack.
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const { address } = top.ordered.change;
      const before = left.has(address) ? top.ordered.dependsOn[top.next] : undefined;
      top.next += 1;
      if (before !== undefined) {
        const needed = left.get(before);
        if (needed !== undefined) path.push({ ordered: needed, next: 0 });
        continue;
      }
      if (left.delete(address)) placed.push(top.ordered);
      path.pop();
    }
  }
  return placed;
};

const replacing = (change: ChangeDraft, replacements: Replacements): readonly string[] => {
  if (change.action !== "delete") return none;
  if (change.kind === "assignment") return replacements.beforeAssignmentGoes(change.before, change.reason);
  return change.kind === "membership"
    ? replacements.beforeMembershipGoes(change.before, change.reason)
    : none;
};

const makeContext = (changes: readonly ChangeDraft[], comparison: Comparison): OrderContext => {
  const standing = indexStanding(comparison.live, changes);
  let indexed: People | undefined;
  const people = (): People => (indexed ??= indexPeople(comparison.live, changes));
  return {
    changes,
    comparison,
    standing,
    people,
    gains: indexGains(changes, people, standing),
    administratorGains: indexAdministratorGains(changes, comparison, standing),
  };
};
