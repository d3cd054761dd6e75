/**
 * What AWS and the network can do to an apply, one fault at a time: what the user is told is right, and what the
 * sandbox holds is what the final table says.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { ApplyResult } from "../../src/apply/result.ts";
import { openDirectory } from "../../src/aws/directory.ts";
import type { AwsDirectory } from "../../src/model/ports.ts";
import type { SandboxOptions } from "../../src/sandbox/server.ts";
import { estate } from "../support/estate.ts";
import { runInProcess } from "../support/in-process.ts";
import { manyUsers } from "../support/many-users.ts";
import { sandboxEnvironment } from "../support/reconcile.ts";
import { createWorld, type World } from "../support/world.ts";

let world: World;
afterEach(() => world.close());

const open = async (faults: string, options: SandboxOptions = {}): Promise<void> => {
  world = await createWorld({ faults, ...options });
  await world.write("access.yaml", estate.before);
};

const apply = async (now?: () => number) => {
  const run = await runInProcess(["apply", "--auto-approve", "--format", "json", "--rps", "1000"], {
    cwd: world.folder,
    url: world.sandbox.url,
    longestSleep: 50,
    ...(now === undefined ? {} : { now }),
  });
  const result: ApplyResult | null = run.stdout === "" ? null : JSON.parse(run.stdout);
  return { ...run, result, outcomes: result?.outcomes ?? [] };
};

/** Addresses of all that the sandbox holds. */
const held = (): readonly string[] => {
  const { users, groups, memberships, permissionSets, assignments } = world.instance;
  const group = (id: string) => groups.find(({ GroupId }) => GroupId === id)?.DisplayName;
  const user = (id: string) => users.find(({ UserId }) => UserId === id)?.UserName;
  const set = (arn: string) => permissionSets.find((each) => each.PermissionSetArn === arn)?.Name;
  return [
    ...users.map(({ UserName }) => `user/${UserName}`),
    ...groups.map(({ DisplayName }) => `group/${DisplayName}`),
    ...memberships.map(({ GroupId, UserId }) => `membership/${group(GroupId)}/${user(UserId)}`),
    ...permissionSets.map(({ Name }) => `permissionSet/${Name}`),
    ...assignments.map(
      ({ AccountId, PermissionSetArn, PrincipalId }) =>
        `assignment/${AccountId}/${set(PermissionSetArn)}/group:${group(PrincipalId)}`,
    ),
  ].sort();
};

/** The table says "created" of what the sandbox holds, and of nothing else; all changes here are creations. */
const expectTableToHold = (outcomes: ApplyResult["outcomes"]): void => {
  const created = outcomes.filter(
    ({ status, detail }) => status === "done" || detail?.startsWith("It was created,") === true,
  );
  expect(created.map(({ address }) => address).sort()).toEqual(held());
};

describe("what passes by itself ends well, and nothing is made twice", () => {
  it.each([
    ["a throttling storm", "throttle=0.2,seed=3"],
    ["failures on AWS's side", "error=0.2,seed=4"],
    ["connections that break", "reset=0.2,seed=5"],
    ["replies that are lost after the effect", "lost-reply=0.3,seed=6"],
    ["reads that lag behind", "stale-read=300ms"],
    ["conflicts with other writes", "conflict=0.15,seed=7"],
    ["requests that fail and succeed when repeated", "async-failed=0.08,seed=10"],
    ["a clock that is ten minutes behind AWS's", "clock-ahead=10m"],
    [
      "all of it together",
      "throttle=0.05,error=0.05,reset=0.05,lost-reply=0.1,conflict=0.1,async-failed=0.05,stale-read=100ms,seed=11",
    ],
  ])("%s", async (_, faults) => {
    await open(faults);
    const { exitCode, outcomes, result, stderr } = await apply();
    expect([exitCode, stderr.includes("error[")]).toEqual([0, false]);
    expect(outcomes.filter(({ status }) => status !== "done")).toEqual([]);
    expect(result?.remaining).toEqual([]);
    expectTableToHold(outcomes);
    expect(outcomes).toHaveLength(held().length);
  });
});

