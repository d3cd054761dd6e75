/** What is wrong around the tool: each ends in one error that says what is missing and what to do, and no stack. */
import { afterEach, describe, expect, it } from "vitest";
import { defaultSeed } from "../../src/sandbox/seed.ts";
import type { SandboxState } from "../../src/sandbox/state.ts";
import { startDenyingProxy } from "../support/denying-proxy.ts";
import { type Run, reconcile, sandboxEnvironment } from "../support/reconcile.ts";
import { createWorld, type World } from "../support/world.ts";

const manifest = "version: 1\npermissionSets: { Reader: { managedPolicies: [ReadOnlyAccess] } }\n";

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

/** Runs plan in a world with this seed and these variables; undefined takes one away. */
const plan = async (
  seed: SandboxState,
  variables: Readonly<Record<string, string | undefined>> = {},
): Promise<Run> => {
  world ??= await createWorld({ seed });
  await world.write("access.yaml", manifest);
  const all = {
    ...sandboxEnvironment(world.sandbox.url),
    // No ~/.aws of whoever runs the tests.
    HOME: world.folder,
    ...variables,
  };
  const env = Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  return reconcile(["plan", "--rps", "1000"], { cwd: world.folder, env });
};

const expectError = ({ stdout, stderr, exitCode }: Run, code: string, exit: number): void => {
  expect(stderr).toContain(`error[${code}]`);
  expect(stderr).toMatch(/^ {2}= /m);
  expect(stderr).not.toMatch(/^\s+at |bug in reconcile/m);
  expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: exit });
};

describe("plan ends with an error", () => {
  it("where no Region is configured", async () => {
    const run = await plan(defaultSeed(), { AWS_REGION: undefined, AWS_DEFAULT_REGION: undefined });
    expectError(run, "region-missing", 3);
    expect(run.stderr).toContain("Set AWS_REGION");
  });

  it("where there are no credentials", async () => {
    const run = await plan(defaultSeed(), { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined });
    expectError(run, "credentials-missing", 1);
    expect(run.stderr).toContain("AWS_PROFILE");
  });

  it("where Identity Center is not enabled", async () => {
    world = await createWorld();
    world.state.instances.splice(0);
    const run = await plan(defaultSeed());
    expectError(run, "no-instance", 1);
    expect(run.stderr).toContain("There is no IAM Identity Center instance in us-east-1");
  });

  it("where the Region is another one than the instance's", async () => {
    const run = await plan(defaultSeed(), { AWS_REGION: "eu-west-1" });
    expectError(run, "no-instance", 1);
    expect(run.stderr).toContain("in eu-west-1");
  });

  it("where several instances are visible, and lists them", async () => {
    const seed = defaultSeed();
    const [first] = seed.instances;
    if (first === undefined) throw new Error("The seed has no instance.");
    const second = {
      ...structuredClone(first),
      InstanceArn: "arn:aws:sso:::instance/ssoins-1111111111111111",
      IdentityStoreId: "d-1111111111",
      Name: "second",
    };
    const run = await plan({ ...seed, instances: [first, second] });
    expectError(run, "several-instances", 3);
    for (const { InstanceArn } of [first, second]) expect(run.stderr).toContain(InstanceArn);
    expect(run.stderr).toContain("instance.arn");
  });

  it.each(["ListInstances", "ListUsers", "ListPermissionSets", "ListAccountsForProvisionedPermissionSet"])(
    "where the caller may not call %s, and names that permission",
    async (operation) => {
      world = await createWorld();
      await world.write("access.yaml", manifest);
      // Something to look at, so that each operation is called.
      expect((await world.run("apply", "--auto-approve", "--rps", "1000")).exitCode).toBe(0);
      const { state } = world;
      await world.close();
      world = await createWorld({ seed: state, faults: `denied@${operation}=1` });
      const run = await plan(state);
      expectError(run, "access-denied", 1);
      expect(run.stderr).toMatch(new RegExp(`(sso|identitystore):${operation}\\b`));
    },
  );
});

it("never tells an account that could not be read as unchanged", async () => {
  world = await createWorld();
  const text = "version: 1\ngroups: { Team: {} }\npermissionSets: { Reader: {} }\nassignments:\n";
  const entry =
    "  - { groups: [Team], permissionSets: [Reader], accounts: ['111111111111', '222222222222'] }\n";
  const file = await world.write("all.yaml", text + entry);
  expect((await world.run("apply", file, "--auto-approve", "--rps", "1000")).exitCode).toBe(0);
  const proxy = await startDenyingProxy(world.sandbox.url, "ListAccountAssignments", "111111111111");
  const run = (...more: string[]) =>
    reconcile(["plan", "all.yaml", "--rps", "1000", ...more], {
      cwd: world?.folder ?? "",
      env: sandboxEnvironment(proxy.url),
    });
  const plain = await run();
  expect(plain.stdout).toMatch(/No changes in what could be read\.\n$/);
  expect(plain.stdout).toContain("111111111111");
  expect(plain.exitCode).toBe(0);
  expect((await run("--detailed-exitcode")).exitCode).toBe(1);
  await proxy.close();
});

it("says first what it talks to", async () => {
  const { stderr, exitCode } = await plan(defaultSeed());
  expect(exitCode).toBe(0);
  expect(stderr).toMatch(
    /^Talking to a local sandbox at http:\/\/127\.0\.0\.1:\d+ \(no AWS account is touched\)\n/,
  );
  expect(stderr).toContain("in us-east-1");
  expect(stderr).toContain("as       arn:aws:sts::999999999999:assumed-role/SandboxAdministrator/sandbox");
  // Neither the SDK nor Node.js adds warnings of their own.
  expect(stderr).not.toMatch(/warning/i);
});
