import { createHash } from "node:crypto";
import { compareText } from "../model/address.ts";
import { canonicalJson } from "../model/canonical-json.ts";
import type { Unread } from "../model/live-state.ts";
import { permissionSetParts } from "./differences.ts";
import type { DriftFinding } from "./drift.ts";

/**
 * sha256, hex, of what drifted and of what could not be read. Left out is whatever may differ while the drift is the
 * same: where the manifest stands, why something could not be read (request ids), who did it, what is not managed.
 */
export const fingerprintOf = (
  findings: readonly DriftFinding[],
  unchecked: readonly Pick<Unread, "scope">[],
): string => {
  const said = [
    ...findings.map((finding) => ({
      bucket: finding.bucket,
      address: finding.address,
      reason: finding.reason.code,
      what: whatDrifted(finding),
    })),
    ...[...new Set(unchecked.map(({ scope }) => scope))].map((scope) => ({ bucket: "unchecked", scope })),
  ].map(canonicalJson);
  return createHash("sha256").update(said.sort(compareText).join("\n")).digest("hex");
};

const whatDrifted = (finding: DriftFinding): unknown => {
  if (finding.bucket === "changed") {
    return finding.kind === "provisioning" ? finding.accounts : finding.differences;
  }
  // What an undeclared set allows is part of what was done by hand; for the others the address says it all.
  return finding.kind === "permissionSet" && finding.live !== null ? permissionSetParts(finding.live) : null;
};
