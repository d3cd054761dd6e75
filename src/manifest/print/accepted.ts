import type { LoadedManifest } from "../loaded-manifest.ts";
import type { Assignment, Group, Membership, PermissionSet, User } from "../../model/access-state.ts";

/** What is to be taken over into the manifest: a finding of a drift report, as far as it matters for that. */
export type Accepted = {
  readonly bucket: "changed" | "missing" | "unmanaged";
  readonly address: string;
  /** As in a plan: the detail of parent-deleted is the parent's address. */
  readonly reason: { readonly code: string; readonly detail?: string };
  /** Attributes that differ; only in the bucket changed. */
  readonly differences: readonly { readonly attribute: string; readonly live: unknown }[];
  /** gained: of a membership, that the group has access, so that all who are in it are told. */
  readonly risk?: { readonly access: "gained" | "lost" | "none" };
} & (
  | Sides<"user", User>
  | Sides<"group", Group>
  | Sides<"membership", Membership>
  | Sides<"permissionSet", PermissionSet>
  | Sides<"assignment", Assignment>
  | { readonly kind: "provisioning" }
);

interface Sides<K extends string, T> {
  readonly kind: K;
  readonly declared: T | null;
  readonly live: T | null;
}

export type AcceptedOf<K extends Accepted["kind"]> = Extract<Accepted, { readonly kind: K }>;

/**
 * Why the patch does not make the manifest say what is live, and what to do about it; null: it does. `accepted` holds
 * the addresses of the objects that it declares: what was to go with one of them stays with it.
 */
export const whyNotAccepted = (
  finding: Accepted,
  { value }: LoadedManifest,
  accepted: ReadonlySet<string>,
): string | null => {
  const { kind, reason, bucket } = finding;
  if (kind === "provisioning") return "no manifest can ask for old roles; apply brings them up to date";
  if (kind === "assignment" && finding.live?.orphan === true) return orphaned;
  if (bucket === "unmanaged" && isRenamedAway(finding, value)) return renamed;
  switch (reason.code) {
    case "expired":
      return "its time is over, and apply takes it away; to keep it, give its entry another `until`, or none";
    case "renamed":
      return renamed;
    case "parent-deleted":
      return reason.detail !== undefined && accepted.has(reason.detail)
        ? null
        : `it goes with ${reason.detail ?? "what it hangs on"}, which is not accepted either; decide on that first`;
    default:
      return null;
  }
};

const orphaned = "its user or group is gone, so that there is nothing to declare; apply removes it";

const renamed =
  "it belongs to a rename (`previously`), which apply carries out; to keep the old name, declare that instead, without `previously`";

const isRenamedAway = (
  finding: Accepted,
  { groups = {}, permissionSets = {} }: LoadedManifest["value"],
): boolean => {
  const name =
    finding.kind === "group"
      ? finding.live?.displayName
      : finding.kind === "permissionSet"
        ? finding.live?.name
        : undefined;
  const all = Object.values(finding.kind === "group" ? groups : permissionSets);
  return name !== undefined && all.some((each) => each?.previously?.includes(name));
};
