import type { DriftFinding } from "../drift/drift.ts";
import type { Change, GuardCode } from "../plan/plan.ts";

/** What a result is one of. `help` is read by somebody who meets it for the first time. */
export interface SarifRule {
  readonly id: string;
  readonly title: string;
  readonly help: string;
}

export const changeRule = ({ kind, action }: Change): SarifRule => {
  const [noun, about] = kinds[kind];
  return {
    id: `change-${kind}-${action}`,
    title: `${noun} ${actions[action]}`,
    help: `${about} ${risks} Nothing has been changed yet: reconcile apply does, once the plan is approved.`,
  };
};

const kinds = {
  user: ["User", "A user of IAM Identity Center, who can be a member of groups and sign in."],
  group: ["Group", "A group of IAM Identity Center. What it is assigned, all of its members hold."],
  membership: ["Membership", "A user joins or leaves a group, and with it all that the group reaches."],
  permissionSet: [
    "Permission set",
    "A permission set says what its holders may do, in every account in which it is assigned.",
  ],
  provisioning: [
    "Permission set",
    "The IAM roles of a permission set are older than the set itself in some accounts.",
  ],
  assignment: ["Assignment", "An assignment gives a user or a group a permission set in one account."],
} as const satisfies Record<Change["kind"], readonly [string, string]>;

const actions = {
  create: "to be created",
  update: "to be changed",
  delete: "to be deleted",
  provision: "to be provisioned again",
} as const;

const risks =
  "It is an error where it gives administrator access or rights over identities or takes a limit away, a warning where it allows more in another way or takes access away, else a note.";

export const driftRule = ({ bucket, kind }: DriftFinding): SarifRule => {
  const [noun, about] = kinds[kind];
  return {
    id: `drift-${bucket}-${kind}`,
    title: `${noun} ${buckets[bucket]}`,
    help: `${about} It is an error where somebody has administrator access that is not declared, a warning where other access differs, else a note. Nothing was changed: reconcile drift says what to do.`,
  };
};

const buckets = {
  changed: "not as declared",
  missing: "declared, and not live",
  unmanaged: "live, and not declared",
} as const;

export const uncheckedRule: SarifRule = {
  id: "drift-unchecked",
  title: "Not checked",
  help: "A part of IAM Identity Center that reconcile drift could not read. Let its role read it: nobody knows whether it is as declared.",
};

export const guardRule = (guard: GuardCode): SarifRule => ({
  id: `guard-${guard}`,
  title: `Guard ${guard}`,
  help: "A guard of reconcile judges the finished plan. An error means that apply refuses this plan; the message names the option that lets it through, if it is what is meant.",
});

export const findingRule = (code: string): SarifRule => ({
  id: code,
  title: code.replaceAll("-", " "),
  help: "Found by reconcile in the manifest, or on the way to a plan. An error has to be seen to before anything is planned or applied; the message says how.",
});
