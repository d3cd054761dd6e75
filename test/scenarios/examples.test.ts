/**
 * Every example, start to end: plan, apply, plan again, changed by hand, planned, repaired. What a reviewer reads
 * stands in golden/*.golden.txt. Where the output changes on purpose, write them again and read the difference:
 *   npx vitest run test/scenarios/examples.test.ts --update
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createHands, type Hands } from "../support/hands.ts";
import { runInProcess } from "../support/in-process.ts";
import { root } from "../support/reconcile.ts";
import { settled } from "../support/settled.ts";
import { createWorld, type World } from "../support/world.ts";

interface Example {
  readonly name: string;
  /** Below the example's folder; without it, what a sandbox starts with. */
  readonly seed?: string;
  /** What somebody does past the review. */
  readonly byHand: (hands: Hands) => readonly (() => Promise<unknown>)[];
  /** The changes that the next plan must hold, and no other. */
  readonly repairs: readonly string[];
}

const examples: readonly Example[] = [
  {
    name: "getting-started",
    byHand: (hands) => [
      () => hands.attach("DeveloperAccess", "arn:aws:iam::aws:policy/AdministratorAccess"),
      () => hands.assign("AdministratorAccess", "111111111111", "GROUP", "Developers"),
      () => hands.updateUser("jane.doe", { AttributePath: "name.familyName", AttributeValue: "Smith" }),
      () => hands.addMember("Platform-Admins", "jane.doe"),
    ],
    repairs: [
      "update user/jane.doe",
      "update permissionSet/DeveloperAccess",
      "delete assignment/111111111111/AdministratorAccess/group:Developers",
      "delete membership/Platform-Admins/jane.doe",
    ],
  },
  {
    name: "organization",
    seed: "seed.json",
    byHand: (hands) => [
      () => hands.putInline("Developer", allowEverything),
      () => hands.deleteBoundary("PlatformEngineer"),
      () => hands.update("Auditor", { Description: "Read everything", SessionDuration: "PT12H" }),
      () => hands.tag("Debugger", "team", "observability"),
      () => hands.addMember("Break-Glass", "li.wei"),
      () => hands.updateGroup("Contractors", { AttributePath: "description", AttributeValue: "Externals" }),
      () => hands.assign("PlatformEngineer", "111111111111", "USER", "tom.berg"),
      () => hands.unassign("Auditor", "444444444444", "GROUP", "Security"),
      // None is declared: all are left alone, and drift tells them.
      () => hands.attach("ConsoleExperiment", "arn:aws:iam::aws:policy/PowerUserAccess"),
      () => hands.addMember("Console-Experiment", "tom.berg"),
      () => hands.assign("AWSAdministratorAccess", "111111111111", "USER", "tom.berg"),
      () => hands.addMember("AWSControlTowerAdmins", "tom.berg"),
    ],
    repairs: [
      "update group/Contractors",
      "update permissionSet/Auditor",
      "update permissionSet/Developer",
      "update permissionSet/PlatformEngineer",
      "create assignment/444444444444/Auditor/group:Security",
      "delete assignment/111111111111/PlatformEngineer/user:tom.berg",
      "delete membership/Break-Glass/li.wei",
    ],
  },
];

const allowEverything = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Sid: "Build", Effect: "Allow", Action: "*", Resource: "*" }],
});

describe.each(examples)("examples/$name", ({ name, seed, byHand, repairs }) => {
  const folder = join("examples", name);
  let world: World;
  const run = (command: string, ...args: string[]) =>
    runInProcess([command, folder, "--rps", "1000", ...args], { cwd: root, url: world.sandbox.url });
  const apply = () => run("apply", "--auto-approve", "--audit", join(world.folder, "audit.jsonl"));

  beforeAll(async () => {
    world = await createWorld(seed === undefined ? {} : { seed: join(root, folder, seed) });
  });
  afterAll(() => world.close());

  it("plans what the golden file says", async () => {
    const { stdout, exitCode } = await run("plan", "--detailed-exitcode");
    await expect(lasting(stdout)).toMatchFileSnapshot(`golden/${name}.plan.golden.txt`);
    expect(exitCode).toBe(2);
  });

  it("is applied, and then there is nothing to do", async () => {
    const applied = await apply();
    expect(applied.stdout).toMatch(/^Apply complete/m);
    expect(applied.exitCode).toBe(0);
    await expectNoChanges();
  });

  it("shows exactly what was changed by hand", async () => {
    for (const change of byHand(createHands(world))) await change();
    await settled(world);
    const { changes } = JSON.parse((await run("plan", "--format", "json")).stdout) as {
      readonly changes: readonly { readonly action: string; readonly address: string }[];
    };
    expect(changes.map(({ action, address }) => `${action} ${address}`).sort()).toEqual([...repairs].sort());
    const { stdout, exitCode } = await run("plan", "--detailed-exitcode");
    await expect(lasting(stdout)).toMatchFileSnapshot(`golden/${name}.after-hand-change.golden.txt`);
    expect(exitCode).toBe(2);
  });

  it("tells it as drift, with what apply would leave alone", async () => {
    const { stdout, exitCode } = await run("drift");
    await expect(lasting(stdout)).toMatchFileSnapshot(`golden/${name}.drift.golden.txt`);
    expect(exitCode).toBe(2);
  });

  it("repairs that", async () => {
    expect((await apply()).exitCode).toBe(0);
    await expectNoChanges();
  });

  const expectNoChanges = async () => {
    const { stdout, exitCode } = await run("plan", "--detailed-exitcode");
    expect(stdout).toMatch(/No changes\.\n$/);
    expect(exitCode).toBe(0);
  };
});

/** The digest covers ids, and ids follow the order in which concurrent calls arrive. */
const lasting = (text: string): string => text.replace(/\b[0-9a-f]{64}\b/, "<digest>");

/** Tested elsewhere: what AWS and CI systems take. */
const noManifests = new Set(["aws", "iam", "workflows"]);

it("covers every example that is a manifest", () => {
  const folders = readdirSync(join(root, "examples")).filter((name) => !noManifests.has(name));
  expect(examples.map(({ name }) => name)).toEqual(folders.sort());
});
