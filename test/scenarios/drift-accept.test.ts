/**
 * Drift is taken over: after `git apply`, the manifest says what is live, and nothing drifts any more.
 */
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
