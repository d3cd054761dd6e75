import type { Assignment, Group, Membership, PermissionSet, User } from "../../model/access-state.ts";

/** What is to be taken over into the manifest: a finding of a drift report, as far as it matters for that. */
export type Accepted = {
  readonly bucket: "changed" | "missing" | "unmanaged";
  readonly address: string;
  readonly reason: { readonly code: string };
  /** Attributes that differ; only in the bucket changed. */
  readonly differences: readonly { readonly attribute: string; readonly live: unknown }[];
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

/** Why no manifest can say what is live; null: it can. */
export const whyNotDeclarable = ({ kind, reason: { code } }: Accepted): string | null => {
  if (kind === "provisioning") return "no manifest can ask for old roles; apply brings them up to date";
  return reasons[code] ?? null;
};

const reasons: Readonly<Record<string, string>> = {
  orphaned: "its user or group is gone, so that there is nothing to declare; apply removes it",
  expired: "its time is over; give its entry another `until`, or none, to keep it",
  removed: "it is listed under `removed`; take it out there, and declare it",
  renamed: "the manifest renames it (`previously`); take that out to keep the old one",
  "parent-deleted": "what it hangs on is to be deleted; take that back first",
};
