import { describe, expect, it } from "vitest";
import { riskLines } from "../../../src/report/risk-lines.ts";
import { allow, type DesiredSketch, type LiveSketch, plan, policy } from "../plan/builders.ts";

const admin = { name: "Admin", managedPolicies: ["arn:aws:iam::aws:policy/AdministratorAccess"] };
const names = new Map([["111111111111", "production"]]);
const prod = "111111111111";
const said = (desired: DesiredSketch, live: LiveSketch): string[] =>
  riskLines(plan(desired, live).changes, names).map(({ tone, text }) => `${tone}: ${text}`);

const base = { users: ["jane"], groups: ["Team"], permissionSets: [admin, "Dev"] };

describe("who loses access", () => {
  it("administrator access is called that, also where it was the last", () => {
    const live = { ...base, assignments: [`${prod}/Admin/group:Team`] };
    expect(said(base, live)).toEqual([
      "loss: group Team loses administrator access to production (111111111111) through Admin, and has no other access there",
      "notice: the IAM role of Admin goes with its last assignment in production (111111111111); a later one will have another name",
    ]);
    const kept = { ...base, assignments: [`${prod}/Dev/group:Team`] };
    expect(said(kept, { ...live, assignments: [...live.assignments, `${prod}/Dev/group:Team`] })[0]).toBe(
      "loss: group Team loses administrator access to production (111111111111) through Admin",
    );
  });

  it("and what is taken of several, since the heading counts that", () => {
    const live = { ...base, assignments: [`${prod}/Dev/group:Team`, `${prod}/Audit/group:Team`] };
    const sets = [admin, "Dev", "Audit"];
    const kept = { ...base, permissionSets: sets, assignments: [`${prod}/Dev/group:Team`] };
    expect(said(kept, { ...live, permissionSets: sets })[0]).toBe(
      "loss: group Team loses Audit in production (111111111111), and keeps other access there",
    );
  });

  it("what could hide another way in is said", () => {
    const live = { ...base, assignments: [`${prod}/Dev/user:jane`, `${prod}/Admin/group:Team`] };
    const lost = (scope: string): string[] =>
      said(base, { ...live, unread: [{ scope, reason: "denied" }] }).filter((line) =>
        line.startsWith("loss"),
      );
    const scope = `assignment/${prod}/Audit/*`;
    expect(lost(scope)).toEqual([
      `loss: group Team loses administrator access to production (${prod}) through Admin, and has no other access there, as far as could be read (not ${scope})`,
      `loss: user jane loses all access to production (${prod}), as far as could be read (not ${scope})`,
    ]);
    expect(lost("membership/Ops/*")).toEqual([
      expect.stringMatching(/^loss: group Team .*, and has no other access there$/),
      expect.stringMatching(/all access .*, as far as could be read \(not membership\/Ops\/\*\)$/),
    ]);
    expect(lost("assignment/222222222222/Audit/*")[1]).toMatch(/ loses all access to production \(\d+\)$/);
  });

  it("a member loses what the group gives, administrator access first", () => {
    const assignments = [`${prod}/Admin/group:Team`, "222222222222/Dev/group:Team"];
    expect(
      said(
        { ...base, assignments, managedMembers: ["Team"] },
        { ...base, assignments, memberships: ["Team/jane"] },
      ),
    ).toEqual([
      "loss: user jane loses administrator access to production (111111111111) as a member of Team, and has no other access there",
      "loss: user jane loses all access to 222222222222",
    ]);
    const direct = [`${prod}/Dev/user:jane`, "222222222222/Admin/user:jane"];
    const both = { ...base, assignments: [...assignments, ...direct] };
    expect(said({ ...both, managedMembers: ["Team"] }, { ...both, memberships: ["Team/jane"] })).toEqual([
      "loss: user jane loses administrator access to production (111111111111) as a member of Team",
      "loss: user jane loses what Team gives in 222222222222, and keeps other access there",
    ]);
  });

  it("a policy that was attached by hand and goes again is told, with whom and where", () => {
    const assignments = [`${prod}/Dev/group:Team`, `${prod}/Dev/user:jane`];
    expect(
      said(
        { ...base, assignments },
        { ...base, permissionSets: [admin, { ...admin, name: "Dev" }], assignments },
      ),
    ).toEqual([
      "loss: permission set Dev no longer gives administrator access in production (111111111111), for group Team, user jane",
    ]);
  });

  it("also where another policy is given for it", () => {
    const assignments = [`${prod}/Dev/group:Team`];
    const swap = (from: string, to: string): string[] => {
      const set = (name: string) => ({ name: "Dev", managedPolicies: [`arn:aws:iam::aws:policy/${name}`] });
      return said(
        { groups: ["Team"], permissionSets: [set(to)], assignments },
        { groups: ["Team"], permissionSets: [set(from)], assignments },
      );
    };
    expect(swap("AdministratorAccess", "ReadOnlyAccess")).toEqual([
      "loss: permission set Dev no longer gives administrator access in production (111111111111), for group Team",
    ]);
    expect(swap("IAMFullAccess", "ReadOnlyAccess")).toEqual([
      "gain: permission set Dev allows more in production (111111111111), for group Team: policies or statements are added or widened (policy ReadOnlyAccess)",
      "loss: permission set Dev no longer gives administrator access in production (111111111111), for group Team",
    ]);
    expect(swap("SecurityAudit", "ReadOnlyAccess")).toEqual([
      "gain: permission set Dev allows more in production (111111111111), for group Team: policies or statements are added or widened (policy ReadOnlyAccess)",
      "loss: permission set Dev also allows less in production (111111111111), for group Team",
    ]);
  });

  it("so is a set that allows less in anything else", () => {
    const assignments = [`${prod}/Dev/group:Team`];
    const before = { name: "Dev", sessionDuration: 7200 };
    expect(said({ ...base, assignments }, { ...base, permissionSets: [admin, before], assignments })).toEqual(
      ["loss: permission set Dev allows less in production (111111111111), for group Team"],
    );
  });
});

