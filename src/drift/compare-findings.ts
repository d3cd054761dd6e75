import { compareText, type Kind } from "../model/address.ts";
import type { Bucket, DriftFinding } from "./drift.ts";

/** Worst first: gained administrator access, other gained access, lost access, the rest; then by bucket and kind. */
export const compareFindings = (a: DriftFinding, b: DriftFinding): number =>
  severity(a) - severity(b) ||
  bucketOrder[a.bucket] - bucketOrder[b.bucket] ||
  kindOrder[a.kind] - kindOrder[b.kind] ||
  compareText(a.address, b.address);

const severity = ({ risk: { access, administratorAccounts, reasons } }: DriftFinding): number => {
  if (access === "gained") {
    return administratorAccounts.length > 0 || reasons.includes("administrator") ? 0 : 1;
  }
  return access === "lost" ? 2 : 3;
};

const bucketOrder: Readonly<Record<Bucket, number>> = { changed: 0, missing: 1, unmanaged: 2 };

const kindOrder: Readonly<Record<Kind, number>> = {
  assignment: 0,
  membership: 1,
  permissionSet: 2,
  provisioning: 3,
  group: 4,
  user: 5,
};
