import type { Outcome } from "../apply/result.ts";

/** `created`, `not created`, `skipped`, `not started`. */
export const outcomeVerb = ({ status, action }: Pick<Outcome, "status" | "action">): string => {
  if (status === "done") return participles[action];
  return status === "failed" ? `not ${participles[action]}` : words[status];
};

export const participles = {
  create: "created",
  update: "updated",
  delete: "deleted",
  provision: "provisioned",
} as const;

const words = { skipped: "skipped", "not-started": "not started" } as const;

/** Why it is not done, and what to do; each is a line. Not yet escaped. */
export const outcomeReasons = ({ detail, failureReason, hint }: Outcome): string[] => [
  ...(detail === undefined ? [] : [detail]),
  ...(failureReason?.split("\n").map((line) => `AWS: ${line}`) ?? []),
  ...(hint === undefined ? [] : [hint]),
];
