/**
 * Somebody changes access past the product, one way at a time. drift tells it in the right bucket and changes nothing,
 * says the same in a second run, and is quiet again after apply, or once the manifest says so.
 */
import { CreateGroupCommand } from "@aws-sdk/client-identitystore";
import {
  AttachManagedPolicyToPermissionSetCommand,
  CreatePermissionSetCommand,
} from "@aws-sdk/client-sso-admin";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  administrator,
  createDriftWorld,
  development,
  driftManifest,
  type DriftWorld,
  told,
} from "../support/drift-world.ts";
import { startDenyingProxy } from "../support/denying-proxy.ts";
import { reconcile, sandboxEnvironment } from "../support/reconcile.ts";
import { settled } from "../support/settled.ts";

let world: DriftWorld;

beforeEach(async () => {
  world = await createDriftWorld();
});
afterEach(async () => world.close());

const createGroup = (DisplayName: string) =>
  world.store.send(new CreateGroupCommand({ IdentityStoreId: world.instance.IdentityStoreId, DisplayName }));

const createAdministratorSet = async (Name: string) => {
  const { InstanceArn } = world.instance;
  const { PermissionSet } = await world.sso.send(new CreatePermissionSetCommand({ InstanceArn, Name }));
  await world.sso.send(
    new AttachManagedPolicyToPermissionSetCommand({
      InstanceArn,
      PermissionSetArn: PermissionSet?.PermissionSetArn,
      ManagedPolicyArn: administrator,
    }),
  );
};

interface Row {
  readonly what: string;
  readonly byHand: () => Promise<unknown>;
  readonly told: readonly string[];
  /** What apply leaves alone. */
  readonly notRepaired?: true;
  /** What no manifest can say. */
  readonly notAcceptable?: string;
}

const rows: readonly Row[] = [
  {
    what: "a user's attribute",
    byHand: () => world.hands.updateUser("jane.doe", { AttributePath: "title", AttributeValue: "Boss" }),
    told: ["changed differs user/jane.doe"],
  },
  {
    what: "a group's description",
    byHand: () =>
      world.hands.updateGroup("Developers", { AttributePath: "description", AttributeValue: "Others" }),
    told: ["changed differs group/Developers"],
  },
  {
    what: "a policy attached",
    byHand: async () => {
      await world.hands.attach("DeveloperAccess", administrator);
      await world.hands.provision("DeveloperAccess");
    },
    told: ["changed differs permissionSet/DeveloperAccess"],
  },
  {
    what: "an inline policy put",
    byHand: async () => {
      await world.hands.putInline(
        "AuditAccess",
        JSON.stringify({
          Version: "2012-10-17",
          Statement: { Effect: "Allow", Action: "s3:*", Resource: "*" },
        }),
      );
      await world.hands.provision("AuditAccess");
    },
    told: ["changed differs permissionSet/AuditAccess"],
  },
  {
    what: "an edit that was taken back, but left roles stale",
    byHand: async () => {
      await world.hands.attach("DeveloperAccess", administrator);
      await world.hands.provision("DeveloperAccess");
      await settled(world);
      await world.hands.detach("DeveloperAccess", administrator);
    },
    told: ["changed stale provisioning/DeveloperAccess"],
    notAcceptable: "no manifest can ask for old roles",
  },
  {
    what: "a member added",
    byHand: () => world.hands.addMember("Developers", "rob.roe"),
    told: ["unmanaged not-declared membership/Developers/rob.roe"],
  },
  {
    what: "a member added to a group whose members are not declared",
    byHand: () => world.hands.addMember("Auditors", "rob.roe"),
    told: ["unmanaged not-declared membership/Auditors/rob.roe"],
    notRepaired: true,
  },
  {
    what: "a member removed",
    byHand: () => world.hands.removeMember("Developers", "jane.doe"),
    told: ["missing missing membership/Developers/jane.doe"],
  },
  {
    what: "access given",
    byHand: () => world.hands.assign("DeveloperAccess", "111111111111", "USER", "rob.roe"),
    told: ["unmanaged not-declared assignment/111111111111/DeveloperAccess/user:rob.roe"],
  },
  {
    what: "access taken",
    byHand: () => world.hands.unassign("DeveloperAccess", development, "GROUP", "Developers"),
    told: [`missing missing assignment/${development}/DeveloperAccess/group:Developers`],
  },
];