describe("a permission set that is replaced", () => {
  const replace = (after: object, before: object): string[] =>
    said(
      {
        groups: ["Team"],
        permissionSets: [{ name: "New", ...after }],
        assignments: [`${prod}/New/group:Team`],
        previously: { permissionSets: { New: ["Old"] } },
      },
      {
        groups: ["Team"],
        permissionSets: [{ name: "Old", ...before }],
        assignments: [`${prod}/Old/group:Team`],
      },
    );
  const notice =
    "notice: permission set Old is replaced by New: names of its IAM roles change, and what refers to them (resource policies, KMS keys, EKS) must follow";

  it("by the same: nobody gains or loses anything", () => {
    const { managedPolicies } = admin;
    expect(replace({ managedPolicies }, { managedPolicies })).toEqual([notice]);
  });

  it("by less: who loses it", () => {
    expect(replace({}, { managedPolicies: admin.managedPolicies })).toEqual([
      "loss: group Team loses administrator access to production (111111111111) through Old, which New replaces",
      notice,
    ]);
  });

  describe("by one that is there already", () => {
    const begun = (after: object, before: object, hasBoth: boolean): string[] =>
      said(
        {
          groups: ["Team"],
          permissionSets: [{ name: "New", ...after }],
          assignments: [`${prod}/New/group:Team`],
          previously: { permissionSets: { New: ["Old"] } },
        },
        {
          groups: ["Team"],
          permissionSets: [
            { name: "Old", ...before },
            { name: "New", ...after },
          ],
          assignments: [`${prod}/Old/group:Team`, ...(hasBoth ? [`${prod}/New/group:Team`] : [])],
        },
      );
    const { managedPolicies } = admin;
    const readOnly = { managedPolicies: ["arn:aws:iam::aws:policy/ReadOnlyAccess"] };
    const deny = { Effect: "Deny", Action: "s3:*", Resource: "*" };
    const limited = { ...readOnly, inlinePolicy: policy({ Version: "2012-10-17", Statement: [deny] }) };

    it.each([true, false])("who loses it (has both: %s)", (hasBoth) => {
      expect(begun(readOnly, { managedPolicies }, hasBoth)).toEqual([
        "loss: group Team loses administrator access to production (111111111111) through Old, which New replaces",
        notice,
      ]);
      expect(begun({}, readOnly, hasBoth)).toEqual([
        "loss: group Team loses what Old allows beyond New in production (111111111111), and keeps other access there",
        notice,
      ]);
    });

    it("who gains more than a new assignment of it would give", () => {
      expect(begun(readOnly, limited, false)).toEqual([
        "gain: group Team gets more by New than by Old, which it replaces, in production (111111111111): something is no longer denied",
        notice,
      ]);
      expect(begun(readOnly, limited, true)).toEqual([notice]);
    });
  });

  it("by more: who gains it", () => {
    expect(replace({ managedPolicies: admin.managedPolicies }, {})).toEqual([
      "gain: group Team gets administrator access to production (111111111111) through New",
      "gain: permission set New allows more in production (111111111111), for group Team: administrator access, policies or statements are added or widened",
      notice,
    ]);
  });
});

