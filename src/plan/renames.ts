import type { AccessState, Group } from "../model/access-state.ts";
import {
  assignmentAddress,
  compareText,
  encodePart,
  groupAddress,
  membershipAddress,
  permissionSetAddress,
} from "../model/address.ts";
import type { DesiredState } from "../model/desired-state.ts";
import type { Finding } from "../model/finding.ts";
import type { LiveState } from "../model/live-state.ts";

/** Renames that this run carries out: earlier name → new name. */
export interface Renames {
  readonly groups: ReadonlyMap<string, string>;
  readonly permissionSets: ReadonlyMap<string, string>;
}

/**
 * Which `previously` entries apply: those of which exactly one earlier name is live. A group is renamed in place, so
 * the new name must be free. A permission set is replaced; a live one of the new name is then a replacement that was
 * begun in an earlier run, and is carried on with, unless the one of the earlier name is the newer: that is no
 * predecessor, but a set that somebody made later under a name that had become free.
 */
export const findRenames = (
  desired: DesiredState,
  live: LiveState,
): { readonly renames: Renames; readonly findings: readonly Finding[] } => {
  const findings: Finding[] = [];
  const { previously, external } = desired.scope;
  const find = (
    what: "group" | "permission set",
    entries: ReadonlyMap<string, readonly string[]>,
    isLive: (name: string) => boolean,
    isDeclared: (name: string) => boolean,
  ): Map<string, string> => {
    const found = new Map<string, string>();
    const address = what === "group" ? groupAddress : permissionSetAddress;
    for (const [name, earlier] of [...entries].sort(([a], [b]) => compareText(a, b))) {
      const old = earlier.filter((candidate) => candidate !== name && isLive(candidate)).sort(compareText);
      const [first, second] = old;
      if (first === undefined) continue;
      const problem =
        second === undefined
          ? whyNot(what, name, first, {
              isLive,
              isDeclared,
              taken: found.get(first),
              isNewer: isNewer(first, name, live),
            })
          : {
              code: "rename-ambiguous",
              message: `${what} "${name}" was called ${old.map((each) => `"${each}"`).join(" and ")}, and more than one of these exists`,
              hint: `Keep the one that is to become "${name}" in \`previously\`, and delete or declare the others`,
            };
      if (problem === null) {
        found.set(first, name);
        continue;
      }
      const position = desired.origins.get(address(name))?.position;
      findings.push({
        severity: "error",
        ...problem,
        address: address(name),
        ...(position === undefined ? {} : { position }),
      });
    }
    return found;
  };
  const { groups, permissionSets } = desired.state;
  const renames = {
    groups: find(
      "group",
      previously.groups,
      (name) => live.state.groups.has(name),
      (name) => groups.has(name) || external.groups.has(name),
    ),
    permissionSets: find(
      "permission set",
      previously.permissionSets,
      (name) => live.state.permissionSets.has(name),
      (name) => permissionSets.has(name) || external.permissionSets.has(name),
    ),
  };
  return { renames, findings };
};

const whyNot = (
  what: "group" | "permission set",
  name: string,
  old: string,
  names: {
    isLive: (name: string) => boolean;
    isDeclared: (name: string) => boolean;
    taken: string | undefined;
    isNewer: boolean;
  },
): { code: string; message: string; hint: string } | null => {
  if (names.isDeclared(old)) {
    return {
      code: "rename-still-declared",
      message: `"${old}" is an earlier name of ${what} "${name}", and is declared itself`,
      hint: `Take "${old}" out of \`previously\`, or out of the manifest`,
    };
  }
  if (names.taken !== undefined) {
    return {
      code: "rename-claimed-twice",
      message: `"${old}" is named as an earlier name of both "${names.taken}" and "${name}"`,
      hint: "Keep it in one of the two",
    };
  }
  if (what === "group" && names.isLive(name)) {
    return {
      code: "rename-both-exist",
      message: `group "${name}" was called "${old}", but groups of both names exist`,
      hint: `Take "${old}" out of \`previously\`; if the group is not needed any more, list it under \`removed\``,
    };
  }
  if (what === "permission set" && names.isNewer) {
    return {
      code: "rename-both-exist",
      message: `permission set "${name}" was called "${old}", but both exist, and "${old}" was made after "${name}": it is another one`,
      hint: `Take "${old}" out of \`previously\`; if the permission set is not needed any more, list it under \`removed\``,
    };
  }
  return null;
};

const isNewer = (old: string, name: string, { createdAt }: LiveState): boolean => {
  const [first, second] = [createdAt.get(name), createdAt.get(old)];
  return first !== undefined && second !== undefined && second > first;
};

/**
 * The live state as if groups already had their new names: they keep their id, and with it their assignments and
 * members. Only the value of a renamed group still tells the old name, so that the rename itself shows as a change.
 */
export const underNewNames = (live: LiveState, groups: ReadonlyMap<string, string>): LiveState => {
  if (groups.size === 0) return live;
  const now = (name: string): string => groups.get(name) ?? name;
  const membershipIds = new Map<string, string>();
  const memberships = new Map(
    [...live.state.memberships].map(([before, membership]) => {
      const renamed = groups.has(membership.group)
        ? { ...membership, group: now(membership.group) }
        : membership;
      const address = renamed === membership ? before : membershipAddress(renamed);
      const id = live.ids.memberships.get(before);
      if (id !== undefined) membershipIds.set(address, id);
      return [address, renamed];
    }),
  );
  const state: AccessState = {
    ...live.state,
    groups: new Map<string, Group>([...live.state.groups].map(([name, group]) => [now(name), group])),
    memberships,
    assignments: new Map(
      [...live.state.assignments].map(([before, assignment]) => {
        if (assignment.principalType !== "GROUP" || !groups.has(assignment.principal)) {
          return [before, assignment];
        }
        const renamed = { ...assignment, principal: now(assignment.principal) };
        return [assignmentAddress(renamed), renamed];
      }),
    ),
  };
  return {
    ...live,
    state,
    ids: {
      ...live.ids,
      groups: new Map([...live.ids.groups].map(([name, id]) => [now(name), id])),
      memberships: membershipIds,
    },
    externallyOwned: {
      ...live.externallyOwned,
      groups: new Set([...live.externallyOwned.groups].map(now)),
    },
    coverage: {
      unread: live.coverage.unread.map(({ scope, reason }) => ({
        scope: renameScope(scope, groups),
        reason,
      })),
    },
  };
};

const renameScope = (scope: string, groups: ReadonlyMap<string, string>): string => {
  for (const [old, name] of groups) {
    if (scope === groupAddress(old)) return groupAddress(name);
    const members = `membership/${encodePart(old)}/`;
    if (scope.startsWith(members)) return `membership/${encodePart(name)}/${scope.slice(members.length)}`;
    const principal = `/group:${encodePart(old)}`;
    if (scope.endsWith(principal)) return `${scope.slice(0, -principal.length)}/group:${encodePart(name)}`;
  }
  return scope;
};
