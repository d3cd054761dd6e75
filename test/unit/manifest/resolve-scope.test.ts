import { describe, expect, test } from "vitest";
import type { Manifest } from "../../../src/generated/manifest.ts";
import { requirements } from "../../../src/manifest/resolve.ts";
import { defaultGuards } from "../../../src/model/guards.ts";
import { at, brief, desiredOf, dev, loaded, prod, resolveWith, unreadable } from "./resolve-support.ts";

describe("scope", () => {
  test("a mode for everything", () => {
    expect(Object.values(desiredOf({ mode: "additive" }).scope.modes)).toEqual(Array(5).fill("additive"));
  });

  test("what AWS's own services make is left alone unless the manifest says otherwise", () => {
    expect(desiredOf({}).scope.builtInRules).toBe(true);
    expect(desiredOf({ builtInRules: false }).scope.builtInRules).toBe(false);
  });

  test("a mode for each kind", () => {
    const mode = { default: "exclusive", users: "additive" } as const;
    expect(desiredOf({ mode }).scope.modes).toMatchObject({ users: "additive", groups: "exclusive" });
    expect(desiredOf({ mode: { users: "additive" } }).scope.modes).toMatchObject({
      users: "additive",
      assignments: "declared",
    });
  });

  test("removals with their places", () => {
    const removed = { users: ["a", "b"], groups: ["g"], permissionSets: ["s"] };
    expect(desiredOf({ removed }).scope.removed).toEqual({
      users: new Map([
        ["a", at("removed.users.0")],
        ["b", at("removed.users.1")],
      ]),
      groups: new Map([["g", at("removed.groups.0")]]),
      permissionSets: new Map([["s", at("removed.permissionSets.0")]]),
    });
  });

  test("guards as declared, with the defaults of the rest", () => {
    const guards = { maxRemovals: { percent: 5 }, protect: ["permissionSet/*"] };
    expect(desiredOf({ guards }).scope.guards).toEqual({
      ...defaultGuards,
      maxRemovals: { percent: 5, floor: 10 },
      protect: ["permissionSet/*"],
    });
  });

  test("ignore rules without those that have expired", () => {
    const ignore = [
      { permissionSets: ["AWS*"], groups: ["AWS*"], reason: "theirs", until: "2027-01-01T00:00:00Z" },
      { users: ["u"], reason: "over", until: "2026-06-01T00:00:00Z" },
    ];
    expect(desiredOf({ ignore }).scope.ignore).toEqual([
      { permissionSets: ["AWS*"], groups: ["AWS*"], reason: "theirs", position: at("ignore.0") },
    ]);
  });

  test("accounts in ignore rules may go by their names in the manifest", () => {
    const value = {
      accounts: { "my-prod": prod, "my-dev": dev },
      ignore: [{ accounts: ["my*", "old"], reason: "r" }],
    };
    expect(desiredOf(value).scope.ignore[0]?.accounts).toEqual(["my*", "old", prod, dev]);
  });

  test("an ignored account that does not exist is worth a warning, a pattern is not", () => {
    const { findings } = desiredOf({
      ignore: [{ accounts: ["production", "prodction", "x-*"], reason: "r" }],
    });
    expect(brief(findings)).toEqual(["warning unknown-account ignore.0.accounts.1"]);
  });

  test("an ignored account that cannot be looked up is an error", () => {
    const { desired, findings } = resolveWith(
      { ignore: [{ accounts: [prod, "log-*"], reason: "r" }] },
      {},
      unreadable([]),
    );
    expect([desired, brief(findings)]).toEqual([null, ["error accounts-not-read ignore.0.accounts.1"]]);
  });

  test("a name under accounts that is another account's in Organizations stops everything", () => {
    const { desired, findings } = resolveWith({ accounts: { production: dev } });
    expect([desired, brief(findings)]).toEqual([null, ["error account-name-conflict accounts.production"]]);
  });
});

describe("requirements", () => {
  const nothing = {
    organization: false,
    organizationalUnits: false,
    accountTags: false,
    permissionSetTags: false,
  };
  const select = (accounts: NonNullable<Manifest["assignments"]>[number]["accounts"]) => ({
    accounts: { mine: prod },
    assignments: [{ groups: ["G"], permissionSets: ["S"], accounts }],
  });

  test.each<[string, Omit<Manifest, "version">, Partial<typeof nothing>]>([
    ["nothing", {}, {}],
    ["ids and names under accounts", select(["mine", dev, { names: ["mine"], except: [dev] }]), {}],
    ["a name", select("production"), { organization: true }],
    ["a glob", select("m*"), { organization: true }],
    ["a name in names", select({ names: ["production"] }), { organization: true }],
    ["a name in except", select([{ names: ["mine"], except: ["production"] }]), { organization: true }],
    ["a unit", select({ ou: "/" }), { organization: true, organizationalUnits: true }],
    [
      "tags in except",
      select({ names: ["mine"], except: [{ tags: { a: "b" } }] }),
      { organization: true, accountTags: true },
    ],
    ["a name in an ignore rule", { ignore: [{ accounts: ["x"], reason: "r" }] }, { organization: true }],
    ["an id in an ignore rule", { ignore: [{ accounts: [prod], reason: "r" }] }, {}],
    ["tags of a set", { permissionSets: { S: { tags: null } } }, { permissionSetTags: true }],
    ["sets without tags", { permissionSets: { S: {} } }, {}],
    ["the owner mark", { name: "acme" }, { permissionSetTags: true }],
  ])("%s", (_, value, expected) => {
    expect(requirements(loaded(value))).toEqual({ ...nothing, ...expected });
  });
});