describe("what does not pass is told, and stops only what depends on it", () => {
  const of = (outcomes: ApplyResult["outcomes"], start: string, status: string) =>
    outcomes.filter((outcome) => outcome.address.startsWith(start) && outcome.status === status);

  it("requests that fail again and again carry AWS's words", async () => {
    await open("async-failed@CreateAccountAssignment=1");
    const { exitCode, outcomes } = await apply();
    expect(exitCode).toBe(6);
    expect(of(outcomes, "assignment/", "failed")[0]).toMatchObject({
      detail: expect.stringMatching(/^Could not assign .* to group .* in .*\(\d{12}\)$/),
      failureReason: "An unexpected internal service exception was encountered",
    });
    expect(world.instance.requests).toHaveLength(5 * 4);
    expectTableToHold(outcomes);
  });

  it("requests that never end are given up, and the next apply adopts them", async () => {
    await open("async-stuck@CreateAccountAssignment=1");
    let time = Date.now();
    // Ten minutes are over after a few hundred looks at this clock.
    const { exitCode, outcomes } = await apply(() => (time += 5000));
    expect(exitCode).toBe(6);
    expect(of(outcomes, "assignment/", "failed")[0]?.failureReason).toMatch(
      /^The request \S+ did not finish in 10 minutes; AWS may still complete it$/,
    );
    expectTableToHold(outcomes);
    expect(existsSync(join(world.folder, ".reconcile/journal.jsonl"))).toBe(true);

    for (const request of world.instance.requests) request.endsAt = 0;
    const again = await apply();
    expect(again.stderr).toMatch(/Requests in flight: \d+ succeeded\./);
    expect(again.exitCode).toBe(0);
    expect(world.instance.requests).toHaveLength(5);
    expect(held().filter((address) => address.startsWith("assignment/"))).toHaveLength(5);
  });

  it("a permission that is missing in the middle leaves a set without its policies, and says so", async () => {
    await open("denied@AttachManagedPolicyToPermissionSet=1");
    const { exitCode, outcomes } = await apply();
    expect(exitCode).toBe(6);
    expect(of(outcomes, "permissionSet/", "failed")).toHaveLength(3);
    expect(outcomes.find(({ address }) => address === "permissionSet/Read")).toMatchObject({
      detail: expect.stringMatching(
        /^It was created, and this is missing: managedPolicies\. sso:AttachManagedPolicyToPermissionSet .*not authorized/,
      ),
      hint: expect.stringContaining("Allow sso:AttachManagedPolicyToPermissionSet"),
    });
    expect(of(outcomes, "assignment/", "skipped")).toHaveLength(5);
    expect(of(outcomes, "user/", "done")).toHaveLength(3);
    expect(of(outcomes, "membership/", "done")).toHaveLength(4);
    expectTableToHold(outcomes);
  });
});

/** Without its waits: what is asked for, and how often, is the same. */
const openWithoutWaits = async (): Promise<AwsDirectory> => {
  Object.assign(process.env, sandboxEnvironment(world.sandbox.url));
  return await openDirectory({
    rps: 1000,
    answerTimeout: 100,
    clock: { now: Date.now, random: () => 0, sleep: async () => {} },
  });
};

describe("a list that fails on its third page", () => {
  it("is an error, and never a shorter list", async () => {
    await open("page@ListUsers=3", { seed: manyUsers() });
    const directory = await openWithoutWaits();
    const [listed] = await directory.listInstances();
    if (listed === undefined) throw new Error("The sandbox shows no instance.");
    await expect(directory.reader(listed).listUsers()).rejects.toMatchObject({
      code: "service-error",
      message: expect.stringContaining("identitystore:ListUsers"),
    });
    directory.close();
    const calls = world.log.filter((entry) => entry.event === "request" && entry.operation === "ListUsers");
    expect(calls.filter(({ outcome }) => outcome === "ok")).toHaveLength(2);
    expect(calls).toHaveLength(12);
  });
});

describe("connections that hang", () => {
  const list = async (faults: string) => {
    await open(faults);
    const directory = await openWithoutWaits();
    return await directory.listInstances().finally(() => directory.close());
  };

  it("are given up after the time for an answer, and the call is repeated", async () => {
    expect(await list("hang=0.5,seed=1")).toHaveLength(1);
    expect(world.log.some(({ outcome }) => outcome === "hang")).toBe(true);
  });

  it("for good are told as a service that cannot be reached", async () => {
    await expect(list("hang=1")).rejects.toMatchObject({
      code: "unreachable",
      message: expect.stringMatching(/no answer after 4 attempts/),
    });
  });
});
