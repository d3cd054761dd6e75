/**
 * An apply at AWS's own rates and durations, judged by the sandbox's log: it keeps within the quotas of asynchronous
 * work by itself, and what AWS throttles all the same is asked again. What a fault adds to the quotas here makes sure
 * that there is something to ask again.
 */
import { afterEach, beforeEach, expect, it } from "vitest";
import type { LogEntry } from "../../src/sandbox/log.ts";
import { defaultSeed } from "../../src/sandbox/seed.ts";
import { runInProcess } from "../support/in-process.ts";
import { createWorld, type World } from "../support/world.ts";

const accountIds = Array.from({ length: 20 }, (_, index) => String(100_000_000_001 + index));

const manifest = {
  version: 1,
  groups: { Engineering: { description: "Engineers" } },
  permissionSets: {
    Developer: { description: "Build", managedPolicies: ["PowerUserAccess"] },
    Auditor: { description: "Look", managedPolicies: ["ReadOnlyAccess"] },
  },
  assignments: [
    { groups: ["Engineering"], permissionSets: ["Developer", "Auditor"], accounts: { names: ["member-*"] } },
  ],
};

let world: World;
beforeEach(async () => {
  world = await createWorld({ seed: twentyAccounts(), speed: "real", faults: "throttle=0.02,seed=7" });
});
afterEach(() => world.close());

it("makes 40 assignments in 20 accounts within the quotas, and leaves no throttled call unanswered", async () => {
  await world.write("access.yaml", manifest);
  const applied = await runInProcess(["apply", "--auto-approve"], {
    cwd: world.folder,
    url: world.sandbox.url,
  });
  const entries = [...world.log];

  expect(applied.stderr).not.toContain("error");
  expect(applied.stdout).toMatch(/^Apply complete/m);
  expect(applied.exitCode).toBe(0);
  expect(held(world)).toEqual(
    accountIds
      .flatMap((account) => [`${account} Auditor Engineering`, `${account} Developer Engineering`])
      .sort(),
  );
  expect(world.instance.requests.filter(({ kind }) => kind === "create-assignment")).toHaveLength(40);

  const highest = (count: (entry: LogEntry) => number): number => Math.max(...entries.map(count));
  expect(highest(({ outstandingAssignments }) => outstandingAssignments)).toBeLessThanOrEqual(15);
  expect(highest(({ outstandingAssignments }) => outstandingAssignments)).toBeGreaterThan(10);
  expect(highest(({ perAccountMaximum }) => perAccountMaximum)).toBe(1);
  expect(highest(({ provisionings }) => provisionings)).toBeLessThanOrEqual(3);
  expect(entries.filter(({ message }) => message?.includes("too many requests processing"))).toEqual([]);

  expect(unanswered(entries)).toEqual([]);
  expect(requests(entries).filter(isThrottled).length).toBeGreaterThan(0);
});

type RequestEntry = Extract<LogEntry, { event: "request" }>;

const requests = (entries: readonly LogEntry[]): readonly RequestEntry[] =>
  entries.filter((entry) => entry.event === "request");

const isThrottled = ({ outcome }: RequestEntry): boolean => outcome === "throttled";

/** Throttled attempts, each as `ListUsers, attempt 1`, that no attempt of the next number follows. */
const unanswered = (entries: readonly LogEntry[]): readonly string[] => {
  const open = new Map<string, number>();
  for (const entry of requests(entries)) {
    const before = `${entry.operation}, attempt ${entry.attempt - 1}`;
    if (entry.attempt > 1) open.set(before, (open.get(before) ?? 0) - 1);
    const here = `${entry.operation}, attempt ${entry.attempt}`;
    if (isThrottled(entry)) open.set(here, (open.get(here) ?? 0) + 1);
  }
  return [...open].filter(([, count]) => count !== 0).map(([attempt]) => attempt);
};

/** The assignments that the sandbox holds, each as `account set group`. */
const held = ({ instance }: World): readonly string[] =>
  instance.assignments
    .map(({ AccountId, PermissionSetArn, PrincipalId }) => {
      const set = instance.permissionSets.find((each) => each.PermissionSetArn === PermissionSetArn);
      const group = instance.groups.find((each) => each.GroupId === PrincipalId);
      return `${AccountId} ${set?.Name} ${group?.DisplayName}`;
    })
    .sort();

function twentyAccounts() {
  const seed = defaultSeed();
  const [first] = seed.organization?.accounts ?? [];
  if (seed.organization === null || first === undefined) throw new Error("The seed has no accounts.");
  const member = (Id: string, index: number) => ({ ...first, Id, Name: `member-${index + 1}` });
  seed.organization.accounts = [first, ...accountIds.map(member)];
  return seed;
}
