/**
 * Nobody comes to more than some change tells. Who may do what, where, is worked out here from the two states alone:
 * through each assignment and membership, with the limits and the session of the permission set.
 */
import { describe, expect, it } from "vitest";
import type { AccessState, PermissionSet } from "../../src/model/access-state.ts";
import type { Change, Plan } from "../../src/plan/plan.ts";
import { carryOut } from "./carry-out.ts";
import { checkPlans } from "./random-plans.ts";

describe("for any plan", () => {
  it("who comes to more is told by a change that broadens, in that account", () => {
    checkPlans((plan, _wanted, there) => {
      const before = accessOf(there.state, renamedGroups(plan));
      for (const [place, grants] of accessOf(carryOut(plan, there).state)) {
        const had = before.get(place) ?? [];
        for (const grant of grants) {
          if (had.some((each) => covers(each, grant))) continue;
          const tellers = tellersOf(plan, there.state, place, "broadening");
          expect({ place, grant, told: tellers.length > 0 }).toMatchObject({ told: true });
          if (grant.policy !== admin || had.some(({ policy }) => policy === admin)) continue;
          const asAdministrator = tellers.filter(({ risk }) =>
            risk.administratorAccounts?.includes(accountOf(place)),
          );
          expect({ place, asAdministrator: asAdministrator.length > 0 }).toMatchObject({
            asAdministrator: true,
          });
        }
      }
    });
  });

  it("who comes to an account for the first time, or for the last, is told so", () => {
    checkPlans((plan, _wanted, there) => {
      const before = accessOf(there.state, renamedGroups(plan));
      const after = accessOf(carryOut(plan, there).state);
      const isTold = (place: string, direction: "broadening" | "narrowing", only: Only): boolean =>
        tellersOf(plan, there.state, place, direction).some(({ risk }) =>
          (
            risk.reasonAccounts?.[only] ?? (risk.reasons.includes(only) ? (risk.accounts ?? []) : [])
          ).includes(accountOf(place)),
        );
      for (const place of after.keys()) {
        if (before.has(place)) continue;
        expect({ place, first: isTold(place, "broadening", "first-access") }).toMatchObject({ first: true });
      }
      for (const place of before.keys()) {
        if (after.has(place)) continue;
        expect({ place, last: isTold(place, "narrowing", "last-access") }).toMatchObject({ last: true });
      }
    });
  });

  it("who joins a group is told to gain what it reaches, before the plan or after, by that change itself", () => {
    checkPlans((plan, _wanted, there) => {
      const sides = [accessOf(there.state, renamedGroups(plan)), accessOf(carryOut(plan, there).state)];
      for (const change of plan.changes) {
        if (change.kind !== "membership" || change.action !== "create") continue;
        const { after, risk } = change;
        const ofGroup = sides.flatMap((side) =>
          [...side].filter(([place]) => place.startsWith(`group:${after.group} `)),
        );
        const withAdmin = ofGroup.filter(([, grants]) => grants.some(({ policy }) => policy === admin));
        const accounts = (places: typeof ofGroup) =>
          [...new Set(places.map(([place]) => accountOf(place)))].sort();
        expect(risk.accounts ?? []).toEqual(accounts(ofGroup));
        // What goes only later may become more in between.
        expect(risk.administratorAccounts ?? []).toEqual(expect.arrayContaining(accounts(withAdmin)));
      }
    });
  });

  it("who comes to less is told by a change that takes", () => {
    checkPlans((plan, _wanted, there) => {
      const after = accessOf(carryOut(plan, there).state);
      for (const [place, grants] of accessOf(there.state, renamedGroups(plan))) {
        const left = after.get(place) ?? [];
        for (const grant of grants) {
          // A session that is shortened beside something that is given is not told.
          if (left.some((each) => covers(each, { ...grant, seconds: 0 }))) continue;
          const told =
            tellersOf(plan, there.state, place, "narrowing").length > 0 ||
            tellersOf(plan, there.state, place, "broadening").some(({ risk: { reasons } }) =>
              reasons.some((reason) => reason === "rights-removed" || reason === "administrator-removed"),
            );
          expect({ place, grant, told }).toMatchObject({ told: true });
        }
      }
    });
  });
});