describe.each(rows)("$what by hand", ({ byHand, told: expected, notRepaired, notAcceptable }) => {
  it("is told, the same in every run, changes nothing, and is gone after apply", async () => {
    await byHand();
    await settled(world);
    const before = JSON.stringify(world.instance);
    const first = await world.look();
    expect(told(first.drift)).toEqual(expected);
    expect(first.drift).toMatchObject({ result: "drift", coverage: { percent: 100 } });
    expect(first.exitCode).toBe(2);
    const second = await world.look();
    expect(second.drift).toEqual(first.drift);
    expect(JSON.stringify(world.instance)).toBe(before);

    await world.apply();
    const repaired = await world.look();
    if (notRepaired === true) {
      expect(repaired.drift).toEqual(first.drift);
      return;
    }
    expect(told(repaired.drift)).toEqual([]);
    expect(repaired.exitCode).toBe(0);
    expect(repaired.drift.fingerprint).not.toBe(first.drift.fingerprint);
  });

  it("can be taken over into the manifest", async () => {
    await byHand();
    await settled(world);
    const { stderr, patch } = await world.accept();
    if (notAcceptable !== undefined) {
      expect(patch).toContain(notAcceptable);
      expect(stderr).toContain("it accepts 0 of 1 finding.");
      return;
    }
    expect(stderr).toContain("it accepts 1 of 1 finding.");
    const { drift, exitCode } = await world.look();
    expect(told(drift)).toEqual([]);
    expect(exitCode).toBe(0);
  });
});

describe("--out", () => {
  it("writes the plan that repairs, which apply takes", async () => {
    await world.hands.attach("DeveloperAccess", administrator);
    await world.look("--out", "repair.json");
    const { exitCode, stderr } = await world.command(
      "apply",
      "--plan",
      "repair.json",
      "--audit",
      "audit.jsonl",
    );
    expect(exitCode, stderr).toBe(0);
    expect(told((await world.look()).drift)).toEqual([]);
  });
});

describe("--who", () => {
  it("names who did it, for each kind, and asks CloudTrail only then", async () => {
    await world.hands.attach("DeveloperAccess", administrator);
    await world.hands.unassign("DeveloperAccess", development, "GROUP", "Developers");
    await world.hands.assign("AuditAccess", "111111111111", "USER", "rob.roe");
    await world.hands.removeMember("Developers", "jane.doe");
    await world.hands.updateUser("jane.doe", { AttributePath: "title", AttributeValue: "Boss" });
    const asked = () =>
      world.log.filter((entry) => "service" in entry && entry.service === "cloudtrail").length;
    const without = await world.look();
    expect(asked()).toBe(0);
    const { drift } = await world.look("--who");
    expect(asked()).toBeGreaterThan(0);
    expect(drift.findings.map(({ address, who }) => [address, who?.[0]?.event, who?.[0]?.actor])).toEqual(
      drift.findings.map(({ address }) => [address, events[address], world.state.caller.Arn]),
    );
    expect(drift.who?.notes).toEqual([]);
    expect(drift.fingerprint).toBe(without.drift.fingerprint);
  });

  it("prints who and when below the finding", async () => {
    await world.hands.addMember("Developers", "rob.roe");
    const { stdout, exitCode } = await world.run("drift", "--who", "--rps", "1000");
    expect(exitCode).toBe(2);
    expect(stdout).toMatch(
      /\+ member rob\.roe of group Developers .*\n {4}CloudTrail: CreateGroupMembership by\s+\S+,\s+\d{4}-\d\d-\d\dT[\d:]+Z/,
    );
    expect(stdout).toContain(world.state.caller.Arn);
  });

  it("goes on without CloudTrail, and says which permission is missing", async () => {
    await world.hands.addMember("Developers", "rob.roe");
    const proxy = await startDenyingProxy(world.sandbox.url, "LookupEvents", "");
    try {
      const { stdout, stderr, exitCode } = await reconcile(["drift", "--who", "--rps", "1000"], {
        cwd: world.folder,
        env: sandboxEnvironment(proxy.url),
      });
      expect(exitCode, stderr).toBe(2);
      expect(stdout).toContain("+ member rob.roe of group Developers");
      expect(stdout.replaceAll(/\s+/g, " ")).toMatch(
        /Who did it: not everything could be told ! CloudTrail could not be asked: .*cloudtrail:LookupEvents/,
      );
      expect(stdout).toMatch(/\n\nDrift: 0 changed, 0 missing, 1 unmanaged, 0 unchecked\./);
    } finally {
      await proxy.close();
    }
  });

  const events: Readonly<Record<string, string>> = {
    "permissionSet/DeveloperAccess": "AttachManagedPolicyToPermissionSet",
    [`assignment/${development}/DeveloperAccess/group:Developers`]: "DeleteAccountAssignment",
    "assignment/111111111111/AuditAccess/user:rob.roe": "CreateAccountAssignment",
    "membership/Developers/jane.doe": "DeleteGroupMembership",
    "user/jane.doe": "UpdateUser",
  };
});

