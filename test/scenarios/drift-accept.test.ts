/**
 * Drift is taken over: after `git apply`, the manifest says what is live, and nothing drifts any more.
 */
import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  CreateGroupCommand,
  CreateUserCommand,
  DeleteGroupCommand,
  DeleteUserCommand,
} from "@aws-sdk/client-identitystore";
import { CreatePermissionSetCommand, DeletePermissionSetCommand } from "@aws-sdk/client-sso-admin";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { compareText } from "../../src/model/address.ts";
import type { Drift } from "../../src/drift/drift.ts";
import {
  administrator,
  createDriftWorld,
  development,
  driftManifest,
  type DriftWorld,
  told,
} from "../support/drift-world.ts";
import { groupId } from "../support/hands.ts";
import { settled } from "../support/settled.ts";

let world: DriftWorld;

beforeEach(async () => {
  world = await createDriftWorld();
});
afterEach(async () => world.close());

const store = () => ({ IdentityStoreId: world.instance.IdentityStoreId });
const manifestText = () => readFile(join(world.folder, "access.yaml"), "utf8");

describe("objects made and deleted by hand", () => {
  it("are told, taken over, and clean then", async () => {
    const { UserId } = await world.store.send(
      new CreateUserCommand({
        ...store(),
        UserName: "new.person",
        DisplayName: "New Person",
        Name: { GivenName: "New", FamilyName: "Person" },
        Emails: [{ Value: "new@company.com", Type: "work", Primary: true }],
      }),
    );
    await world.store.send(
      new CreateGroupCommand({ ...store(), DisplayName: "Shadow Admins", Description: "x" }),
    );
    const { PermissionSet } = await world.sso.send(
      new CreatePermissionSetCommand({
        InstanceArn: world.instance.InstanceArn,
        Name: "ShadowAccess",
        Description: "Café",
      }),
    );
    await world.hands.attach("ShadowAccess", administrator);
    await world.hands.addMember("Shadow Admins", "new.person");
    await world.hands.assign("ShadowAccess", development, "GROUP", "Shadow Admins");
    await world.hands.assign("ShadowAccess", "333333333333", "GROUP", "Shadow Admins");
    expect(UserId).toBeDefined();

    const { drift } = await world.look();
    expect(told(drift).sort()).toEqual([
      "unmanaged not-declared assignment/222222222222/ShadowAccess/group:Shadow Admins",
      "unmanaged not-declared assignment/333333333333/ShadowAccess/group:Shadow Admins",
      "unmanaged not-declared group/Shadow Admins",
      "unmanaged not-declared membership/Shadow Admins/new.person",
      "unmanaged not-declared permissionSet/ShadowAccess",
      "unmanaged not-declared user/new.person",
    ]);
    expect(drift.findings[0]).toMatchObject({
      kind: "assignment",
      repair: "none",
      risk: { access: "gained", administratorAccounts: [development] },
    });
    const { stderr } = await world.accept();
    expect(stderr).toContain("it accepts 6 of 6 findings.");
    expect(told((await world.look()).drift)).toEqual([]);

    // And the other way: what is declared goes.
    await world.hands.unassign("ShadowAccess", development, "GROUP", "Shadow Admins");
    await world.hands.unassign("ShadowAccess", "333333333333", "GROUP", "Shadow Admins");
    await settled(world);
    await world.store.send(new DeleteGroupCommand({ ...store(), GroupId: groupId(world, "Shadow Admins") }));
    await world.store.send(new DeleteUserCommand({ ...store(), UserId }));
    await world.sso.send(
      new DeletePermissionSetCommand({
        InstanceArn: world.instance.InstanceArn,
        PermissionSetArn: PermissionSet?.PermissionSetArn,
      }),
    );
    const gone = await world.look();
    expect(gone.drift.counts).toEqual({ changed: 0, missing: 6, unmanaged: 0, unchecked: 0 });
    await world.accept();
    expect(told((await world.look()).drift)).toEqual([]);
    expect(await manifestText()).toBe(stringify(driftManifest));
  });
});

/** As a person does it, with the built command. Answers what it said, and what a second look exits with. */
const takeOver = async () => {
  await settled(world);
  const first = await world.run("drift", "--accept", "accept.patch", "--rps", "1000");
  expect(first.exitCode, first.stderr).toBe(2);
  const git = spawnSync("git", ["apply", "accept.patch"], { cwd: world.folder, encoding: "utf8" });
  expect(git.status, git.stderr).toBe(0);
  const second = await world.run("drift", "--format", "json", "--rps", "1000");
  expect(second.stdout, second.stderr).not.toBe("");
  return {
    said: first.stderr,
    exitCode: second.exitCode,
    left: told(JSON.parse(second.stdout) as Drift),
  };
};
const makeSet = (Name: string) =>
  world.sso.send(new CreatePermissionSetCommand({ InstanceArn: world.instance.InstanceArn, Name }));
