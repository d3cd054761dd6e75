import type { Assignment } from "../../model/access-state.ts";
import { encodePart } from "../../model/address.ts";
import { foldName } from "../../model/names.ts";
import type { CallerIdentity, LiveState } from "../../model/live-state.ts";
import type { Change, GuardArgs } from "../plan.ts";
import { grantsEverything } from "../power.ts";
import { takesRights } from "../set-changes.ts";
import type { Side, Sides } from "../sides.ts";
import type { GuardInput } from "./guard.ts";
import { addsUnseenPolicy, isUsableAdministrator } from "./usable-administrator.ts";

/**
 * Who runs with a role of Identity Center (AWSReservedSSO_...) must still have it afterwards: its permission set is
 * neither deleted, replaced nor narrowed, and the user still gets into the account with it. Where the user behind the
 * session is not known, or how they got in is not to be seen, nobody may lose that access, be it by leaving a group.
 */
export const checkSelfLockout = ({
  comparison,
  changes,
  sides,
  settings,
  caller,
}: GuardInput): GuardArgs[] => {
  const signIn = caller === null || settings.selfLockout === "allow" ? null : signInOf(caller);
  if (signIn === null) return [];
  const user = findUser(signIn.session, comparison.live);
  const [before, after] = [waysIn(signIn, user, sides.before), waysIn(signIn, user, sides.after)];
  const isSeen = user !== null && before.direct + before.groups.size > 0;
  const holders = isSeen ? before.groups : groupsWith(signIn, sides.before);
  // An assignment that could not be read may be to any of the user's groups.
  const isHidden = comparison.unread.covers(pairScope(signIn)) !== null;
  const isLost = isSeen && after.direct + after.groups.size === 0;
  const isReplaced = losesUnknownRole(signIn, sides);
  const touching = changes.filter((change) => {
    switch (change.kind) {
      case "provisioning":
        return isReplaced && renewsRole(change, signIn);
      case "permissionSet":
        return takesSet(change, signIn.permissionSet) || (isReplaced && renewsRole(change, signIn));
      case "assignment":
        if (change.action === "create") return isReplaced && renewsRole(change, signIn);
        return (
          change.action === "delete" &&
          isPair(change.before, signIn) &&
          (!isSeen || (isLost && isWayIn(change.before, user, before.groups)))
        );
      case "membership":
        return (
          change.action === "delete" &&
          (isLost || !isSeen) &&
          (user === null || change.before.user === user) &&
          (holders.has(change.before.group) || (!isSeen && isHidden))
        );
      default:
        return false;
    }
  });
  if (touching.length === 0) return [];
  const isOpen = touching.every((change) => renewsRole(change, signIn) && !isTaken(change, signIn));
  return [
    {
      count: touching.length,
      ...(isLost ? { population: before.direct + before.groups.size } : {}),
      addresses: touching.map(({ address }) => address),
      accounts: [signIn.accountId],
      permissionSet: signIn.permissionSet,
      callerUser: user ?? signIn.session,
      ...(isOpen ? { unread: [`what the older version of ${signIn.permissionSet} gives you there`] } : {}),
    },
  ];
};

interface SignIn {
  readonly accountId: string;
  readonly permissionSet: string;
  /** Name of the session: the user name, where the identity provider keeps to it. */
  readonly session: string;
}

/** null: not a role of Identity Center. */
const signInOf = ({ arn, account }: CallerIdentity): SignIn | null => {
  const match = /:assumed-role\/AWSReservedSSO_(.+)_[0-9a-f]{16}\/(.+)$/.exec(arn);
  const [, permissionSet, session] = match ?? [];
  return permissionSet === undefined || session === undefined
    ? null
    : { accountId: account, permissionSet, session };
};

/** By user name, or by an e-mail address that only one user has; null: not known. */
const findUser = (session: string, { state }: LiveState): string | null => {
  if (state.users.has(session)) return session;
  const folded = foldName(session);
  const named = [...state.users.keys()].find((name) => foldName(name) === folded);
  if (named !== undefined) return named;
  const [only, ...others] = [...state.users.values()].filter(({ attributes }) => {
    const email = attributes["email.value"];
    return typeof email === "string" && foldName(email) === folded;
  });
  return only === undefined || others.length > 0 ? null : only.userName;
};

const pairScope = ({ accountId, permissionSet }: SignIn): string =>
  `assignment/${accountId}/${encodePart(permissionSet)}/*`;

/** Groups through which somebody may have come in. */
const groupsWith = (signIn: SignIn, side: Side): ReadonlySet<string> => {
  const groups = new Set<string>();
  for (const assignment of side.assignments()) {
    if (isPair(assignment, signIn) && assignment.principalType === "GROUP") groups.add(assignment.principal);
  }
  return groups;
};

const isPair = ({ accountId, permissionSet }: Assignment, signIn: SignIn): boolean =>
  accountId === signIn.accountId && permissionSet === signIn.permissionSet;

interface WaysIn {
  readonly direct: number;
  readonly groups: ReadonlySet<string>;
}

const waysIn = (signIn: SignIn, user: string | null, side: Side): WaysIn => {
  let direct = 0;
  const groups = new Set<string>();
  if (user === null) return { direct, groups };
  const own = new Set<string>();
  for (const membership of side.memberships()) if (membership.user === user) own.add(membership.group);
  for (const assignment of side.assignments()) {
    if (!isPair(assignment, signIn)) continue;
    const { principalType, principal } = assignment;
    if (principalType === "GROUP" && own.has(principal)) groups.add(principal);
    else if (principalType === "USER" && principal === user) direct += 1;
  }
  return { direct, groups };
};

const isWayIn = (
  { principalType, principal }: Assignment,
  user: string | null,
  groups: ReadonlySet<string>,
): boolean => (principalType === "GROUP" ? groups.has(principal) : principal === user);

const takesSet = (change: Extract<Change, { kind: "permissionSet" }>, name: string): boolean => {
  if (change.action === "create" || change.before.name !== name) return false;
  if (change.action === "delete" || takesRights(change.before, change.after)) return true;
  // To who may do everything, a further policy gives nothing.
  return grantsEverything(change.before) && addsUnseenPolicy(change.before, change.after);
};

/** What the older version allows that the account holds is not to be seen; nothing is lost to full access. */
const losesUnknownRole = ({ accountId, permissionSet }: SignIn, { before, after }: Sides): boolean => {
  if (!before.isStale(accountId, permissionSet) || after.isStale(accountId, permissionSet)) return false;
  const set = after.permissionSet(permissionSet);
  return set === undefined || isUsableAdministrator(set, set) !== "yes";
};

/** Whether it provisions the role, or may. */
const renewsRole = (change: Change, signIn: SignIn): boolean =>
  (change.kind === "provisioning" &&
    change.permissionSet === signIn.permissionSet &&
    change.accounts.includes(signIn.accountId)) ||
  (change.kind === "permissionSet" &&
    change.action === "update" &&
    change.before.name === signIn.permissionSet) ||
  (change.kind === "assignment" && change.action === "create" && isPair(change.after, signIn));

const isTaken = (change: Change, { permissionSet }: SignIn): boolean =>
  change.kind === "permissionSet" && takesSet(change, permissionSet);
