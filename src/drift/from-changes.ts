import { groupAddress, permissionSetAddress } from "../model/address.ts";
import type { DesiredState } from "../model/desired-state.ts";
import type { Position } from "../model/finding.ts";
import type { Change } from "../plan/plan.ts";
import type { Bucket, DriftFinding, DriftReason, FindingBody } from "./drift.ts";
import { differencesOf } from "./differences.ts";
import { riskOfChange } from "./drift-risk.ts";

/**
 * What a change of the plan says about what is live:
 *
 * | the plan would     | because                     | bucket    |
 * |--------------------|-----------------------------|-----------|
 * | create             |                             | missing   |
 * | update, provision  |                             | changed   |
 * | delete             | it is orphaned, has expired | changed   |
 * | delete             | anything else               | unmanaged |
 */
export const findingOf = (change: Change, desired: DesiredState): DriftFinding => {
  const body = bodyOf(change);
  return {
    ...body,
    bucket: bucketOf(change),
    address: change.address,
    reason: reasonOf(change),
    differences: differencesOf(body),
    position: change.position ?? positionOfParent(change, desired),
    repair: change.action,
    risk: riskOfChange(change),
  };
};

const bucketOf = ({ action, reason: { code } }: Change): Bucket => {
  if (action === "create") return "missing";
  return action === "delete" && code !== "orphaned" && code !== "expired" ? "unmanaged" : "changed";
};

const bodyOf = (change: Change): FindingBody => {
  if (change.kind === "provisioning") {
    const { kind, permissionSet, accounts } = change;
    return { kind, permissionSet, accounts, declared: null, live: null };
  }
  // What belongs to one kind before belongs to it after.
  return { kind: change.kind, declared: change.after, live: change.before } as FindingBody;
};

const reasonOf = ({ reason: { code, detail } }: Change): DriftReason =>
  // The author's words for a declaration are no reason for its absence.
  code === "declared" ? { code: "missing" } : { code, ...(detail === undefined ? {} : { detail }) };

/** What is not declared itself was added to something that is. */
const positionOfParent = (change: Change, { origins }: DesiredState): Position | null => {
  if (change.action !== "delete") return null;
  if (change.kind === "assignment") {
    return origins.get(permissionSetAddress(change.before.permissionSet))?.position ?? null;
  }
  if (change.kind === "membership") return origins.get(groupAddress(change.before.group))?.position ?? null;
  return null;
};
