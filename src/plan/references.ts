import { compareText, groupAddress, permissionSetAddress, userAddress } from "../model/address.ts";
import type { DesiredState } from "../model/desired-state.ts";
import type { Finding, Position } from "../model/finding.ts";
import type { LiveState } from "../model/live-state.ts";
import { closestName, foldName } from "../model/names.ts";
import type { Ignore } from "./ignore.ts";
import { otherOwner, otherOwnerHint } from "./owners.ts";
import type { Renames } from "./renames.ts";
import type { UnreadScopes } from "./unread.ts";

/**
 * What the manifest says that what is live contradicts. All of these are errors: a name that means nothing, or
 * something that belongs to somebody else, must never shrink or bend what was asked for.
 */
export const checkReferences = (
  desired: DesiredState,
  live: LiveState,
  { renames, ignore, unread }: { renames: Renames; ignore: Ignore; unread: UnreadScopes },
): Finding[] => {
  const kinds: readonly KindOfName[] = [
    {
      noun: "user",
      address: userAddress,
      declared: desired.state.users,
      external: desired.scope.external.users,
      live: live.state.users,
      externallyOwned: live.externallyOwned.users,
      removed: desired.scope.removed.users,
      renamedFrom: new Map(),
      ignoredBecause: ignore.user,
    },
    {
      noun: "group",
      address: groupAddress,
      declared: desired.state.groups,
      external: desired.scope.external.groups,
      live: live.state.groups,
      externallyOwned: live.externallyOwned.groups,
      removed: desired.scope.removed.groups,
      renamedFrom: new Map(),
      ignoredBecause: ignore.group,
    },
    {
      noun: "permission set",
      address: permissionSetAddress,
      declared: desired.state.permissionSets,
      external: desired.scope.external.permissionSets,
      live: live.state.permissionSets,
      externallyOwned: new Set(),
      removed: desired.scope.removed.permissionSets,
      renamedFrom: renames.permissionSets,
      ignoredBecause: ignore.permissionSet,
    },
  ];
  const problems = [
    ...kinds.flatMap((kind) => [
      ...unknownNames(kind, unread),
      ...namesOwnedElsewhere(kind),
      ...caseTwins(kind),
      ...ignoredNames(kind),
    ]),
    ...renamedAwayFromIgnore(renames, ignore),
    ...otherOwners(desired, live, renames),
    ...descriptionsToClear(desired, live),
  ];
  return problems.map(({ code, message, hint, address, position }) => {
    const place = position ?? desired.origins.get(address)?.position;
    return {
      code,
      severity: "error" as const,
      message,
      hint,
      address,
      ...(place === undefined ? {} : { position: place }),
    };
  });
};

interface KindOfName {
  readonly noun: string;
  readonly address: (name: string) => string;
  readonly declared: ReadonlyMap<string, unknown>;
  readonly external: ReadonlySet<string>;
  readonly live: ReadonlyMap<string, unknown>;
  readonly externallyOwned: ReadonlySet<string>;
  readonly removed: ReadonlyMap<string, Position>;
  readonly renamedFrom: ReadonlyMap<string, string>;
  readonly ignoredBecause: (name: string) => string | null;
}

interface Problem {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly address: string;
  readonly position?: Position;
}

const unknownNames = (kind: KindOfName, unread: UnreadScopes): Problem[] =>
  inOrder(kind.external)
    .filter((name) => !kind.live.has(name) && unread.covers(kind.address(name)) === null)
    .map((name) => {
      const meant = closestName(name, inOrder(kind.live.keys()));
      return {
        code: `unknown-${kind.noun.replace(" ", "-")}`,
        message: `there is no ${kind.noun} "${name}" in Identity Center, and it is declared as external`,
        hint:
          meant === undefined
            ? `Check the name; an external ${kind.noun} must exist before it is used here`
            : `Did you mean "${meant}"?`,
        address: kind.address(name),
      };
    });

const namesOwnedElsewhere = (kind: KindOfName): Problem[] => [
  ...inOrder(kind.declared.keys())
    .filter((name) => kind.externallyOwned.has(name) && !kind.external.has(name))
    .map((name) => ({
      code: "externally-owned",
      message: `${kind.noun} "${name}" is owned by the identity provider: what is written here, the next synchronisation may undo`,
      hint: `Declare it with \`external: true\`, and change it in the identity provider`,
      address: kind.address(name),
    })),
  ...[...kind.removed]
    .filter(([name]) => kind.externallyOwned.has(name))
    .map(([name, position]) => ({
      code: "externally-owned",
      message: `${kind.noun} "${name}" is listed under \`removed\`, but it is owned by the identity provider, which would make it again`,
      hint: `Delete it in the identity provider, and take it out of \`removed\``,
      address: kind.address(name),
      position,
    })),
];

