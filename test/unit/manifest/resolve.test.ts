import { describe, expect, test } from "vitest";
import type { Manifest } from "../../../src/generated/manifest.ts";
import type { DesiredState } from "../../../src/model/desired-state.ts";
import { defaultGuards } from "../../../src/model/guards.ts";
import { at, desiredOf, resolveWith } from "./resolve-support.ts";

describe("an empty manifest", () => {
  test("desires nothing, with every default", () => {
    expect(desiredOf({})).toEqual({
      manifest: { name: null, digest: "d1" },
      state: {
        users: new Map(),
        groups: new Map(),
        memberships: new Map(),
        permissionSets: new Map(),
        assignments: new Map(),
      },
      scope: {
        modes: {
          users: "declared",
          groups: "declared",
          memberships: "declared",
          permissionSets: "declared",
          assignments: "declared",
        },
        external: { users: new Set(), groups: new Set(), permissionSets: new Set() },
        managedMembers: new Set(),
        removed: { users: new Map(), groups: new Map(), permissionSets: new Map() },
        previously: { groups: new Map(), permissionSets: new Map() },
        ignore: [],
        builtInRules: true,
        guards: defaultGuards,
      },
      origins: new Map(),
      skipped: [],
      findings: [],
    });
  });
});

describe("users and groups", () => {
  const { state, scope, origins } = desiredOf({
    users: { "jane.doe": { givenName: "Jane", email: null }, amara: { external: true } },
    groups: {
      Devs: { description: "Developers", members: ["jane.doe", "amara"], previously: ["Old", "Older"] },
      Empty: { members: null },
      None: { members: [] },
      Open: { description: null },
      Idp: { external: true },
    },
  });

  test("carry what is managed, and nothing else", () => {
    expect(state.users.get("jane.doe")).toEqual({
      userName: "jane.doe",
      attributes: { givenName: "Jane", "email.value": null, "email.type": null, "email.primary": null },
    });
    expect([...state.groups.values()]).toEqual([
      { displayName: "Devs", description: "Developers" },
      { displayName: "Empty" },
      { displayName: "None" },
      { displayName: "Open", description: null },
    ]);
  });

  test("external ones are names only", () => {
    expect(scope.external).toEqual({
      users: new Set(["amara"]),
      groups: new Set(["Idp"]),
      permissionSets: new Set(),
    });
  });

  test("members are managed where they are present, none too", () => {
    expect([...state.memberships.keys()]).toEqual(["membership/Devs/jane.doe", "membership/Devs/amara"]);
    expect(scope.managedMembers).toEqual(new Set(["Devs", "Empty", "None"]));
  });

  test("earlier names are kept in order", () => {
    expect(scope.previously.groups).toEqual(new Map([["Devs", ["Old", "Older"]]]));
  });

  test("each has its place", () => {
    expect(
      Object.fromEntries([...origins].map(([address, { position }]) => [address, position.file])),
    ).toEqual({
      "user/jane.doe": "users.jane.doe",
      "user/amara": "users.amara",
      "group/Devs": "groups.Devs",
      "membership/Devs/jane.doe": "groups.Devs.members.0",
      "membership/Devs/amara": "groups.Devs.members.1",
      "group/Empty": "groups.Empty",
      "group/None": "groups.None",
      "group/Open": "groups.Open",
      "group/Idp": "groups.Idp",
    });
  });
});