it("a set with administrator access that accounts hold in an older version is told, with the accounts", () => {
  const state = { permissionSets: [admin, "Dev"] };
  const provisioning = {
    Admin: { accounts: [prod], stale: [prod] },
    Dev: { accounts: [prod], stale: [prod] },
  };
  expect(said(state, { ...state, provisioning })).toEqual([
    "gain: permission set Admin replaces an older version in production (111111111111), and nobody knows what it allowed there; now: administrator access",
  ]);
});

it("who joins a group whose assignments were not read is told, with what was not read", () => {
  const wanted = { ...base, memberships: ["Team/jane"] };
  const unread = ["1", "2", "3", "4", "5", "6"].map((digit) => ({
    scope: `assignment/${digit.repeat(12)}/Admin/*`,
    reason: "access denied",
  }));
  expect(said(wanted, { ...base, unread: unread.slice(0, 1) })).toEqual([
    "gain: user jane gets what Team gives, which nobody knows, because this was not read: assignment/111111111111/Admin/*",
  ]);
  expect(said(wanted, { ...base, unread })[0]).toMatch(/assignment\/555555555555\/Admin\/\* and 1 more$/);
  const partly = { ...base, assignments: [`${prod}/Admin/group:Team`], unread: unread.slice(1, 2) };
  expect(said({ ...wanted, assignments: partly.assignments }, partly)).toEqual([
    "gain: user jane gets administrator access to production (111111111111) as a member of Team, with no access there before",
    "gain: user jane gets what else Team gives, which nobody knows, because this was not read: assignment/222222222222/Admin/*",
  ]);
});

it("so is who leaves it", () => {
  const unread = [{ scope: `assignment/${prod}/Admin/*`, reason: "access denied" }];
  const there = { ...base, memberships: ["Team/jane"], unread };
  expect(said({ ...base, managedMembers: ["Team"] }, there)).toEqual([
    "loss: user jane loses what Team gives, which nobody knows, because this was not read: assignment/111111111111/Admin/*",
  ]);
});

const inline = (...actions: string[]) =>
  policy({ Version: "2012-10-17", Statement: actions.map((action) => allow(action)) });
const rights = "rights over identities (IAM, Organizations, STS, Identity Center)";
const broad = "broad write access (whole services or groups of actions)";
const unknown = "customer managed policies (which may allow anything)";
const noneBefore = "with no access there before";