describe("known noise", () => {
  it("is left out, shown as ignored, and told when the rules are off", async () => {
    await createGroup("AWSControlTowerAdmins");
    const quiet = await world.look();
    expect(quiet.exitCode).toBe(0);
    expect(quiet.drift.ignored).toEqual([
      { address: "group/AWSControlTowerAdmins", reason: "made by AWS Control Tower (built-in rule)" },
    ]);
    await world.write("access.yaml", { ...driftManifest, builtInRules: false });
    expect(told((await world.look()).drift)).toEqual(["unmanaged not-declared group/AWSControlTowerAdmins"]);
    await world.write("access.yaml", driftManifest);
    const loud = await world.look("--no-built-in-rules");
    expect(loud.exitCode).toBe(2);
    expect(told(loud.drift)).toEqual(["unmanaged not-declared group/AWSControlTowerAdmins"]);
    const shown = await world.command("drift", "--show-built-in-rules");
    expect(shown).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining("- {name: AWSControlTowerAdmins, ") as string,
    });
  });
});

describe("Control Tower's names", () => {
  it("hide nobody who was given administrator access by them", async () => {
    await createAdministratorSet("AWSAdministratorAccess");
    expect((await world.look()).exitCode).toBe(0);
    await world.hands.assign("AWSAdministratorAccess", "111111111111", "USER", "rob.roe");
    const { drift, exitCode } = await world.look();
    expect(told(drift)).toEqual([
      "unmanaged not-declared assignment/111111111111/AWSAdministratorAccess/user:rob.roe",
    ]);
    expect(exitCode).toBe(2);
    expect((await world.command("drift")).stdout).toMatch(
      /! user rob\.roe has administrator access to production \(111111111111\)\s+through\s+AWSAdministratorAccess/,
    );
  });
});

describe("who joins a group that nobody declared", () => {
  it("is told first, where that gives administrator access", async () => {
    await createGroup("Ops");
    await createAdministratorSet("OldAdmin");
    await world.hands.assign("OldAdmin", "111111111111", "GROUP", "Ops");
    await world.hands.addMember("Ops", "rob.roe");
    const { stdout } = await world.command("drift");
    expect(stdout).toMatch(
      /Look at these first\n[^+]*! user rob\.roe has administrator access to production \(111111111111\) as an undeclared\s+member\s+of\s+Ops/,
    );
  });
});

describe("--only-declared", () => {
  it("is quiet about what a manifest does not hold yet, lists it, and tells what goes through declared sets", async () => {
    await createGroup("Legacy");
    expect((await world.command("drift")).exitCode).toBe(2);
    const quiet = await world.command("drift", "--only-declared");
    expect(quiet.exitCode).toBe(0);
    expect(quiet.stdout).toContain("  1 group: not declared (--only-declared)\n    group/Legacy\n");
    expect(quiet.stdout).toMatch(/\n\nNo drift\. Coverage 100 %\.\n$/);
    await world.hands.assign("DeveloperAccess", development, "GROUP", "Legacy");
    await settled(world);
    const { drift, exitCode } = await world.look("--only-declared");
    expect(told(drift)).toEqual([
      `unmanaged not-declared assignment/${development}/DeveloperAccess/group:Legacy`,
    ]);
    expect(exitCode).toBe(2);
  });

  it("tells who joined a declared group, whether its members are declared or not", async () => {
    await world.hands.addMember("Auditors", "rob.roe");
    await world.hands.addMember("Developers", "rob.roe");
    const { drift, exitCode } = await world.look("--only-declared");
    expect(told(drift)).toEqual([
      "unmanaged not-declared membership/Auditors/rob.roe",
      "unmanaged not-declared membership/Developers/rob.roe",
    ]);
    expect(exitCode).toBe(2);
  });
});

describe("what is printed", () => {
  it("ends with the counts, or with the news that there is none", async () => {
    expect((await world.command("drift")).stdout).toMatch(/\n\nNo drift\. Coverage 100 %\.\n$/);
    await world.hands.attach("DeveloperAccess", administrator);
    const { stdout, exitCode } = await world.command("drift");
    expect(exitCode).toBe(2);
    expect(stdout).toContain("! permission set DeveloperAccess allows more than is declared in 2 accounts");
    expect(stdout).toContain("+ AWS managed policy: AdministratorAccess");
    expect(stdout).toMatch(/\n\nDrift: 1 changed, 0 missing, 0 unmanaged, 0 unchecked\. Coverage 100 %\.\n$/);
  });

  it("is not green where something could not be seen", async () => {
    const { stdout, exitCode } = await world.command("drift", "--strategy", "principals");
    expect(exitCode).toBe(2);
    expect(stdout).toContain("No drift in what was read; the rest is not known.");
    expect(stdout).toMatch(
      /\n\nDrift: 0 changed, 0 missing, 0 unmanaged, 1 unchecked\. Coverage 9\d(\.\d)? %\.\n$/,
    );
  });

  it("is an error for a manifest that is not valid", async () => {
    await world.write("access.yaml", "version: 1\ngroups: []\n");
    const { exitCode, stdout } = await world.command("drift");
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
  });
});