type Only = "first-access" | "last-access";

const admin = "arn:aws:iam::aws:policy/AdministratorAccess";

/** What one policy of one permission set comes to. */
interface Grant {
  readonly policy: string;
  readonly limits: readonly string[];
  readonly seconds: number;
}

const covers = (wide: Grant, narrow: Grant): boolean =>
  (wide.policy === narrow.policy || wide.policy === admin) &&
  wide.limits.every((limit) => narrow.limits.includes(limit)) &&
  wide.seconds >= narrow.seconds;

const grantsOf = (set: PermissionSet): Grant[] => {
  const limits = [set.inlinePolicy?.text ?? [], JSON.stringify(set.permissionsBoundary ?? [])]
    .flat()
    .filter((limit) => limit !== "[]");
  // A set without policies lets people in, too.
  return ["", ...set.managedPolicies].map((policy) => ({ policy, limits, seconds: set.sessionDuration }));
};

/** By place, such as `user:ann 111111111111`; a group stands for whoever will join it. */
const accessOf = (
  state: AccessState,
  nowCalled: ReadonlyMap<string, string> = new Map(),
): Map<string, Grant[]> => {
  const access = new Map<string, Grant[]>();
  const groupsOf = new Map<string, string[]>();
  for (const { user, group } of state.memberships.values()) {
    groupsOf.set(group, [...(groupsOf.get(group) ?? []), user]);
  }
  for (const { accountId, permissionSet, principal, principalType, orphan } of state.assignments.values()) {
    const set = state.permissionSets.get(permissionSet);
    if (orphan === true || set === undefined) continue;
    const who =
      principalType === "USER"
        ? [`user:${principal}`]
        : [
            `group:${nowCalled.get(principal) ?? principal}`,
            ...(groupsOf.get(principal) ?? []).map((user) => `user:${user}`),
          ];
    for (const each of who) {
      const place = `${each} ${accountId}`;
      access.set(place, [...(access.get(place) ?? []), ...grantsOf(set)]);
    }
  }
  return access;
};

const accountOf = (place: string): string => place.split(" ")[1] ?? "";

const renamedGroups = ({ changes }: Plan): Map<string, string> =>
  new Map(
    changes.flatMap((change) =>
      change.kind === "group" && change.action === "update"
        ? [[change.before.displayName, change.after.displayName] as const]
        : [],
    ),
  );

/** The changes that concern a user or group in an account, its groups included. */
const tellersOf = (
  plan: Plan,
  state: AccessState,
  place: string,
  direction: "broadening" | "narrowing",
): Change[] => {
  const [who = "", account = ""] = place.split(" ");
  const nowCalled = renamedGroups(plan);
  const selves = new Set([who]);
  for (const { user, group } of state.memberships.values()) {
    if (who === `user:${user}`) selves.add(`group:${nowCalled.get(group) ?? group}`);
  }
  for (const change of plan.changes) {
    if (change.kind === "membership" && change.after !== null && who === `user:${change.after.user}`) {
      selves.add(`group:${change.after.group}`);
    }
  }
  return plan.changes.filter((change) => {
    if (change.risk.direction !== direction || change.risk.accounts?.includes(account) !== true) return false;
    switch (change.kind) {
      case "assignment": {
        const { principalType, principal } = change.after ?? change.before;
        return selves.has(`${principalType === "GROUP" ? "group" : "user"}:${principal}`);
      }
      case "membership":
        return who === `user:${(change.after ?? change.before).user}`;
      case "permissionSet":
        return change.risk.principals?.some((principal) => selves.has(principal)) === true;
      default:
        return false;
    }
  });
};
