/**
 * A full plan makes no call that it does not need: the least that AWS's API allows for this organization, worked out
 * here from what the sandbox holds. sso-admin answers 20 calls a second, so that calls are the time that a plan takes.
 */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SandboxInstance, SandboxOrganization } from "../../src/sandbox/state.ts";
import { runInProcess } from "../support/in-process.ts";
import { root } from "../support/reconcile.ts";
import { createWorld, type World } from "../support/world.ts";

/** The fewest calls of a complete plan, by what is asked. */
const leastCalls = (instance: SandboxInstance, organization: SandboxOrganization): Record<string, number> => {
  const { users, groups, memberships, permissionSets, provisioned, assignments } = instance;
  const { accounts, organizationalUnits } = organization;
  const setCount = permissionSets.length;
  const byGroup = sum(groups.map(({ GroupId }) => pages(countWhere(memberships, { GroupId }), 100)));
  const byUser = sum(users.map(({ UserId }) => pages(countWhere(memberships, { UserId }), 100)));
  const ids = new Set([...users.map(({ UserId }) => UserId), ...groups.map(({ GroupId }) => GroupId)]);
  const hasOrphans = (type: "USER" | "GROUP"): boolean =>
    assignments.some(({ PrincipalType, PrincipalId }) => PrincipalType === type && !ids.has(PrincipalId));
  return {
    GetCallerIdentity: 1,
    ListInstances: 1,

    ListPermissionSets: pages(setCount, 100),
    DescribePermissionSet: setCount,
    GetInlinePolicyForPermissionSet: setCount,
    ListManagedPoliciesInPermissionSet: setCount,
    ListCustomerManagedPolicyReferencesInPermissionSet: setCount,
    GetPermissionsBoundaryForPermissionSet: setCount,
    "sso-admin ListTagsForResource": setCount,
    // Asked by set or by account, once for what is up to date and once for what is stale.
    provisioned: 2 * Math.min(setCount, accounts.length),
    ListAccountAssignments: sum(
      provisioned.map(({ AccountId, PermissionSetArn }) =>
        pages(countWhere(assignments, { AccountId, PermissionSetArn }), 100),
      ),
    ),

    // Listed once more where an assignment names somebody that the list has not: is that an orphan, or brand new?
    ListUsers: pages(users.length, 100) * (hasOrphans("USER") ? 2 : 1),
    ListGroups: pages(groups.length, 100) * (hasOrphans("GROUP") ? 2 : 1),
    memberships: Math.min(byGroup, byUser),

    ListAccounts: pages(accounts.length, 20),
    ListRoots: 1,
    ListOrganizationalUnitsForParent: organizationalUnits.length + 1,
    // The manifest selects by tags: those of each account that can be selected.
    "organizations ListTagsForResource": accounts.filter(({ State }) => State === "ACTIVE").length,
  };
};

const pages = (items: number, size: number): number => Math.max(1, Math.ceil(items / size));
const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
const countWhere = <T extends object>(items: readonly T[], values: Partial<T>): number =>
  items.filter((item) => Object.entries(values).every(([key, value]) => Reflect.get(item, key) === value))
    .length;

/** Calls in the sandbox's log under the names of the table above. */
const callsMade = ({ log }: World): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const entry of log) {
    if (entry.event !== "request") continue;
    const { service, operation } = entry;
    const name =
      joined[operation] ?? (operation === "ListTagsForResource" ? `${service} ${operation}` : operation);
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
};

const joined: Readonly<Record<string, string>> = {
  ListAccountsForProvisionedPermissionSet: "provisioned",
  ListPermissionSetsProvisionedToAccount: "provisioned",
  ListGroupMemberships: "memberships",
  ListGroupMembershipsForMember: "memberships",
};

describe("a full plan of the organization example", () => {
  let world: World;
  const run = (command: string, ...args: string[]) =>
    runInProcess([command, "examples/organization", "--rps", "1000", ...args], {
      cwd: root,
      url: world.sandbox.url,
    });
  const callsOfPlan = async (): Promise<Record<string, number>> => {
    const { stdout } = await run("plan");
    expect(stdout).toMatch(/Plan: |No changes\./);
    return callsMade(world);
  };
  const least = (): Record<string, number> => {
    const { organization } = world.state;
    if (organization === null) throw new Error("The example's seed has an organization.");
    return leastCalls(world.instance, organization);
  };

  beforeAll(async () => {
    world = await createWorld({ seed: join(root, "examples/organization/seed.json") });
  });
  afterAll(() => world.close());

  it("makes the fewest calls that can be made, before the first apply", async () => {
    expect(await callsOfPlan()).toEqual(least());
  });

  it("and after it, when there is more to read", async () => {
    const { exitCode } = await run("apply", "--auto-approve", "--audit", join(world.folder, "audit.jsonl"));
    expect(exitCode).toBe(0);
    world.log.splice(0);
    expect(await callsOfPlan()).toEqual(least());
  });
});
