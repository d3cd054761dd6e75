import type { Assignment } from "../model/access-state.ts";
import { AwsError } from "../model/errors.ts";
import type { LiveState } from "../model/live-state.ts";
import { inactiveReason } from "../model/organization.ts";
import type { AssignmentTarget, InstanceReader } from "../model/ports.ts";
import type { ChangeOfKind, Step } from "./context.ts";
import { RequestFailed } from "./failure.ts";
import { accountLabel, principalLabelOf } from "./labels.ts";
import { requestHint, runRequest } from "./request.ts";

export const changeAssignment: Step<ChangeOfKind<"assignment">> = async (change, run) => {
  // There is nothing in an assignment that could differ.
  if (change.action === "update") return undefined;
  const { reader, writer, live, ids } = run;
  const creates = change.action === "create";
  const assignment = creates ? change.after : change.before;
  const { accountId } = assignment;
  if (creates) requireUsableAccount(live, accountId);
  const arn = ids.permissionSet(assignment.permissionSet);
  const target = {
    accountId,
    principalType: assignment.principalType,
    principalId: ids.principal(assignment),
  };
  const reason = await runRequest(run, creates ? "create-assignment" : "delete-assignment", {
    lanes: ["assignments", `account:${accountId}`],
    accountId,
    start: () =>
      creates ? writer.createAccountAssignment(arn, target) : writer.deleteAccountAssignment(arn, target),
    isInPlace: async () => (await isAssigned(reader, arn, target)) === creates,
  });
  if (reason !== null) throw failed(assignment, creates, reason, live);
  return undefined;
};

/** Reads the pair: the only list that also shows principals that are gone. */
export const isAssigned = async (
  reader: InstanceReader,
  arn: string,
  target: AssignmentTarget,
): Promise<boolean> =>
  (await reader.listAccountAssignments(target.accountId, arn)).some(
    (listed) => listed.principalId === target.principalId && listed.principalType === target.principalType,
  );

/** AWS reports success for an account that does not exist, and nothing appears. */
const requireUsableAccount = (live: LiveState, accountId: string): void => {
  const reason = inactiveReason(live.organization, accountId);
  if (reason === null) return;
  throw new AwsError("account-not-active", `Nothing can be assigned there: ${reason}`, {
    hint: "Plan again: it may have been suspended, or have left the organization",
  });
};

const failed = (assignment: Assignment, creates: boolean, reason: string, live: LiveState): RequestFailed => {
  const account = accountLabel(live, assignment.accountId);
  const what = `${assignment.permissionSet} ${creates ? "to" : "from"} ${principalLabelOf(assignment)}`;
  const hint = requestHint(reason);
  return new RequestFailed(
    `Could not ${creates ? "assign" : "remove"} ${what} in ${account}`,
    reason,
    hint === undefined ? {} : { hint },
  );
};