it("rights over identities are told wherever somebody comes to have them", () => {
  const sets = { ...base, permissionSets: ["Dev", { name: "Keys", inlinePolicy: inline("sso:*") }] };
  const there = { ...sets, assignments: [`${prod}/Keys/group:Team`] };
  expect(said(there, sets)).toEqual([
    `gain: group Team gets ${rights} in production (111111111111) through Keys, ${noneBefore}`,
  ]);
  expect(said({ ...there, memberships: ["Team/jane"] }, there)).toEqual([
    `gain: user jane gets ${rights} in production (111111111111) as a member of Team, ${noneBefore}`,
  ]);
  const two = { ...there, assignments: [...there.assignments, "222222222222/Dev/group:Team"] };
  expect(said({ ...two, memberships: ["Team/jane"] }, two)).toEqual([
    `gain: user jane gets ${rights} in production (111111111111) as a member of Team, ${noneBefore}`,
    `gain: user jane gets access to 222222222222 as a member of Team, ${noneBefore}`,
  ]);
});

describe("whole services", () => {
  const added = (what: string) => `policies or statements are added or widened (${what})`;
  const managed = (name: string) => ({ managedPolicies: [`arn:aws:iam::aws:policy/${name}`] });
  const customer = { customerManagedPolicies: [{ name: "P", path: "/" }] };
  it.each<[string, object, string, string]>([
    ["s3:*", { inlinePolicy: inline("s3:*") }, broad, `${added("s3:*")}, ${broad}`],
    [
      "ec2:* among others",
      { inlinePolicy: inline("ec2:*", "s3:GetObject") },
      broad,
      `${added("ec2:*, s3:GetObject")}, ${broad}`,
    ],
    ["PowerUserAccess", managed("PowerUserAccess"), broad, `${added("policy PowerUserAccess")}, ${broad}`],
    [
      "AmazonS3FullAccess",
      managed("AmazonS3FullAccess"),
      broad,
      `${added("policy AmazonS3FullAccess")}, ${broad}`,
    ],
    ["what nobody sees", customer, unknown, `${unknown}, ${added("policy P")}`],
    [
      "both",
      { inlinePolicy: inline("s3:*"), ...customer },
      `${broad} and ${unknown}`,
      `${unknown}, ${added("policy P, s3:*")}, ${broad}`,
    ],
  ])("%s: told of an assignment, of a membership and of an edit", (_, allows, what, edit) => {
    const sets = { ...base, permissionSets: [{ name: "Build", ...allows }, "Dev"] };
    const held = { ...sets, assignments: [`${prod}/Build/group:Team`] };
    expect(said(held, { ...sets, assignments: [`${prod}/Dev/group:Team`] })[0]).toBe(
      `gain: group Team gets ${what} in production (111111111111) through Build`,
    );
    expect(said({ ...held, memberships: ["Team/jane"] }, held)).toEqual([
      `gain: user jane gets ${what} in production (111111111111) as a member of Team, ${noneBefore}`,
    ]);
    expect(said(held, { ...held, permissionSets: ["Build", "Dev"] })).toEqual([
      `gain: permission set Build allows more in production (111111111111), for group Team: ${edit}`,
    ]);
  });
});

