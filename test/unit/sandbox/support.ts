import { SSOAdminClient } from "@aws-sdk/client-sso-admin";
import { onTestFinished } from "vitest";
import type { LogEntry } from "../../../src/sandbox/log.ts";
import { defaultSeed } from "../../../src/sandbox/seed.ts";
import type { RunningSandbox, SandboxOptions } from "../../../src/sandbox/server.ts";
import { startSandbox } from "../../../src/sandbox/server.ts";
import type { SandboxInstance, SandboxState } from "../../../src/sandbox/state.ts";

export const InstanceArn = "arn:aws:sso:::instance/ssoins-5a4d6b0c1e2f3a4b";
export const jane = "9067a1b2c3-00000000-0000-4000-8000-000000000001";
export const developers = "9067a1b2c3-00000000-0000-4000-8000-000000000002";
export const auditors = "9067a1b2c3-00000000-0000-4000-8000-000000000003";
export const nobody = "9067a1b2c3-00000000-0000-4000-8000-00000000dead";

export interface Clock {
  readonly now: () => number;
  readonly advance: (milliseconds: number) => void;
}

export interface Bench {
  readonly sandbox: RunningSandbox;
  readonly client: SSOAdminClient;
  readonly clock: Clock;
  readonly log: LogEntry[];
  readonly instance: SandboxInstance;
}

/** A sandbox on a clock that only the test moves, with jane in Developers, and a client that never retries. */
export async function startBench(options: SandboxOptions = {}): Promise<Bench> {
  const clock = createClock();
  const log: LogEntry[] = [];
  const sandbox = await startSandbox({
    seed: peopled(),
    now: clock.now,
    log: (entry) => log.push(entry),
    ...options,
  });
  const client = createClient(sandbox.url);
  onTestFinished(async () => {
    client.destroy();
    await sandbox.close();
  });
  return { sandbox, client, clock, log, instance: onlyInstance(sandbox.state) };
}

export function createClient(endpoint: string, region = "us-east-1", maxAttempts = 1): SSOAdminClient {
  return new SSOAdminClient({
    endpoint,
    region,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts,
  });
}

export function createClock(start = Date.UTC(2026, 5, 1)): Clock {
  let time = start;
  return {
    now: () => time,
    advance: (milliseconds) => {
      time += milliseconds;
    },
  };
}

/** The default seed with one user, who is in Developers, and two groups. */
export function peopled(): SandboxState {
  const seed = defaultSeed();
  const instance = onlyInstance(seed);
  const times = { CreatedAt: 0, UpdatedAt: 0 };
  instance.users.push({
    UserId: jane,
    UserName: "jane.doe",
    attributes: {},
    ExternalIds: [],
    UserStatus: "ENABLED",
    ...times,
  });
  for (const [GroupId, DisplayName] of [
    [developers, "Developers"],
    [auditors, "Auditors"],
  ] as const) {
    instance.groups.push({ GroupId, DisplayName, ExternalIds: [], ...times });
  }
  instance.memberships.push({ MembershipId: nobody, GroupId: developers, UserId: jane, CreatedAt: 0 });
  return seed;
}

export function onlyInstance(state: SandboxState): SandboxInstance {
  const [instance] = state.instances;
  if (!instance) throw new Error("the state has no instance");
  return instance;
}

/** What a promise rejects with, as {name, message}. */
export async function failure(promise: Promise<unknown>): Promise<{ name: string; message: string }> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error) return { name: error.name, message: error.message };
  }
  throw new Error("it did not fail");
}
