import type { Drift, DriftFinding } from "../drift/drift.ts";
import type { Unread } from "../model/live-state.ts";
import { csvText } from "./csv.ts";
import type { AccountNames } from "./labels.ts";

/**
 * One row for each finding, the worst first, then one for each part that could not be read: for spreadsheets and for
 * those who have to account for access. Codes are those of the JSON; several accounts stand in one field, with blanks.
 */
export const driftCsv = ({ findings, unchecked }: Drift, names: AccountNames): string =>
  csvText([
    columns,
    ...findings.map((finding) => rowOf(cellsOf(finding, names))),
    ...unchecked.map((unread) => rowOf(uncheckedCells(unread))),
  ]);

const columns = [
  "bucket",
  "kind",
  "address",
  "account id",
  "account name",
  "permission set",
  "principal type",
  "principal",
  "group",
  "reason",
  "access",
  "accounts",
  "administrator accounts",
  "apply would",
  "declared at",
  "who",
  "when",
  "call",
] as const;

type Cells = Readonly<Partial<Record<(typeof columns)[number], string>>>;

const rowOf = (cells: Cells): string[] => columns.map((column) => cells[column] ?? "");

const cellsOf = (finding: DriftFinding, names: AccountNames): Cells => {
  const { bucket, kind, address, reason, risk, repair, position, who = [] } = finding;
  const [last] = who;
  return {
    bucket,
    kind,
    address,
    ...objectCells(finding, names),
    reason: reason.code,
    access: risk.access,
    accounts: risk.accounts.join(" "),
    "administrator accounts": risk.administratorAccounts.join(" "),
    "apply would": repair,
    "declared at": position === null ? "" : `${position.file}:${position.line}:${position.column}`,
    ...(last === undefined ? {} : { who: last.actor, when: last.time, call: last.event }),
  };
};

const objectCells = (finding: DriftFinding, names: AccountNames): Cells => {
  switch (finding.kind) {
    case "assignment": {
      const assignment = finding.live ?? finding.declared;
      if (assignment === null) return {};
      const { accountId, permissionSet, principalType, principal } = assignment;
      return {
        "account id": accountId,
        "account name": names.get(accountId) ?? "",
        "permission set": permissionSet,
        "principal type": principalType,
        principal,
      };
    }
    case "membership": {
      const { user, group } = finding.live ?? finding.declared ?? {};
      return { "principal type": "USER", principal: user ?? "", group: group ?? "" };
    }
    case "permissionSet":
      return { "permission set": (finding.live ?? finding.declared)?.name ?? "" };
    case "provisioning":
      return { "permission set": finding.permissionSet };
    case "user":
      return { "principal type": "USER", principal: (finding.live ?? finding.declared)?.userName ?? "" };
    case "group":
      return { "principal type": "GROUP", principal: (finding.live ?? finding.declared)?.displayName ?? "" };
  }
};

const uncheckedCells = ({ scope, reason }: Unread): Cells => ({
  bucket: "unchecked",
  address: scope,
  reason,
});
