/** What a guard refuses is shown first; nothing is written, exit code 4, and the printed option applies it. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runInProcess } from "../support/in-process.ts";
import { createWorld, type World } from "../support/world.ts";

describe("the commands", () => {
  let world: World;
  beforeEach(async () => {
    world = await createWorld();
  });
  afterEach(() => world.close());

  const reconcile = (...args: string[]) =>
    runInProcess([...args, "--rps", "1000"], { cwd: world.folder, url: world.sandbox.url, longestSleep: 20 });
  const manifest = (settings: object, accounts: readonly string[] = ["production"]) =>
    world.write("access.yaml", {
      version: 1,
      guards: settings,
      users: { jane: { givenName: "Jane", familyName: "Doe", displayName: "Jane Doe" } },
      groups: { Admins: { members: ["jane"] } },
      permissionSets: { Admin: { managedPolicies: ["AdministratorAccess"] } },
      assignments: [{ groups: ["Admins"], permissionSets: ["Admin"], accounts }],
    });
  const writes = () =>
    world.log.flatMap((entry) =>
      entry.event === "request" && /^(Create|Delete|Update|Attach|Put|Provision)/.test(entry.operation)
        ? [entry.operation]
        : [],
    );

  it("show the plan, then refuse with exit code 4 and write nothing; the printed option lets it through", async () => {
    await manifest({ approval: "broadening" });
    const refused = await reconcile("apply", "--auto-approve");
    expect(refused.exitCode).toBe(4);
    expect(refused.stdout).toMatch(/Guards\n[^]*refused by guard approval[^]*Plan: 5 to create/);
    expect(writes()).toEqual([]);

    const option = /--allow approval=\d+/.exec(refused.stdout)?.[0].split(" ") ?? [];
    const applied = await reconcile("apply", "--auto-approve", ...option);
    expect(applied.stdout).toContain("Apply complete");
    expect(applied.exitCode).toBe(0);
    expect(writes()).toContain("CreateAccountAssignment");
  });

  it("take a plan that needs review as a reviewed one", async () => {
    await manifest({ approval: "any" });
    const planned = await reconcile("plan", "--out", "plan.json");
    expect(planned.stdout).toContain("needs review, by guard approval");
    expect(planned.exitCode).toBe(0);
    const applied = await reconcile("apply", "--plan", "plan.json");
    expect(applied.stdout).toContain("Apply complete");
    expect(applied.exitCode).toBe(0);
  });

  it("tell the limits of a delegated administrator before the first write", async () => {
    await world.write("access.yaml", {
      version: 1,
      groups: { Team: {} },
      permissionSets: { Billing: { managedPolicies: ["job-function/Billing"] } },
      assignments: [
        { groups: ["Team"], permissionSets: ["Billing"], accounts: ["management", "production"] },
      ],
    });
    world.state.organization?.delegatedAdministrators.push({
      AccountId: "444444444444",
      ServicePrincipal: "sso.amazonaws.com",
    });
    Object.assign(world.state.caller, {
      Account: "444444444444",
      Arn: "arn:aws:sts::444444444444:assumed-role/reconcile/run",
    });
    const refused = await reconcile("apply", "--auto-approve");
    expect(refused.exitCode).toBe(4);
    expect(refused.stdout).toContain("refused by guard delegated-administrator");
    expect(writes()).toEqual([]);
  });

  it("refuse to lock out who runs them, whoever that is in the plan's digest", async () => {
    await manifest({}, ["management"]);
    await reconcile("apply", "--auto-approve");
    await world.write("access.yaml", {
      version: 1,
      users: { jane: { givenName: "Jane", familyName: "Doe", displayName: "Jane Doe" } },
      groups: { Admins: { members: ["jane"] } },
      permissionSets: { Admin: { managedPolicies: ["ReadOnlyAccess"] } },
      assignments: [{ groups: ["Admins"], permissionSets: ["Admin"], accounts: ["management"] }],
    });
    const ci = JSON.parse((await reconcile("plan", "--format", "json")).stdout) as {
      digest: string;
      guards: object[];
    };
    expect(ci.guards).toEqual([]);
    Object.assign(world.state.caller, {
      Arn: "arn:aws:sts::999999999999:assumed-role/AWSReservedSSO_Admin_0123456789abcdef/Jane",
    });
    const refused = await reconcile("apply", "--expect", ci.digest);
    expect(refused.stdout).toContain("refused by guard self-lockout");
    expect(refused.exitCode).toBe(4);
    const applied = await reconcile("apply", "--expect", ci.digest, "--allow", "self-lockout=999999999999:1");
    expect(applied.exitCode).toBe(0);
  });

  it("print every option so that it can be copied and does what it says", async () => {
    const name = "Night & Day, 'a@b' (24:7)";
    const guarded = (members: readonly string[]) =>
      world.write("access.yaml", {
        version: 1,
        users: { jane: { givenName: "Jane", familyName: "Doe", displayName: "Jane Doe" } },
        groups: { [name]: { members } },
        permissionSets: { Admin: { managedPolicies: ["AdministratorAccess"] } },
        assignments: [{ groups: [name], permissionSets: ["Admin"], accounts: ["management", "production"] }],
        guards: {
          protect: ["group/*"],
          breakGlass: [{ groups: [name], users: ["jane"], accounts: ["production"] }],
          minAdministrators: [{ accounts: ["*"], people: 1 }],
          freeze: [
            { name: "long", reason: "for good", from: "2020-01-01T00:00:00Z", to: "2999-01-01T00:00:00Z" },
          ],
        },
      });
    await guarded(["jane"]);
    const pass = ["--allow", "freeze=long:2999-01-01T00:00:00Z"];
    expect((await reconcile("apply", "--auto-approve", ...pass)).exitCode).toBe(0);
    Object.assign(world.state.caller, {
      Arn: "arn:aws:sts::999999999999:assumed-role/AWSReservedSSO_Admin_0123456789abcdef/jane",
    });
    await guarded([]);
    const refused = await reconcile("apply", "--auto-approve");
    expect(refused.exitCode).toBe(4);
    const options = [...refused.stdout.matchAll(/--allow (\S+)/g)].map(([, words = ""]) => words);
    expect(options.map((words) => words.split("=")[0])).toEqual([
      "protected",
      "self-lockout",
      "break-glass",
      "min-administrators",
      "freeze",
    ]);
    for (const left of options) {
      const others = options.flatMap((words) => (words === left ? [] : ["--allow", words]));
      expect((await reconcile("apply", "--auto-approve", ...others)).exitCode, left).toBe(4);
    }
    const all = options.flatMap((words) => ["--allow", words]);
    const applied = await reconcile("apply", "--auto-approve", ...all);
    expect(applied.exitCode, applied.stderr).toBe(0);
    expect(world.instance.memberships).toEqual([]);
  });

  it("say what a mistyped guard was meant to be", async () => {
    await manifest({});
    const { exitCode, stderr } = await reconcile("plan", "--allow", "max-removal=users:12");
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/unknown-guard[^]*max-removals/);
  });
});
