import { remember } from "../model/remember.ts";
import { append } from "./lists.ts";
import { type People, type PrincipalKey, principalKey } from "./people.ts";
import type { ChangeDraft } from "./plan.ts";
import { givesMore } from "./set-changes.ts";
import type { Standing } from "./standing.ts";

/** The changes that give somebody access: see the case table in order.ts. */
export interface Gains {
  /**
   * Adds to `found` the addresses of all that gives one of the people behind a user or group access in one of the
   * accounts, in whatever way, but for what `isNone` says is none to them.
   */
  readonly of: (
    principal: PrincipalKey,
    accounts: ReadonlySet<string>,
    isNone: (gain: Gain) => boolean,
    found: Set<string>,
  ) => void;
  /** What just that user or group is given in an account. */
  readonly givenTo: (principal: PrincipalKey, accountId: string) => readonly Gain[];
  readonly joinsOfUser: (user: string) => readonly Join[];
}

export interface Gain {
  readonly address: string;
  readonly accountId: string;
  readonly permissionSet: string;
  /** Whether the set comes to allow more where it is, instead of being assigned. */
  readonly isInPlace: boolean;
}

interface Join {
  readonly address: string;
  readonly group: string;
}

export const indexGains = (
  changes: readonly ChangeDraft[],
  people: () => People,
  standing: Standing,
): Gains => {
  const gains = new Map<PrincipalKey, Map<string, Gain[]>>();
  const joins = new Map<string, Join[]>();
  const add = (principal: PrincipalKey, gain: Gain): void => {
    const ofPrincipal = gains.get(principal) ?? new Map<string, Gain[]>();
    gains.set(principal, ofPrincipal);
    append(ofPrincipal, gain.accountId, gain);
  };
  for (const change of changes) {
    if (change.kind === "membership" && change.action !== "delete") {
      append(joins, change.after.user, { address: change.address, group: change.after.group });
    } else if (change.kind === "assignment" && change.action !== "delete") {
      const { accountId, permissionSet, principalType, principal } = change.after;
      const { address } = change;
      add(principalKey(principalType, principal), { address, accountId, permissionSet, isInPlace: false });
    }
    const strengthened = strengthenedBy(change);
    if (strengthened === null) continue;
    for (const { accountId, permissionSet, principalType, principal } of standing.ofSet(strengthened.name)
      .after) {
      if (strengthened.accounts?.has(accountId) === false) continue;
      const { address } = change;
      add(principalKey(principalType, principal), { address, accountId, permissionSet, isInPlace: true });
    }
  }

  /** The users and groups to whom something is given and who have somebody in common with this one. */
  const related = remember((key: PrincipalKey): readonly PrincipalKey[] => {
    const found = new Set<PrincipalKey>(gains.has(key) ? [key] : []);
    if (gains.size > 0) {
      for (const user of people().behind(key)) {
        for (const role of people().rolesOf(user)) if (gains.has(role)) found.add(role);
      }
    }
    return [...found];
  });
  const joinsBehind = remember((key: PrincipalKey): readonly Join[] =>
    joins.size === 0
      ? []
      : people()
          .behind(key)
          .flatMap((user) => joins.get(user) ?? []),
  );
  const reachOf = remember(
    (group: string): ReadonlySet<string> =>
      new Set(standing.ofGroup(group).after.map(({ accountId }) => accountId)),
  );

  return {
    of: (principal, accounts, isNone, found) => {
      for (const key of related(principal)) {
        const byAccount = gains.get(key) ?? new Map<string, Gain[]>();
        for (const accountId of common(byAccount, accounts)) {
          for (const gain of byAccount.get(accountId) ?? []) if (!isNone(gain)) found.add(gain.address);
        }
      }
      for (const { address, group } of joinsBehind(principal)) {
        if (isAnyCommon(reachOf(group), accounts)) found.add(address);
      }
    },
    givenTo: (principal, accountId) => gains.get(principal)?.get(accountId) ?? [],
    joinsOfUser: (user) => joins.get(user) ?? [],
  };
};

const strengthenedBy = (
  change: ChangeDraft,
): { readonly name: string; readonly accounts: ReadonlySet<string> | null } | null => {
  if (change.kind === "provisioning") {
    return { name: change.permissionSet, accounts: new Set(change.accounts) };
  }
  const isMore =
    change.kind === "permissionSet" && change.action === "update" && givesMore(change.before, change.after);
  return isMore ? { name: change.after.name, accounts: null } : null;
};

interface HasAndKeys {
  readonly size: number;
  has(key: string): boolean;
  keys(): Iterable<string>;
}

/** Walks over the smaller of the two. */
function* common(a: HasAndKeys, b: HasAndKeys): Generator<string> {
  const [few, many] = a.size < b.size ? [a, b] : [b, a];
  for (const key of few.keys()) if (many.has(key)) yield key;
}

const isAnyCommon = (a: HasAndKeys, b: HasAndKeys): boolean => common(a, b).next().done !== true;
