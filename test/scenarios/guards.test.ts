/** Every guard: a plan that it refuses, and the same plan let through by the override that the refusal prints. */
import { describe, expect, it } from "vitest";
import type { CallerIdentity } from "../../src/model/live-state.ts";
import { guards } from "../../src/plan/guards/guards.ts";
import type { GuardCode } from "../../src/plan/plan.ts";
import { renderPlan } from "../../src/report/renderers.ts";
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
