import { setTimeout as delay } from "node:timers/promises";
import { applyPlan } from "../../../../src/apply/apply-plan.ts";
import type { ApplyOptions } from "../../../../src/apply/apply-plan.ts";
import type { ApplyResult, AuditRecord } from "../../../../src/apply/result.ts";
import { openForWriting } from "../../../../src/aws/writer.ts";
import { membershipAddress } from "../../../../src/model/address.ts";
import type { Progress } from "../../../../src/model/progress.ts";
import type { Plan } from "../../../../src/plan/plan.ts";
import type { LogEntry } from "../../../../src/sandbox/log.ts";
import type { RunningSandbox, SandboxOptions } from "../../../../src/sandbox/server.ts";
import { startSandbox } from "../../../../src/sandbox/server.ts";
import type { SandboxInstance } from "../../../../src/sandbox/state.ts";
import { instance, liveOf } from "./plans.ts";

export interface SandboxRun {
  readonly sandbox: RunningSandbox;
  /** What the sandbox holds. */
  readonly holds: SandboxInstance;
  readonly log: readonly LogEntry[];
  /** Those that the sandbox has carried out. */
  readonly calls: (operation: string) => readonly RequestEntry[];
  readonly audit: readonly AuditRecord[];
  readonly progress: readonly Progress[];
  /** Applies to what stands there now. */
  readonly apply: (plan: Plan, options?: Partial<ApplyOptions>) => Promise<ApplyResult>;
  readonly close: () => Promise<void>;
}

type RequestEntry = Extract<LogEntry, { event: "request" }>;

/** A sandbox over loopback, and the real SDK in front of it. */
export const runSandbox = async (options: SandboxOptions = {}): Promise<SandboxRun> => {
  const log: LogEntry[] = [];
  const audit: AuditRecord[] = [];
  const progress: Progress[] = [];
  const sandbox = await startSandbox({ log: (entry) => void log.push(entry), ...options });
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: sandbox.url,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "sandbox",
    AWS_SECRET_ACCESS_KEY: "sandbox",
  });
  const holds = sandbox.state.instances[0]!;
  // The rate of calls is the SDK layer's business; here it would only cost time.
  const aws = await openForWriting({
    rps: 2000,
    clock: { now: Date.now, random: () => 0.1, sleep: (ms) => delay(ms / 20) },
  });
  return {
    sandbox,
    holds,
    log,
    calls: (operation) =>
      log.filter(
        (entry): entry is RequestEntry =>
          entry.event === "request" && entry.operation === operation && entry.outcome === "ok",
      ),
    audit,
    progress,
    apply: async (plan, more = {}) =>
      await applyPlan(
        plan,
        liveIn(sandbox),
        { reader: aws.directory.reader(instance), writer: aws.writer(instance) },
        {
          now: Date.now,
          sleep: (ms) => delay(ms / 5),
          random: Math.random,
          onProgress: (event) => void progress.push(event),
          audit: (record) => void audit.push(record),
          ...more,
        },
      ),
    close: async () => {
      aws.directory.close();
      await sandbox.close();
    },
  };
};

const liveIn = ({ state }: RunningSandbox) => {
  const held = state.instances[0]!;
  const provisioned: Record<string, string[]> = {};
  for (const set of held.permissionSets) {
    provisioned[set.Name] = held.provisioned
      .filter((role) => role.PermissionSetArn === set.PermissionSetArn)
      .map((role) => role.AccountId);
  }
  const nameOf = (id: string): string =>
    held.groups.find((group) => group.GroupId === id)?.DisplayName ??
    held.users.find((user) => user.UserId === id)?.UserName ??
    id;
  return liveOf({
    accounts: (state.organization?.accounts ?? []).map(({ Id, Name, State }) => ({
      id: Id,
      name: Name,
      state: State === "ACTIVE" ? "ACTIVE" : "SUSPENDED",
    })),
    users: Object.fromEntries(held.users.map((user) => [user.UserName, user.UserId])),
    groups: Object.fromEntries(held.groups.map((group) => [group.DisplayName, group.GroupId])),
    permissionSets: Object.fromEntries(held.permissionSets.map((set) => [set.Name, set.PermissionSetArn])),
    memberships: Object.fromEntries(
      held.memberships.map((membership) => [
        membershipAddress({ group: nameOf(membership.GroupId), user: nameOf(membership.UserId) }),
        membership.MembershipId,
      ]),
    ),
    provisioned,
  });
};
