import type { Reason } from "./plan.ts";

/** Why a change is made, or a deletion was due, in words that stand behind a dash. Not yet escaped. */
export const reasonText = ({ code, detail }: Reason): string => {
  switch (code) {
    case "declared":
      return detail ?? "declared in the manifest";
    case "differs":
      return "differs from the manifest";
    case "renamed":
      return `renamed: ${detail ?? "see previously"}`;
    case "not-declared":
      return "not declared in the manifest";
    case "removed":
      return "listed under `removed`";
    case "exclusive":
      return "not declared, and mode is exclusive";
    case "expired":
      return `expired ${detail ?? ""}`.trimEnd();
    case "orphaned":
      return "its user or group no longer exists";
    case "owner-mark":
      return "made by this manifest (tag reconcile:owner), and no longer declared";
    case "parent-deleted":
      return `goes with ${detail ?? "its parent"}`;
    case "stale":
      return "some accounts hold an older version";
  }
};
