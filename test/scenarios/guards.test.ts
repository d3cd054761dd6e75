/**
 * Every guard: a plan that it refuses, and the same plan let through by the override that the refusal prints. Then the
 * commands: the plan is shown first, nothing is written, exit code 4, and the printed option applies it.
 */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CallerIdentity } from "../../src/model/live-state.ts";
import { guards } from "../../src/plan/guards/guards.ts";
import type { GuardCode } from "../../src/plan/plan.ts";
import { renderPlan } from "../../src/report/renderers.ts";
import { runInProcess } from "../support/in-process.ts";
import { createWorld, type World } from "../support/world.ts";
import { allow, type DesiredSketch, type LiveSketch, plan, policy, position } from "../unit/plan/builders.ts";

const admin = { name: "Admin", managedPolicies: ["arn:aws:iam::aws:policy/AdministratorAccess"] };
const management = "999999999999";
const numbered = (count: number, name: string): string[] =>
  Array.from({ length: count }, (_, index) => `${name}${String(index).padStart(4, "0")}`);
const people = numbered(20, "u");

interface Case {
  readonly desired: DesiredSketch;
  readonly live: LiveSketch;
  readonly caller?: CallerIdentity;
  readonly unattended?: true;
  readonly now?: number;
  /** What the refusal must tell. */
  readonly says: readonly RegExp[];
}

const cases: Readonly<Record<GuardCode, Case>> = {
  "max-removals": {
    desired: { users: people.slice(11), removed: { users: people.slice(0, 11) } },
    live: { users: people },
    says: [/11 of 20 users would be deleted \(55 %\)/, /30 %, or up to 10/],
  },
  "shrunken-manifest": {
    desired: { groups: ["Team"], mode: "exclusive" },
    live: { groups: ["Team", ...numbered(6, "g")] },
    says: [/6 of the 7 objects in its scope \(85\.7 %\)/, /Is the manifest complete\?/],
  },
  "empty-manifest": {
    desired: { groups: ["Team"], mode: "exclusive" },
    live: { groups: ["Team"], users: ["jane", "max"] },
    says: [/declares no users, and all 2 that are there would be deleted/],
  },
  protected: {
    desired: {
      removed: { permissionSets: ["BreakGlass"] },
      guards: { protect: ["permissionSet/BreakGlass"] },
    },
    live: { permissionSets: ["BreakGlass"] },
    says: [
      /1 change would delete, change or take something from what is protected: permissionSet\/BreakGlass/,
    ],
  },
  "self-lockout": {
    desired: { users: ["jane"], groups: ["Admins"], permissionSets: [admin], managedMembers: ["Admins"] },
    live: {
      users: ["jane"],
      groups: ["Admins"],
      permissionSets: [admin],
      memberships: ["Admins/jane"],
      assignments: [`${management}/Admin/group:Admins`],
    },
    caller: {
      account: management,
      arn: `arn:aws:sts::${management}:assumed-role/AWSReservedSSO_Admin_0123456789abcdef/jane`,
    },
    says: [
      /signed in as jane with permission set Admin in management \(999999999999\)/,
      /would lose that access \(your only way in\) by .*membership\/Admins\/jane/,
    ],
  },
  "break-glass": {
    desired: {
      groups: ["Break-Glass"],
      permissionSets: [admin],
      guards: {
        breakGlass: [
          {
            users: [],
            groups: ["Break-Glass"],
            permissionSets: null,
            accounts: ["111111111111"],
            position: position(9),
          },
        ],
      },
    },
    live: {
      users: ["jane"],
      groups: ["Break-Glass"],
      permissionSets: [admin],
      memberships: ["Break-Glass/jane"],
      assignments: ["111111111111/Admin/group:Break-Glass"],
    },
    says: [
      /group Break-Glass would lose the break-glass access to production \(111111111111\): 1 of 1 way in/,
    ],
  },
  "min-administrators": {
    desired: {
      users: ["jane", "max"],
      groups: ["Admins"],
      permissionSets: [admin],
      memberships: ["Admins/jane"],
      assignments: ["111111111111/Admin/group:Admins"],
      guards: { minAdministrators: [{ accounts: ["111111111111"], people: 2, position: position(9) }] },
    },
    live: {
      users: ["jane", "max"],
      groups: ["Admins"],
      permissionSets: [admin],
      memberships: ["Admins/jane", "Admins/max"],
      assignments: ["111111111111/Admin/group:Admins"],
    },
    says: [
      /fewer than 2 people would be left with administrator access to production \(111111111111\): 1 of 2 left: jane/,
    ],
  },
  approval: {
    desired: {
      groups: ["Team"],
      permissionSets: [admin],
      assignments: ["111111111111/Admin/group:Team"],
      guards: { approval: "broadening" },
    },
    live: { groups: ["Team"], permissionSets: [admin] },
    unattended: true,
    says: [
      /1 of 1 change gives somebody more access/,
      /--plan FILE or --expect DIGEST instead of --auto-approve/,
    ],
  },
  freeze: {
    desired: {
      groups: ["Team"],
      guards: {
        freeze: [
          {
            name: "year-end",
            reason: "the books are closed",
            time: { kind: "once", from: Date.UTC(2026, 11, 19), to: Date.UTC(2027, 0, 4, 6) },
          },
        ],
      },
    },
    live: {},
    now: Date.UTC(2026, 11, 24),
    says: [/until 2027-01-04T06:00:00Z, in freeze window year-end \(the books are closed\)/],
  },
  "delegated-administrator": {
    desired: {
      groups: ["Team"],
      permissionSets: [admin, { name: "Shared", sessionDuration: 7200 }],
      assignments: [`${management}/Admin/group:Team`, `${management}/Shared/group:Team`],
    },
    live: {
      groups: ["Team"],
      permissionSets: [admin, "Shared"],
      assignments: [`${management}/Shared/group:Team`],
    },
    caller: { account: "222222222222", arn: "arn:aws:sts::222222222222:assumed-role/ci/run" },
    says: [
      /only the management account, management \(999999999999\)/,
      /You run from account 222222222222, so 2 changes would fail/,
    ],
  },
  "quota-permission-sets": {
    desired: {
      permissionSets: numbered(4, "s"),
      guards: { quotas: { permissionSets: 3, permissionSetsPerAccount: 500 } },
    },
    live: { permissionSets: numbered(3, "s") },
    says: [/4 permission sets at a time; the quota is 3/, /guards\.quotas\.permissionSets/],
  },
  "quota-permission-sets-per-account": {
    desired: {
      groups: ["Team"],
      permissionSets: numbered(501, "s"),
      assignments: numbered(501, "s").map((name) => `111111111111/${name}/group:Team`),
    },
    live: {
      groups: ["Team"],
      permissionSets: numbered(501, "s"),
      assignments: numbered(500, "s").map((name) => `111111111111/${name}/group:Team`),
    },
    says: [/up to 501 permission sets at a time in production \(111111111111\); the quota is 500/],
  },
  "quota-groups-per-assignment": {
    desired: {
      groups: numbered(101, "g"),
      permissionSets: ["Dev"],
      assignments: numbered(101, "g").map((name) => `111111111111/Dev/group:${name}`),
    },
    live: { groups: numbered(101, "g"), permissionSets: ["Dev"] },
    says: [/Dev would be assigned to 101 groups at a time in production/, /AWS takes 100/],
  },
  "quota-policies": {
    desired: {
      permissionSets: [
        { name: "Dev", managedPolicies: numbered(26, "p").map((name) => `arn:aws:iam::aws:policy/${name}`) },
      ],
    },
    live: {},
    says: [/Dev would have 26 AWS managed and customer managed policies; AWS takes 25/],
  },
  "quota-inline-policy": {
    desired: {
      permissionSets: [{ name: "Dev", inlinePolicy: policy({ Statement: allow(numbered(900, "s3:Get")) }) }],
    },
    live: {},
    says: [/inline policy of Dev would have \d{5} bytes/, /AWS takes 10240/],
  },
};