const makeGroup = (DisplayName: string) =>
  world.store.send(new CreateGroupCommand({ ...store(), DisplayName }));

describe("accept, git apply, drift", () => {
  it("declares again what was to be removed, with what hangs on it", async () => {
    const removed = { users: ["left.person"], groups: ["Old-Team"], permissionSets: ["OldAccess"] };
    const groups = { ...driftManifest.groups, Idle: {} };
    await world.write("access.yaml", { ...driftManifest, groups, removed });
    await makeSet("OldAccess");
    await makeGroup("Idle");
    await makeGroup("Old-Team");
    await world.store.send(
      new CreateUserCommand({
        ...store(),
        UserName: "left.person",
        DisplayName: "Left Person",
        Name: { GivenName: "Left", FamilyName: "Person" },
      }),
    );
    await world.hands.addMember("Old-Team", "jane.doe");
    await world.hands.addMember("Developers", "left.person");
    await world.hands.addMember("Auditors", "left.person");
    await world.hands.addMember("Idle", "left.person");
    await world.hands.addMember("Idle", "rob.roe");
    await world.hands.assign("OldAccess", development, "GROUP", "Developers");
    await world.hands.assign("DeveloperAccess", "111111111111", "GROUP", "Old-Team");
    const { said, exitCode, left } = await takeOver();
    expect(said).toContain("it accepts 9 of 9 findings.");
    expect({ exitCode, left }).toEqual({ exitCode: 0, left: [] });
    const manifest = parse(await manifestText()) as Record<string, Record<string, unknown>>;
    expect(manifest.removed).toBeUndefined();
    expect(manifest.groups).toMatchObject({
      Auditors: { members: ["left.person"] },
      "Old-Team": { members: ["jane.doe"] },
    });
    // Whose members are nobody's business stays so.
    expect(manifest.groups?.Idle).not.toHaveProperty("members");
  });

  it("declares in mode exclusive what was made by hand, with what hangs on it", async () => {
    await world.write("access.yaml", { ...driftManifest, mode: "exclusive" });
    await world.command(
      "apply",
      "--auto-approve",
      "--audit",
      "audit.jsonl",
      "--allow",
      "max-removals=assignments:99",
    );
    await makeSet("ShadowAccess");
    await makeGroup("Shadow");
    await world.hands.addMember("Shadow", "rob.roe");
    await world.hands.assign("ShadowAccess", development, "GROUP", "Shadow");
    await settled(world);
    await world.hands.assign("ShadowAccess", development, "GROUP", "Developers");
    const { said, exitCode, left } = await takeOver();
    expect(said).toContain("it accepts 5 of 5 findings.");
    expect({ exitCode, left }).toEqual({ exitCode: 0, left: [] });
  });

  it("leaves a rename alone, begun or not, and says so; everything else is taken over", async () => {
    const { DeveloperAccess, ...others } = driftManifest.permissionSets;
    await world.write("access.yaml", {
      ...driftManifest,
      permissionSets: { ...others, DevAccess: { ...DeveloperAccess, previously: ["DeveloperAccess"] } },
      assignments: [
        { groups: ["Developers"], permissionSets: ["DevAccess"], accounts: ["development", "staging"] },
        { groups: ["Auditors"], permissionSets: ["AuditAccess"], accounts: ["production"] },
      ],
    });
    await world.hands.addMember("Developers", "rob.roe");
    const before = await takeOver();
    expect(before.said).toContain("it accepts 1 of 7 findings.");
    expect(before.said.match(/not covered: \S+: it belongs to a rename/g)).toHaveLength(6);
    expect(before.left).toHaveLength(6);

    // The new set is there already, in one account.
    await makeSet("DevAccess");
    await world.hands.update("DevAccess", { SessionDuration: "PT8H", Description: "For developers" });
    await world.hands.attach("DevAccess", "arn:aws:iam::aws:policy/ReadOnlyAccess");
    await world.hands.assign("DevAccess", development, "GROUP", "Developers");
    await world.hands.removeMember("Developers", "jane.doe");
    const half = await takeOver();
    expect(half.said).toMatch(/not covered: permissionSet\/DeveloperAccess: it belongs to a rename/);
    expect(half.left).not.toEqual([]);
    expect(half.left.filter((text) => !/ (renamed|parent-deleted) /.test(text))).toEqual([]);
    await world.apply();
    expect((await world.look()).exitCode).toBe(0);
  });

  it("lists what only apply can settle: time that is over, the deleted, roles that are stale", async () => {
    await world.write("access.yaml", {
      ...driftManifest,
      assignments: [
        ...driftManifest.assignments,
        {
          users: ["rob.roe"],
          permissionSets: ["AuditAccess"],
          accounts: ["development"],
          until: "2020-01-01T00:00:00Z",
        },
      ],
    });
    await world.hands.assign("AuditAccess", development, "USER", "rob.roe");
    await makeGroup("Gone");
    await settled(world);
    await world.hands.assign("AuditAccess", development, "GROUP", "Gone");
    await settled(world);
    await world.store.send(new DeleteGroupCommand({ ...store(), GroupId: groupId(world, "Gone") }));
    await world.hands.attach("DeveloperAccess", administrator);
    await world.hands.provision("DeveloperAccess");
    await settled(world);
    await world.hands.detach("DeveloperAccess", administrator);
    await world.hands.addMember("Developers", "rob.roe");
    const { said, exitCode, left } = await takeOver();
    expect(said).toContain("it accepts 1 of 4 findings.");
    expect(said).toContain(
      `not covered: assignment/${development}/AuditAccess/user:rob.roe: its time is over, and apply takes it away`,
    );
    expect(said).toMatch(/not covered: assignment\/\S+: its user or group is gone/);
    expect(said).toContain("not covered: provisioning/DeveloperAccess: no manifest can ask for old roles");
    expect(exitCode).toBe(2);
    expect(left.map((text) => text.split(" ")[1] ?? "").sort(compareText)).toEqual([
      "expired",
      "orphaned",
      "stale",
    ]);
    await world.apply();
    expect((await world.look()).exitCode).toBe(0);
  });
});

