import { compareText } from "../model/address.ts";
import type { Change } from "../plan/plan.ts";
import {
  accountLabel,
  type AccountNames,
  accountsLabel,
  counted,
  principalLabel,
  reasonNote,
} from "./labels.ts";
import { actionMark, type Line, line } from "./lines.ts";
import { permissionSetLines, userLines } from "./object-lines.ts";
import { riskLevel } from "./risk-level.ts";

export interface Section {
  readonly title: string;
  readonly lines: readonly Line[];
}

type ChangeOfKind<K extends Change["kind"]> = Extract<Change, { kind: K }>;

/** The changes as a reviewer looks for them: people, what they may do, and where. Empty sections are left out. */
export const changeSections = (changes: readonly Change[], names: AccountNames): Section[] => {
  const of = <K extends Change["kind"]>(kind: K): ChangeOfKind<K>[] =>
    changes.filter((change): change is ChangeOfKind<K> => change.kind === kind);
  return [
    { title: "Users", lines: of("user").flatMap(userChange) },
    { title: "Groups", lines: groupChanges(of("group"), of("membership"), names) },
    {
      title: "Permission sets",
      lines: [
        ...of("permissionSet").flatMap(permissionSetChange),
        ...of("provisioning").flatMap((change) => provisioningChange(change, names)),
      ],
    },
    { title: "Assignments", lines: assignmentChanges(of("assignment"), names) },
  ].filter(({ lines }) => lines.length > 0);
};

const firstLine = (depth: number, change: Change, text: string, note = noteOf(change)): Line => ({
  ...line(depth, actionMark[change.action], text, note),
  level: riskLevel(change),
});

const headLine = (change: Change, text: string, note = noteOf(change)): Line =>
  firstLine(0, change, `${change.action} ${text}`, note);

const noteOf = (change: Change): string | null => reasonNote(change.action, change.reason);

const userChange = (change: ChangeOfKind<"user">): Line[] => [
  headLine(change, (change.after ?? change.before).userName),
  ...(change.action === "delete" ? [] : userLines(1, change.before, change.after)),
];

const groupChanges = (
  groups: readonly ChangeOfKind<"group">[],
  memberships: readonly ChangeOfKind<"membership">[],
  accountNames: AccountNames,
): Line[] => {
  const ofGroup = new Map(groups.map((change) => [(change.after ?? change.before).displayName, change]));
  const members = groupBy(memberships, (change) => (change.after ?? change.before).group);
  const names = [...new Set([...ofGroup.keys(), ...members.keys()])].sort(compareText);
  return names.flatMap((name) => {
    const change = ofGroup.get(name);
    const head = change === undefined ? [line(0, null, name)] : groupChange(change);
    return [...head, ...(members.get(name) ?? []).map((each) => memberChange(each, accountNames))];
  });
};

const groupChange = (change: ChangeOfKind<"group">): Line[] => {
  if (change.action === "delete") return [headLine(change, change.before.displayName)];
  const { before, after } = change;
  const was = before?.description ?? null;
  const is = after.description ?? null;
  const isRenamed = before !== null && before.displayName !== after.displayName;
  return [
    isRenamed
      ? headLine(
          change,
          `${before.displayName} -> ${after.displayName}`,
          "renamed in place: members and access stay",
        )
      : headLine(change, after.displayName),
    ...(was === is
      ? []
      : [
          was === null
            ? line(1, "+", `description: ${is ?? ""}`)
            : is === null
              ? line(1, "-", `description: ${was}`)
              : line(1, "~", `description: ${was} -> ${is}`),
        ]),
  ];
};

/** With the accounts that the member gains or loses, as if they were assigned. */
const memberChange = (change: ChangeOfKind<"membership">, names: AccountNames): Line => {
  const { accounts = [] } = change.risk;
  const isRemoved = change.action === "delete";
  const reach =
    accounts.length === 0
      ? null
      : `${isRemoved ? "takes" : "gives"} access to ${accountsLabel(accounts, names)}`;
  const note = [noteOf(change), reach].filter((text) => text !== null).join("; ");
  const { user } = change.after ?? change.before;
  return firstLine(1, change, `${isRemoved ? "remove" : "add"} member ${user}`, note);
};

const permissionSetChange = (change: ChangeOfKind<"permissionSet">): Line[] => [
  headLine(change, (change.after ?? change.before).name),
  ...(change.action === "delete" ? [] : permissionSetLines(1, change.before, change.after)),
];

const provisioningChange = (change: ChangeOfKind<"provisioning">, names: AccountNames): Line[] => [
  headLine(change, change.permissionSet, "as declared, but these accounts hold an older version"),
  line(1, null, accountsLabel(change.accounts, names)),
];

const assignmentChanges = (changes: readonly ChangeOfKind<"assignment">[], names: AccountNames): Line[] => {
  const accounts = groupBy(changes, (change) => (change.after ?? change.before).accountId);
  const ids = [...accounts.keys()].sort(
    (a, b) => compareText(names.get(a) ?? a, names.get(b) ?? b) || compareText(a, b),
  );
  return ids.flatMap((id) => {
    const inAccount = accounts.get(id) ?? [];
    const sets = groupBy(inAccount, (change) => (change.after ?? change.before).permissionSet);
    return [
      line(0, null, accountLabel(id, names), counted(inAccount.length, "change")),
      ...[...sets.keys()]
        .sort(compareText)
        .flatMap((name) => [
          line(1, null, name),
          ...(sets.get(name) ?? []).map((change) =>
            firstLine(
              2,
              change,
              `${change.action === "delete" ? "remove" : "assign"} ${principalLabel(change.after ?? change.before)}`,
            ),
          ),
        ]),
    ];
  });
};

/** Keeps the order of the plan within each group. */
const groupBy = <T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> => {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
};
