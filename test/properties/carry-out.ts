import { expect } from "vitest";
import type { AccessState } from "../../src/model/access-state.ts";
import { assignmentAddress, membershipAddress } from "../../src/model/address.ts";
import type { LiveState } from "../../src/model/live-state.ts";
import type { Plan } from "../../src/plan/plan.ts";

/** An Identity Center of maps: does what each change says, in the plan's order, and refuses what AWS would refuse. */
export const carryOut = (plan: Plan, there: LiveState): LiveState => {
  const users = new Map(there.state.users);
  const groups = new Map(there.state.groups);
  const sets = new Map(there.state.permissionSets);
  let memberships = [...there.state.memberships.values()];
  let assignments = [...there.state.assignments.values()];
  const provisioning = new Map(there.provisioning);
  for (const change of plan.changes) {
    if (change.kind === "user") {
      if (change.action !== "create") users.delete(change.before.userName);
      if (change.action !== "delete") users.set(change.after.userName, change.after);
    } else if (change.kind === "group") {
      if (change.action !== "create") groups.delete(change.before.displayName);
      if (change.action !== "delete") groups.set(change.after.displayName, change.after);
      if (change.action === "update") {
        const [old, name] = [change.before.displayName, change.after.displayName];
        memberships = memberships.map((each) => (each.group === old ? { ...each, group: name } : each));
        assignments = assignments.map((each) =>
          each.principalType === "GROUP" && each.principal === old ? { ...each, principal: name } : each,
        );
      }
    } else if (change.kind === "permissionSet") {
      if (change.action === "delete") {
        expect(assignments.filter(({ permissionSet }) => permissionSet === change.before.name)).toEqual([]);
        sets.delete(change.before.name);
      } else {
        sets.set(change.after.name, change.after);
        if (change.action === "update") provisioning.delete(change.after.name);
      }
    } else if (change.kind === "provisioning") {
      const before = provisioning.get(change.permissionSet);
      const stale = (before?.stale ?? []).filter((id) => !change.accounts.includes(id));
      provisioning.set(change.permissionSet, { accounts: before?.accounts ?? [], stale });
    } else if (change.kind === "membership") {
      if (change.action === "delete") {
        const gone = memberships.filter((each) => membershipAddress(each) === change.address);
        expect(gone).toHaveLength(1);
        memberships = memberships.filter((each) => !gone.includes(each));
      } else {
        expect([groups.has(change.after.group), users.has(change.after.user)]).toEqual([true, true]);
        memberships.push(change.after);
      }
    } else if (change.action === "delete") {
      const gone = assignments.filter((each) => assignmentAddress(each) === change.address);
      expect(gone).toHaveLength(1);
      assignments = assignments.filter((each) => !gone.includes(each));
      // The role goes with the last assignment.
      const { accountId, permissionSet: set } = change.before;
      const isLast = assignments.every((each) => each.accountId !== accountId || each.permissionSet !== set);
      const before = provisioning.get(set);
      if (isLast && before !== undefined) {
        const others = (ids: readonly string[]): string[] => ids.filter((id) => id !== accountId);
        provisioning.set(set, {
          accounts: others(before.accounts),
          stale: before.stale === null ? null : others(before.stale),
        });
      }
    } else {
      const { permissionSet, principalType, principal } = change.after;
      expect(sets.has(permissionSet)).toBe(true);
      expect((principalType === "GROUP" ? groups : users).has(principal)).toBe(true);
      assignments.push(change.after);
    }
  }
  const state: AccessState = {
    users,
    groups,
    permissionSets: sets,
    memberships: new Map(memberships.map((each) => [membershipAddress(each), each])),
    assignments: new Map(assignments.map((each) => [assignmentAddress(each), each])),
  };
  const ids = new Map([...sets.keys()].map((name) => [name, `ps-${name}`]));
  return { ...there, state, provisioning, ids: { ...there.ids, permissionSets: ids } };
};