describe("taking drift over", () => {
  it("excepts accounts from selectors, and keeps what everybody else has", async () => {
    await world.write("access.yaml", {
      ...driftManifest,
      assignments: [
        {
          groups: ["Developers", "Auditors"],
          permissionSets: ["DeveloperAccess", "AuditAccess"],
          accounts: { ou: "Workloads" },
          reason: "all of them",
        },
      ],
    });
    await world.apply();
    await world.hands.unassign("DeveloperAccess", development, "GROUP", "Developers");
    await world.hands.unassign("AuditAccess", development, "GROUP", "Auditors");
    await world.hands.unassign("AuditAccess", "111111111111", "GROUP", "Auditors");
    await world.accept();
    const { drift } = await world.look();
    expect(told(drift)).toEqual([]);
    const text = await manifestText();
    expect((parse(text) as { assignments: unknown }).assignments).toEqual([
      {
        groups: ["Developers"],
        permissionSets: ["DeveloperAccess"],
        accounts: { ou: "Workloads", except: [development] },
        reason: "all of them",
      },
      {
        groups: ["Auditors"],
        permissionSets: ["DeveloperAccess"],
        accounts: { ou: "Workloads" },
        reason: "all of them",
      },
      {
        groups: ["Developers"],
        permissionSets: ["AuditAccess"],
        accounts: { ou: "Workloads" },
        reason: "all of them",
      },
      {
        groups: ["Auditors"],
        permissionSets: ["AuditAccess"],
        accounts: { ou: "Workloads", except: ["111111111111", development] },
        reason: "all of them",
      },
    ]);
  });

  it("writes a policy into the file that holds it", async () => {
    await world.write("access.yaml", {
      ...driftManifest,
      permissionSets: {
        ...driftManifest.permissionSets,
        AuditAccess: { inlinePolicy: "policies/audit.json" },
      },
    });
    const policy = (Action: string) =>
      JSON.stringify(
        { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action, Resource: "*" }] },
        null,
        2,
      );
    await world.write(
      "policies/audit.json",
      `${policy("s3:ListBucket")}
`,
    );
    await world.apply();
    await world.hands.putInline("AuditAccess", policy("s3:*"));
    await world.hands.provision("AuditAccess");
    await world.accept();
    expect(told((await world.look()).drift)).toEqual([]);
    expect(await readFile(join(world.folder, "policies/audit.json"), "utf8")).toBe(`${policy("s3:*")}
`);
  });

  it("touches nothing but what drifted", async () => {
    const text = `# Who reaches what\nversion: 1\n\n${stringify(driftManifest).replace("version: 1\n", "")}\n# The end\n`;
    await world.write("access.yaml", text);
    await world.hands.attach("DeveloperAccess", administrator);
    await world.accept();
    expect(await manifestText()).toBe(
      text.replace("- ReadOnlyAccess\n", "- AdministratorAccess\n      - ReadOnlyAccess\n"),
    );
  });
});