/** Whether AWS tells such names apart is not documented. Two objects of one name are never what somebody wanted. */
const caseTwins = (kind: KindOfName): Problem[] => {
  const missing = inOrder(kind.declared.keys()).filter((name) => !kind.live.has(name));
  if (missing.length === 0) return [];
  const byFoldedName = new Map(inOrder(kind.live.keys()).map((name) => [foldName(name), name]));
  return missing.flatMap((name) => {
    const twin = byFoldedName.get(foldName(name));
    if (twin === undefined || kind.renamedFrom.get(twin) === name) return [];
    return [
      {
        code: "case-twin",
        message: `${kind.noun} "${name}" does not exist, but "${twin}" does, which differs in nothing but its spelling`,
        hint:
          kind.noun === "user"
            ? `Write it as "${twin}"`
            : `Write it as "${twin}", or rename it: add \`previously: ["${twin}"]\``,
        address: kind.address(name),
      },
    ];
  });
};

const ignoredNames = (kind: KindOfName): Problem[] => {
  const conflict = (name: string, what: string, position?: Position): Problem[] => {
    const reason = kind.ignoredBecause(name);
    if (reason === null) return [];
    return [
      {
        code: "declared-and-ignored",
        message: `${kind.noun} "${name}" is ${what}, and an ignore rule covers it too (${reason})`,
        hint: "Take it out of one of the two",
        address: kind.address(name),
        ...(position === undefined ? {} : { position }),
      },
    ];
  };
  return [
    ...inOrder([...kind.declared.keys(), ...kind.external]).flatMap((name) => conflict(name, "declared")),
    ...[...kind.removed].flatMap(([name, position]) => conflict(name, "listed under `removed`", position)),
  ];
};

const renamedAwayFromIgnore = (renames: Renames, ignore: Ignore): Problem[] => {
  const conflicts = (
    noun: string,
    entries: ReadonlyMap<string, string>,
    address: (name: string) => string,
    because: (name: string) => string | null,
  ): Problem[] =>
    [...entries].flatMap(([old, name]) => {
      const reason = because(old);
      if (reason === null) return [];
      return [
        {
          code: "declared-and-ignored",
          message: `"${old}" is an earlier name of ${noun} "${name}", and an ignore rule covers it (${reason})`,
          hint: `Take "${old}" out of \`previously\`, or out of the ignore rule`,
          address: address(name),
        },
      ];
    });
  return [
    ...conflicts("group", renames.groups, groupAddress, ignore.group),
    ...conflicts("permission set", renames.permissionSets, permissionSetAddress, ignore.permissionSet),
  ];
};

const otherOwners = (desired: DesiredState, live: LiveState, renames: Renames): Problem[] => {
  const problem = (name: string, does: string, position?: Position): Problem[] => {
    const owner = otherOwner(desired, live, name);
    if (owner === null) return [];
    return [
      {
        code: "other-owner",
        message: `permission set "${name}" belongs to manifest "${owner}": its tag reconcile:owner says so, and this manifest ${does}`,
        hint: otherOwnerHint,
        address: permissionSetAddress(name),
        ...(position === undefined ? {} : { position }),
      },
    ];
  };
  return [
    ...inOrder(desired.state.permissionSets.keys()).flatMap((name) =>
      desired.state.permissionSets.get(name)?.owner === null ? [] : problem(name, "declares it"),
    ),
    ...[...desired.scope.removed.permissionSets].flatMap(([name, position]) =>
      problem(name, "would delete it", position),
    ),
    ...[...renames.permissionSets].flatMap(([old, name]) =>
      problem(
        old,
        `would replace it by "${name}"`,
        desired.origins.get(permissionSetAddress(name))?.position,
      ),
    ),
  ];
};

const descriptionsToClear = (desired: DesiredState, live: LiveState): Problem[] =>
  [...desired.state.permissionSets.values()]
    .filter(
      ({ name, description }) =>
        description === null && (live.state.permissionSets.get(name)?.description ?? null) !== null,
    )
    .map(({ name }) => ({
      code: "description-cannot-be-cleared",
      message: `the description of permission set "${name}" cannot be cleared: AWS keeps the old text`,
      hint: "Leave `description` out to keep the text that is there, or write another one",
      address: permissionSetAddress(name),
    }));

const inOrder = (names: Iterable<string>): string[] => [...names].sort(compareText);