const accountNames = new Map([
  ["111111111111", "production"],
  [management, "management"],
]);

describe("each guard", () => {
  it.each(Object.entries(cases))(
    "%s refuses, with its numbers, and its override lets the plan through",
    (guard, each) => {
      const { caller, unattended, now } = each;
      const run = {
        ...(now === undefined ? {} : { now }),
        ...(caller === undefined ? {} : { caller }),
        ...(unattended === undefined ? {} : { unattended }),
      };
      const refused = plan(each.desired, each.live, new Map(), run);
      const refusal = guard === "freeze" ? "refused-now" : "refused";
      const own = refused.guards.filter((verdict) => verdict.guard === guard);
      expect(own.map(({ verdict }) => verdict)).toEqual([refusal]);
      const text = renderPlan(refused, "text", { colour: false, accountNames, columns: 10_000 });
      for (const words of each.says) expect(text).toMatch(words);
      expect(text).toContain(own[0]?.override ?? "nothing");
      // Where AWS refuses in any case, nothing else is promised.
      const promised = new RegExp(`if (that is meant|it cannot wait), add ${own[0]?.override}`).test(text);
      expect(promised).toBe(!/^(quota-|delegated-|approval)/.test(guard));

      const offered = new Map<string, string>();
      for (const { override } of refused.guards) {
        const [, code = "", value = ""] = /^--allow ([a-z-]+)=(\S+)$/.exec(override) ?? [];
        offered.set(code, [offered.get(code) ?? [], value].flat().join(","));
      }
      const allowed = plan(each.desired, each.live, offered, run);
      expect(allowed.guards.map(({ verdict }) => verdict)).toEqual(refused.guards.map(() => "allowed"));
      expect(allowed.digest).toBe(refused.digest);
      expect(allowed.changes).toEqual(refused.changes);

      // One less, or of another thing.
      const value = offered.get(guard) ?? "";
      const less = value.replace(/\d+(?=Z?$)|[a-z]$/i, (end) =>
        /\d/.test(end) ? String(Number(end) - 1).padStart(2, "0") : `${end}x`,
      );
      const tooLittle = plan(each.desired, each.live, new Map([[guard, less.replace("-1", "59")]]), run);
      expect(tooLittle.guards.find((verdict) => verdict.guard === guard)?.verdict).toBe(refusal);
      const other = plan(
        each.desired,
        each.live,
        new Map([[guard === "approval" ? "shrunken-manifest" : "approval", "999999"]]),
        run,
      );
      expect(other.guards.find((verdict) => verdict.guard === guard)?.verdict).toBe(refusal);
    },
  );

  it("of the table has its case here", () => {
    expect(guards.map(({ code }) => code).sort()).toEqual(Object.keys(cases).sort());
  });
});

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
      const others = options.filter((words) => words !== left).flatMap((words) => ["--allow", words]);
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