describe("first access to an account", () => {
  it("is told where nothing worse is, and said of what is worse", () => {
    const permissionSets = [admin, "Dev", "Audit"];
    const before = { ...base, permissionSets, assignments: ["222222222222/Audit/group:Team"] };
    const assignments = [
      ...before.assignments,
      "222222222222/Dev/group:Team",
      "333333333333/Dev/group:Team",
      `${prod}/Dev/group:Team`,
      "222222222222/Admin/group:Team",
      "333333333333/Admin/group:Team",
    ];
    expect(said({ ...before, assignments }, before)).toEqual([
      "gain: group Team gets administrator access to 2 accounts: 222222222222, 333333333333 through Admin, with no access to some of them before",
      `gain: group Team gets access to 2 accounts: production (111111111111), 333333333333 through Dev, ${noneBefore}`,
    ]);
  });

  it("those who join one group share a line, and it says whether all of them are new there", () => {
    const there = {
      users: ["ann", "bob", "eve"],
      groups: ["Team", "Ops"],
      permissionSets: ["Dev", admin],
      assignments: [`${prod}/Admin/group:Team`, "222222222222/Dev/group:Team", `${prod}/Dev/group:Ops`],
      memberships: ["Ops/eve"],
    };
    const memberships = ["Ops/eve", "Team/ann", "Team/bob"];
    expect(said({ ...there, memberships }, there)).toEqual([
      `gain: users ann, bob get administrator access to production (111111111111) as members of Team, ${noneBefore}`,
      `gain: users ann, bob get access to 222222222222 as members of Team, ${noneBefore}`,
    ]);
    expect(said({ ...there, memberships: [...memberships, "Team/eve"] }, there)).toEqual([
      "gain: users ann, bob, eve get administrator access to production (111111111111) as members of Team, some with no access there before",
      `gain: users ann, bob, eve get access to 222222222222 as members of Team, ${noneBefore}`,
    ]);
  });
});

it("the worst stands first, and what is lost after what is gained", () => {
  const sets = [
    admin,
    { name: "Keys", inlinePolicy: inline("sso:*") },
    { name: "Build", inlinePolicy: inline("s3:*") },
  ];
  const there = {
    users: ["ann", "bob"],
    groups: ["A", "B", "C", "D", "E", "F"],
    permissionSets: [...sets, "Dev"],
    assignments: [`${prod}/Admin/group:E`, `${prod}/Dev/group:F`],
  };
  const assignments = [
    `${prod}/Dev/group:A`,
    `${prod}/Build/group:B`,
    "999999999999/Dev/group:C",
    `${prod}/Keys/group:C`,
    `${prod}/Admin/group:D`,
    "999999999999/Admin/group:D",
  ];
  const lines = said({ ...there, assignments }, there).map((line) => line.replace(/ (in|to) .*/, ""));
  expect(lines).toEqual([
    "gain: group D gets administrator access",
    "gain: group D gets administrator access",
    "gain: group C gets rights over identities (IAM, Organizations, STS, Identity Center)",
    "gain: group C gets access",
    "gain: group B gets broad write access (whole services or groups of actions)",
    "gain: group A gets access",
    "loss: group E loses administrator access",
    "loss: group F loses all access",
  ]);
});

describe("thousands of changes", () => {
  const groups = Array.from({ length: 300 }, (_, index) => `group-${index}`);
  const accountOf = (index: number): string => `${100_000_000_000 + index}`;
  const assigned = (set: string): string[] =>
    groups.map((group, index) => `${accountOf(index)}/${set}/group:${group}`);

  it("a crowd that gains ordinary access is one line; administrators keep theirs", () => {
    const there = { groups, permissionSets: [admin, "Dev"], organizationSource: "manifest" as const };
    const wanted = { groups, permissionSets: [admin, "Dev"] };
    const lines = said({ ...wanted, assignments: assigned("Dev") }, there);
    expect(lines).toEqual([
      expect.stringMatching(
        /^gain: groups group-0, (\S+, ){18}\S+ and 280 more get access to 300 accounts: (\d+, ){4}\d+ and 295 more through Dev, each in some of them, with no access there before$/,
      ),
    ]);
    expect(said({ ...wanted, assignments: assigned("Admin") }, there)).toHaveLength(300);
  });

  it("so is one that loses all access", () => {
    const there = { groups, permissionSets: ["Dev"], assignments: assigned("Dev") };
    const lines = said({ groups, permissionSets: ["Dev"] }, there);
    expect(lines[0]).toMatch(
      /^loss: groups group-0, .* lose all access to 300 accounts: .*, each in some of them$/,
    );
    expect(lines).toHaveLength(2);
  });
});
