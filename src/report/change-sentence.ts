import type { Change } from "../plan/plan.ts";
import { accountLabel, type AccountNames, accountsLabel, principalLabel, reasonNote } from "./labels.ts";
import { riskLines } from "./risk-lines.ts";

/** One change by itself, with why it is made and what a reviewer should know about it. Not yet escaped. */
export const changeSentence = (change: Change, names: AccountNames): string => {
  const note = reasonNote(change.action, change.reason);
  const risks = riskLines([change], names).map(({ text }) => text);
  const said = `${deed(change, names)}${note === null ? "" : ` (${note})`}`;
  return risks.length === 0 ? said : `${said}: ${risks.join("; ")}`;
};

const verbs = { create: "Creates", update: "Changes", delete: "Deletes" } as const;

const deed = (change: Change, names: AccountNames): string => {
  switch (change.kind) {
    case "user":
      return `${verbs[change.action]} user ${(change.after ?? change.before).userName}`;
    case "group":
      return `${verbs[change.action]} group ${(change.after ?? change.before).displayName}`;
    case "permissionSet":
      return `${verbs[change.action]} permission set ${(change.after ?? change.before).name}`;
    case "provisioning":
      return `Provisions permission set ${change.permissionSet} again in ${accountsLabel(change.accounts, names)}`;
    case "membership": {
      const { user, group } = change.after ?? change.before;
      return change.action === "delete"
        ? `Removes user ${user} from group ${group}`
        : `Adds user ${user} to group ${group}`;
    }
    case "assignment": {
      const assignment = change.after ?? change.before;
      const { permissionSet, accountId } = assignment;
      const [who, where] = [principalLabel(assignment), accountLabel(accountId, names)];
      return change.action === "delete"
        ? `Removes ${permissionSet} from ${who} in ${where}`
        : `Assigns ${permissionSet} to ${who} in ${where}`;
    }
  }
};