describe("permission sets", () => {
  const setOf = (
    set: NonNullable<Manifest["permissionSets"]>[string],
    more: Omit<Manifest, "version"> = {},
  ) => desiredOf({ permissionSets: { S: set }, ...more }).state.permissionSets.get("S");

  test("have a value for everything that grants or limits access", () => {
    expect(setOf({})).toEqual({
      name: "S",
      sessionDuration: 3600,
      relayState: null,
      managedPolicies: [],
      customerManagedPolicies: [],
      inlinePolicy: null,
      permissionsBoundary: null,
      owner: null,
    });
  });

  test("null is none", () => {
    const empty = {
      relayState: null,
      managedPolicies: null,
      customerManagedPolicies: null,
      inlinePolicy: null,
      permissionsBoundary: null,
    };
    expect(setOf({ ...empty, tags: null })).toEqual({ ...setOf({}), tags: {} });
  });

  test("take what is declared", () => {
    const document = { Version: "2012-10-17", Statement: { Effect: "Allow", Action: "S3:*", Resource: "*" } };
    const set = {
      description: "All",
      sessionDuration: "PT90M",
      relayState: "https://x",
      managedPolicies: [
        "job-function/Billing",
        "AdministratorAccess",
        "arn:aws:iam::aws:policy/AdministratorAccess",
      ],
      customerManagedPolicies: [{ name: "b" }, { name: "c", path: "/a/" }, { name: "a" }],
      permissionsBoundary: { managedPolicy: "PowerUserAccess" },
      tags: { team: "x" },
    };
    const { state, origins } = desiredOf(
      { name: "acme", permissionSets: { S: set } },
      { policies: { S: document } },
    );
    expect(state.permissionSets.get("S")).toEqual({
      name: "S",
      description: "All",
      sessionDuration: 5400,
      relayState: "https://x",
      managedPolicies: [
        "arn:aws:iam::aws:policy/AdministratorAccess",
        "arn:aws:iam::aws:policy/job-function/Billing",
      ],
      customerManagedPolicies: [
        { name: "a", path: "/" },
        { name: "b", path: "/" },
        { name: "c", path: "/a/" },
      ],
      inlinePolicy: {
        canonical: {
          Version: "2012-10-17",
          Statement: [{ Action: ["s3:*"], Effect: "Allow", Resource: ["*"] }],
        },
        text: JSON.stringify(document),
      },
      permissionsBoundary: { managedPolicyArn: "arn:aws:iam::aws:policy/PowerUserAccess" },
      tags: { team: "x" },
      owner: "acme",
    });
    expect(origins.get("permissionSet/S")).toEqual({ position: at("permissionSets.S") });
  });

  test("a boundary can be customer managed", () => {
    expect(
      setOf({ permissionsBoundary: { customerManagedPolicy: { name: "B" } } })?.permissionsBoundary,
    ).toEqual({ customerManagedPolicy: { name: "B", path: "/" } });
  });

  test("the default session duration comes second", () => {
    const defaults = { sessionDuration: "PT8H" };
    expect(setOf({}, { defaults })?.sessionDuration).toBe(28_800);
    expect(setOf({ sessionDuration: "PT2H" }, { defaults })?.sessionDuration).toBe(7200);
  });

  test("short names of policies are in the partition of the instance", () => {
    const value = { permissionSets: { S: { managedPolicies: ["X"] } } };
    const arn = (desired: DesiredState) => desired.state.permissionSets.get("S")?.managedPolicies[0];
    expect(arn(desiredOf(value, { partition: "aws-cn" }))).toBe("arn:aws-cn:iam::aws:policy/X");
    const instance = { arn: "arn:aws-us-gov:sso:::instance/ssoins-1234567890abcdef" };
    expect(arn(desiredOf({ ...value, instance }))).toBe("arn:aws-us-gov:iam::aws:policy/X");
  });

  test("external ones are names only", () => {
    const { state, scope } = desiredOf({ permissionSets: { S: { external: true } } });
    expect([state.permissionSets.size, scope.external.permissionSets]).toEqual([0, new Set(["S"])]);
  });

  test.each<NonNullable<Manifest["permissionSets"]>[string]>([
    { sessionDuration: "PX" },
    { managedPolicies: ["a b"] },
    { permissionsBoundary: { managedPolicy: "a b" } },
  ])("%j, which loading refuses, is never read as something else", (set) => {
    expect(() => resolveWith({ permissionSets: { S: set } })).toThrow("not checked on loading");
  });
});
