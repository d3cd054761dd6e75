import { describe, expect, it } from "vitest";
import type { BreakGlassRule, Guards } from "../../../../src/model/guards.ts";
import { type DesiredSketch, findings, type LiveSketch, plan, policy, position } from "../builders.ts";

const admin = { name: "Admin", managedPolicies: ["arn:aws:iam::aws:policy/AdministratorAccess"] };
const other = { ...admin, name: "Other" };
const prod = "111111111111";

describe("break-glass", () => {
  const rule = (more: Partial<BreakGlassRule> = {}): Partial<Guards> => ({
    breakGlass: [
      {
        users: [],
        groups: ["Glass"],
        permissionSets: null,
        accounts: [prod],
        position: position(9),
        ...more,
      },
    ],
  });
  const there: LiveSketch = {
    users: ["jane"],
    groups: ["Glass"],
    permissionSets: [admin, other],
    memberships: ["Glass/jane"],
    assignments: [`${prod}/Admin/group:Glass`],
  };
  const wanted: DesiredSketch = { ...there, managedMembers: ["Glass"], guards: rule() };
  const lost = (desired: DesiredSketch, live = there): readonly string[] | undefined =>
    plan(desired, live).guards.find(({ guard }) => guard === "break-glass")?.args.principals;

  it.each<[string, DesiredSketch, boolean]>([
    ["nothing changes", wanted, false],
    ["its assignment goes", { ...wanted, assignments: [] }, true],
    ["another set gives the same", { ...wanted, assignments: [`${prod}/Other/group:Glass`] }, false],
    [
      "another set, and not one of those named",
      { ...wanted, assignments: [`${prod}/Other/group:Glass`], guards: rule({ permissionSets: ["Admin"] }) },
      true,
    ],
    ["its last member leaves", { ...wanted, memberships: [] }, true],
    ["the set no longer gives it", { ...wanted, permissionSets: [{ name: "Admin" }, other] }, true],
    [
      "the set gets a boundary",
      {
        ...wanted,
        permissionSets: [
          { ...admin, permissionsBoundary: { managedPolicyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess" } },
          other,
        ],
      },
      true,
    ],
  ])("%s", (_, desired, refused) => {
    expect(lost(desired)).toEqual(refused ? ["group:Glass"] : undefined);
  });

  it("a user has it through a group too", () => {
    const guards = rule({ groups: [], users: ["jane"] });
    expect(lost({ ...wanted, guards })).toBeUndefined();
    expect(lost({ ...wanted, guards, memberships: [] })).toEqual(["user:jane"]);
  });

  it("what goes where it could not be read may be lost, and nobody says that it never was there", () => {
    const unread = [{ scope: "membership/Glass/*", reason: "denied" }];
    const live = { ...there, memberships: [], unread };
    const unseen = { ...wanted, memberships: [], managedMembers: [] };
    expect(lost(unseen, live)).toBeUndefined();
    for (const guards of [rule(), rule({ groups: [], users: ["jane"] })]) {
      const made = plan({ ...unseen, guards, assignments: [] }, live);
      const refused = made.guards.find(({ guard }) => guard === "break-glass");
      expect(refused?.args.unread).toEqual(["members of group Glass"]);
      expect(made.warnings.filter(({ code }) => code === "break-glass-missing")).toEqual([]);
    }
  });

  const readOnly = { managedPolicyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess" };
  const letters = "abcdefghijklmnopqrstuvwxyz".split("").map((letter) => `${letter}*`);
  const notOn = (Effect: string, NotResource: string) =>
    policy({ Statement: { Effect, Action: "*", NotResource } });
  const deny = (more: object) => policy({ Statement: { Effect: "Deny", Resource: "*", ...more } });
  it.each<[string, object, boolean]>([
    ["a boundary", { permissionsBoundary: readOnly }, true],
    [
      "AWSDenyAll",
      { managedPolicies: [...admin.managedPolicies, "arn:aws:iam::aws:policy/AWSDenyAll"] },
      true,
    ],
    ["a deny of everything", { inlinePolicy: deny({ Action: "*" }) }, true],
    ["a deny of everything but little", { inlinePolicy: deny({ NotAction: "s3:*" }) }, true],
    [
      "a deny on a condition",
      { inlinePolicy: deny({ Action: "*", Condition: { Bool: { "aws:x": "true" } } }) },
      true,
    ],
    ["a deny of everything, by letters", { inlinePolicy: deny({ Action: letters }) }, true],
    [
      "a deny of everything on anything that has an ARN",
      { inlinePolicy: deny({ Action: "*", Resource: "arn:aws:*" }) },
      true,
    ],
    [
      "a deny of everything, in two halves",
      {
        inlinePolicy: policy({
          Statement: [letters.slice(0, 9), letters.slice(9)].map((Action) => ({
            Effect: "Deny",
            Action,
            Resource: "*",
          })),
        }),
      },
      true,
    ],
    [
      "a deny of most, by letters",
      { inlinePolicy: deny({ Action: letters.filter((each) => each !== "e*") }) },
      false,
    ],
    [
      "a quarantine",
      {
        managedPolicies: [...admin.managedPolicies, "arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV3"],
      },
      true,
    ],
    ["a deny of everything on all but everything", { inlinePolicy: notOn("Deny", "*") }, false],
    ["a deny of everything but on a bucket", { inlinePolicy: notOn("Deny", "arn:aws:s3:::logs/*") }, true],
    ["full access to all but everything", { managedPolicies: [], inlinePolicy: notOn("Allow", "*") }, true],
    ["a narrow deny", { inlinePolicy: deny({ Action: "organizations:LeaveOrganization" }) }, false],
  ])("another set takes its place that has %s", (_, more, refused) => {
    const permissionSets = [admin, { ...other, ...more }];
    const desired = { ...wanted, permissionSets, assignments: [`${prod}/Other/group:Glass`] };
    const expected = refused ? ["group:Glass"] : undefined;
    expect(lost(desired, { ...there, permissionSets })).toEqual(expected);
    expect(lost({ ...wanted, permissionSets: [{ ...admin, ...more }, other] })).toEqual(expected);
  });

  describe("a customer managed policy, which may deny everything", () => {
    const unseen = [{ name: "Limits", path: "/" }];
    const limited = { ...admin, customerManagedPolicies: unseen };
    const verdict = (desired: DesiredSketch, live: LiveSketch) => {
      const made = plan(desired, live);
      return made.guards.find(({ guard }) => guard === "break-glass")?.args.unread;
    };
    const doubt = (name: string) => [`what permission set ${name} leaves`];

    it("may take the access where the plan adds it", () => {
      expect(verdict({ ...wanted, permissionSets: [limited, other] }, there)).toEqual(doubt("Admin"));
      const elsewhere = [{ name: "Limits", path: "/new/" }];
      const moved = { ...admin, customerManagedPolicies: elsewhere };
      const live = { ...there, permissionSets: [limited, other] };
      expect(verdict({ ...wanted, permissionSets: [moved, other] }, live)).toEqual(doubt("Admin"));
    });

    it("may keep it from a set that the plan makes with it", () => {
      const permissionSets = [admin, other, { ...limited, name: "New" }];
      const assignments = [`${prod}/New/group:Glass`];
      expect(verdict({ ...wanted, permissionSets, assignments }, there)).toEqual(doubt("New"));
    });

    it("leaves the access where it stands already, whatever else changes", () => {
      const live = { ...there, permissionSets: [limited, { ...other, customerManagedPolicies: unseen }] };
      const longer = { ...limited, sessionDuration: 7200 };
      expect(verdict({ ...wanted, permissionSets: [longer, other] }, live)).toBeUndefined();
      const moved = [`${prod}/Other/group:Glass`];
      const both = { ...wanted, permissionSets: [limited, { ...other, customerManagedPolicies: unseen }] };
      expect(verdict({ ...both, assignments: moved }, live)).toBeUndefined();
      expect(verdict({ ...wanted, permissionSets: [admin, other] }, live)).toBeUndefined();
    });

    it("goes along where a set is renamed", () => {
      const renamed: DesiredSketch = {
        ...wanted,
        permissionSets: [{ ...limited, name: "Root" }, other],
        assignments: [`${prod}/Root/group:Glass`],
        previously: { permissionSets: { Root: ["Admin"] } },
      };
      expect(verdict(renamed, { ...there, permissionSets: [limited, other] })).toBeUndefined();
      expect(verdict(renamed, there)).toEqual(doubt("Root"));
    });

    it("of a set that nobody needs it by is nothing", () => {
      const permissionSets = [admin, { ...other, customerManagedPolicies: unseen }];
      expect(verdict({ ...wanted, permissionSets }, there)).toBeUndefined();
    });
  });

  it("what never was is a warning, and does not stop the plan", () => {
    const made = plan({ ...wanted, assignments: [], users: ["jane", "max"] }, { ...there, assignments: [] });
    expect(made.guards).toEqual([]);
    expect(made.warnings.map(({ code, severity }) => `${severity} ${code}`)).toEqual([
      "warning break-glass-missing",
    ]);
  });

  it("a plan that gives it says nothing", () => {
    expect(plan(wanted, { ...there, assignments: [] }).warnings).toEqual([]);
  });

  describe("what is renamed in the same plan", () => {
    const group: DesiredSketch = {
      ...wanted,
      groups: ["Fire"],
      memberships: ["Fire/jane"],
      managedMembers: ["Fire"],
      assignments: [`${prod}/Admin/group:Fire`],
      previously: { groups: { Fire: ["Glass"] } },
    };
    const set: DesiredSketch = {
      ...wanted,
      permissionSets: [{ ...admin, name: "Root" }, other],
      assignments: [`${prod}/Root/group:Glass`],
      previously: { permissionSets: { Root: ["Admin"] } },
    };
    const done = (renamed: DesiredSketch): LiveSketch => ({
      users: ["jane"],
      groups: renamed.groups ?? [],
      permissionSets: renamed.permissionSets ?? [],
      memberships: renamed.memberships ?? [],
      assignments: renamed.assignments ?? [],
    });

    it.each([["Glass"], ["Fire"]])("a group that the rule calls %s", (name) => {
      const guards = rule({ groups: [name] });
      for (const live of [there, done(group)]) {
        expect(findings({ ...group, guards }, live)).toEqual([]);
        expect(lost({ ...group, guards }, live)).toBeUndefined();
        expect(lost({ ...group, guards, memberships: [] }, live)).toEqual(["group:Fire"]);
      }
    });

    it.each([["Admin"], ["Root"]])("a permission set that the rule calls %s", (name) => {
      const guards = rule({ permissionSets: [name] });
      for (const live of [there, done(set)]) {
        expect(findings({ ...set, guards }, live)).toEqual([]);
        expect(lost({ ...set, guards }, live)).toBeUndefined();
        expect(lost({ ...set, guards, assignments: [] }, live)).toEqual(["group:Glass"]);
        expect(lost({ ...set, guards, permissionSets: ["Root", other] }, live)).toEqual(["group:Glass"]);
      }
    });
  });

  it("a rule that names nobody is an error", () => {
    const guards = rule({ groups: ["Glas"], permissionSets: ["Adm"] });
    expect(findings({ ...wanted, guards }, there).map(({ code, severity }) => `${severity} ${code}`)).toEqual(
      ["error break-glass-unknown", "error break-glass-unknown"],
    );
  });
});

describe("min-administrators", () => {
  const guards: Partial<Guards> = {
    minAdministrators: [{ accounts: [prod], people: 2, position: position(9) }],
  };
  const people = { users: ["a", "b", "c"], groups: ["Admins"], permissionSets: [admin, "Dev"] };
  const there: LiveSketch = {
    ...people,
    memberships: ["Admins/a", "Admins/b"],
    assignments: [`${prod}/Admin/group:Admins`, `${prod}/Admin/user:a`, `${prod}/Admin/user:c`],
  };
  const verdicts = (memberships: string[], assignments: string[], live = there) => {
    const made = plan({ ...people, memberships, assignments, managedMembers: ["Admins"], guards }, live);
    return [...made.guards.map(({ guard }) => guard), ...made.warnings.map(({ code }) => code)];
  };

  it("people count once, however they have it", () => {
    expect(verdicts(["Admins/a", "Admins/b"], [`${prod}/Admin/group:Admins`])).toEqual([]);
    expect(verdicts(["Admins/a"], [`${prod}/Admin/group:Admins`, `${prod}/Admin/user:a`])).toEqual([
      "min-administrators",
    ]);
  });

  it("nor does what a condition or an unknown policy may keep from being administrator access", () => {
    const onlySometimes = policy({
      Version: "2012-10-17",
      Statement: {
        Effect: "Allow",
        Action: "*",
        Resource: "*",
        Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } },
      },
    });
    const customer = [{ name: "AdministratorAccess", path: "/" }];
    for (const set of [{ inlinePolicy: onlySometimes }, { customerManagedPolicies: customer }]) {
      const permissionSets = [admin, { name: "Dev", ...set }];
      const wanted = { ...people, permissionSets, assignments: [`${prod}/Dev/group:Admins`], guards };
      const made = plan({ ...wanted, memberships: ["Admins/a", "Admins/b"] }, { ...there, permissionSets });
      expect(made.guards.map(({ guard }) => guard)).toEqual(["min-administrators"]);
    }
  });

  it("a customer managed policy that the plan adds to their set may take it", () => {
    const limited = { ...admin, customerManagedPolicies: [{ name: "Limits", path: "/" }] };
    const judge = (before: LiveSketch["permissionSets"], after: DesiredSketch["permissionSets"]) =>
      plan(
        { ...there, permissionSets: after ?? [], guards },
        { ...there, permissionSets: before ?? [] },
      ).guards.map(({ guard, args }) => [guard, args.unread]);
    const doubt = ["what permission set Admin leaves"];
    expect(judge([admin, "Dev"], [limited, "Dev"])).toEqual([["min-administrators", doubt]]);
    expect(judge([limited, "Dev"], [{ ...limited, sessionDuration: 7200 }, "Dev"])).toEqual([]);
  });

  it("other access does not count", () => {
    expect(verdicts(["Admins/a", "Admins/b"], [`${prod}/Dev/group:Admins`])).toEqual(["min-administrators"]);
  });

  it("too few already: a warning, until it gets worse", () => {
    const live = { ...there, memberships: ["Admins/a"], assignments: [`${prod}/Admin/group:Admins`] };
    expect(verdicts(["Admins/a"], [`${prod}/Admin/group:Admins`], live)).toEqual(["too-few-administrators"]);
    expect(verdicts([], [`${prod}/Admin/group:Admins`], live)).toEqual(["min-administrators"]);
    expect(verdicts(["Admins/a", "Admins/b"], [`${prod}/Admin/group:Admins`], live)).toEqual([]);
  });

  it("counts the people that are missing, and names who is left", () => {
    const args = (memberships: string[]) =>
      plan(
        {
          ...people,
          memberships,
          assignments: [`${prod}/Admin/group:Admins`],
          managedMembers: ["Admins"],
          guards,
        },
        there,
      ).guards.find(({ guard }) => guard === "min-administrators")?.args;
    expect(args(["Admins/a"])).toMatchObject({ count: 1, population: 1, limit: 2, principals: ["user:a"] });
    expect(args([])).toMatchObject({ count: 2, population: 0, limit: 2, principals: [] });
  });

  it("people that could not be read may be lost", () => {
    const unread = [{ scope: "membership/Admins/*", reason: "denied" }];
    const assignments = [`${prod}/Admin/group:Admins`, `${prod}/Admin/user:a`];
    const live = { ...there, memberships: [], assignments, unread };
    expect(verdicts([], [`${prod}/Admin/user:a`], live)).toContain("min-administrators");
    expect(verdicts([], [`${prod}/Admin/user:a`], live)).not.toContain("too-few-administrators");
    expect(verdicts([], assignments, live)).not.toContain("too-few-administrators");
  });
});
