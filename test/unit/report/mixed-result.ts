import { type ApplyResult, createResult } from "../../../src/apply/result.ts";

/** An apply in which everything happened that can. */
export const mixedResult = (): ApplyResult =>
  createResult(
    "d".repeat(64),
    [
      { address: "user/jane.doe", action: "create", status: "done" },
      { address: "permissionSet/DeveloperAccess", action: "update", status: "done" },
      {
        address: "provisioning/DeveloperAccess",
        action: "provision",
        status: "failed",
        detail: "Not provisioned in 1 of 2 accounts: production (111111111111)",
        failureReason:
          "production (111111111111): Policy BoundaryReader does not exist\nor cannot be attached",
        hint: "Create the policy in each of these accounts",
      },
      {
        address: "assignment/111111111111/DeveloperAccess/group:Developers",
        action: "create",
        status: "skipped",
        detail: "It needs provisioning/DeveloperAccess, which failed",
      },
      { address: "group/Old-Team", action: "delete", status: "not-started" },
    ],
    [{ address: "user/jane.doe", problem: "differs", detail: "Its title is not what was sent" }],
  );
