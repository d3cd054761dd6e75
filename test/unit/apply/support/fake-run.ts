import { applyPlan } from "../../../../src/apply/apply-plan.ts";
import type { ApplyOptions } from "../../../../src/apply/apply-plan.ts";
import type { LiveState } from "../../../../src/model/live-state.ts";
import type { InstanceReader, InstanceWriter } from "../../../../src/model/ports.ts";
import type { Progress } from "../../../../src/model/progress.ts";
import type { Plan } from "../../../../src/plan/plan.ts";
import { fakePorts } from "./fake-ports.ts";
import { liveOf, toGroup } from "./plans.ts";
import { createVirtualClock } from "./virtual-clock.ts";

export const accounts = Array.from({ length: 20 }, (_, index) => ({
  id: String(100_000_000_000 + index),
  name: `account-${index}`,
}));
export const [first, second, third] = accounts.map(({ id }) => id) as [string, string, string];

const live = liveOf({
  accounts,
  users: { "jane.doe": "u-jane" },
  groups: { Developers: "g-dev" },
  permissionSets: { Admins: "arn-admins" },
  memberships: { "membership/Developers/jane.doe": "m-1" },
  provisioned: { Admins: [first] },
});

export const execute = async (
  plan: Plan,
  methods: Partial<InstanceReader> & Partial<InstanceWriter>,
  { state = live, ...options }: Partial<ApplyOptions> & { state?: LiveState } = {},
) => {
  const clock = createVirtualClock();
  const start = clock.now();
  const { reader, writer, calls } = fakePorts(methods);
  const progress: Progress[] = [];
  const result = await applyPlan(
    plan,
    state,
    { reader, writer },
    { ...clock, onProgress: (event) => void progress.push(event), ...options },
  );
  return { result, calls, progress, clock, milliseconds: clock.now() - start };
};

export const listedGroup = (id: string, displayName: string) => ({
  id,
  displayName,
  description: null,
  external: false,
});
export const listed = (accountId: string) => ({
  accountId,
  permissionSetArn: "arn-admins",
  principalType: "GROUP" as const,
  principalId: "g-dev",
});
export const grant = (accountId: string) => toGroup(accountId, "Admins", "Developers");
export const stale =
  "listAccountsForProvisionedPermissionSet arn-admins LATEST_PERMISSION_SET_NOT_PROVISIONED";
