import { describe, expect, test } from "vitest";
import type { AccountSelection } from "../../../src/generated/manifest.ts";
import { selectAccounts } from "../../../src/manifest/select-accounts.ts";
import { checkAccountNames, makeAccountDirectory } from "../../../src/manifest/select-directory.ts";
import type { Organization } from "../../../src/model/organization.ts";
import { account, at, brief, loaded, organizationOf, unreadable } from "./resolve-support.ts";

const id = (digit: number | string): string => String(digit).repeat(12);

const acme = organizationOf([
  account(id(0), "management"),
  account(id(1), "production", {
    organizationalUnits: ["Workloads", "Prod"],
    tags: { env: "prod", tier: "1" },
  }),
  account(id(2), "development", { organizationalUnits: ["Workloads", "Dev"], tags: { env: "dev" } }),
  account(id(3), "staging", {
    organizationalUnits: ["Workloads", "Dev", "Shared"],
    tags: { env: "dev", tier: "1" },
  }),
  account(id(4), "sandbox-a", { organizationalUnits: ["Sandbox"] }),
  account(id(5), "sandbox-b", { organizationalUnits: ["Sandbox"], tags: { env: "" } }),
  account(id(6), "closing", { organizationalUnits: ["Sandbox"], state: "SUSPENDED", tags: null }),
  account(id(7), "twin", { organizationalUnits: ["Sandbox", "Dev"] }),
  account(id(8), "twin", { organizationalUnits: ["Sandbox", "Dev"] }),
]);

const aliases = { prod: id(1), gone: id(9) };

const select = (selection: AccountSelection, organization: Organization = acme, names = aliases) =>
  selectAccounts(selection, makeAccountDirectory(organization, names), ["a"], loaded({}));

/** First digits of the ids. */
const digits = (ids: readonly string[]): string => ids.map((one) => one[0]).join("");

describe("what a selection comes to", () => {
  test.each<[string, AccountSelection, string]>([
    ["a name", "production", "1"],
    ["an id", id(2), "2"],
    ["a name under accounts", "prod", "1"],
    ["one account by three names counts once", ["prod", "production", id(1)], "1"],
    ["a list is a union, in order of ids", ["staging", "development"], "23"],
    ["a glob over names", "sandbox-*", "45"],
    ["a glob over names under accounts", "pro?", "1"],
    ["a glob over both", "pro*", "1"],
    ["every account", "*", "01234578"],
    ["names in a selector", { names: ["production", "sandbox-?"] }, "145"],
    ["a unit with the nested ones", { ou: "Workloads/Dev" }, "23"],
    ["a unit alone", { ou: { path: "Workloads/Dev", recursive: false } }, "2"],
    ["a unit that holds units only", { ou: "Workloads" }, "123"],
    ["slashes around a path", { ou: "/Workloads/Dev/" }, "23"],
    ["a path from Root", { ou: "Root/Workloads/Prod" }, "1"],
    ["a unit of one name in another parent", { ou: "Sandbox/Dev" }, "78"],
    ["the root", { ou: "/" }, "01234578"],
    ["the root alone", { ou: { path: "/", recursive: false } }, "0"],
    ["Root", { ou: { path: "Root", recursive: false } }, "0"],
    ["a tag", { tags: { env: "dev" } }, "23"],
    ["any of the values", { tags: { env: ["dev", "prod"] } }, "123"],
    ["all of the tags", { tags: { env: ["dev", "prod"], tier: "1" } }, "13"],
    ["an empty value", { tags: { env: "" } }, "5"],
    ["all of the keys", { ou: "Workloads", tags: { tier: "1" }, names: ["s*", "p*"] }, "13"],
    ["except a name", { names: ["sandbox-*"], except: ["sandbox-a"] }, "5"],
    ["except a glob", { ou: "Workloads", except: ["*ing"] }, "12"],
    ["except an id and a selector", { ou: "/", except: [id(0), { ou: "Sandbox" }] }, "123"],
    [
      "except with an exception",
      { ou: "Workloads", except: [{ ou: "Workloads/Dev", except: ["staging"] }] },
      "13",
    ],
    ["except does not reach other items", [{ ou: "Workloads", except: ["production"] }, "production"], "123"],
    ["nothing, where it may be", { names: ["nothing-*"], allowEmpty: true }, ""],
    ["nothing left, where it may be", { names: ["prod"], except: ["prod"], allowEmpty: true }, ""],
  ])("%s", (_, selection, expected) => {
    const { ids, findings } = select(selection);
    expect({ ids: digits(ids), findings }).toEqual({ ids: expected, findings: [] });
  });

  test("accounts that are not active are told, not selected", () => {
    const { ids, inactive, findings } = select({ ou: "Sandbox" });
    expect([digits(ids), inactive.map(({ name }) => name), findings]).toEqual(["4578", ["closing"], []]);
  });

  test("one of several names may be an account that is not active", () => {
    const { ids, inactive, findings } = select(["production", "closing"]);
    expect([digits(ids), inactive.length, findings]).toEqual(["1", 1, []]);
  });

  test("ids and names under accounts need no Organizations", () => {
    const { ids, findings } = select(
      ["prod", id(3), { names: ["prod"], except: [id(4)] }],
      unreadable([id(1)]),
    );
    expect([digits(ids), findings]).toEqual(["13", []]);
  });
});

describe("what cannot be resolved is an error", () => {
  const slashed = organizationOf([
    account(id(1), "one", { organizationalUnits: ["A/B"] }),
    account(id(2), "two", { organizationalUnits: ["A", "B"] }),
  ]);
  const unplaced = organizationOf([account(id(1), "one", { organizationalUnits: null, tags: null })]);
  const unread = organizationOf([account(id(1), "one")], { tagsRead: false, organizationalUnitsRead: false });

  test.each<[string, AccountSelection, string, RegExp, Organization?]>([
    ["an unknown name", "prodction", "unknown-account a", /did you mean 'prod(uction)?'/],
    ["a name in another case", "Production", "unknown-account a", /did you mean 'production'/],
    ["one of several", ["production", "nobody knows this"], "unknown-account a.1", /write the id/],
    ["one of the names", { names: ["production", "prodction"] }, "unknown-account a.names.1", /did you mean/],
    ["an unknown id", "111111111112", "unknown-account a", /did you mean 111111111111/],
    ["a name under accounts whose id is unknown", "gone", "unknown-account a", /check the id/],
    ["a glob over such a name alone", "gon*", "selector-matches-nothing a", /allowEmpty/],
    ["a name of two accounts", "twin", "ambiguous-account a", /write the id/],
    ["a glob without a match", "nothing-*", "selector-matches-nothing a", /allowEmpty/],
    [
      "a glob in names without a match",
      { names: ["prod", "x-*"] },
      "selector-matches-nothing a.names.1",
      /allowEmpty/,
    ],
    [
      "keys that have nothing in common",
      { ou: "Sandbox", tags: { env: "prod" } },
      "selector-matches-nothing a",
      /allowEmpty/,
    ],
    ["nothing left", { names: ["prod"], except: ["production"] }, "selector-matches-nothing a", /allowEmpty/],
    ["only suspended accounts", "closing", "selector-matches-nothing a", /take the accounts out/],
    [
      "an unknown unit",
      { ou: "Workload/Dev" },
      "unknown-organizational-unit a.ou",
      /did you mean 'Workloads\/Dev'/,
    ],
    [
      "a unit in another case",
      { ou: "workloads/dev" },
      "unknown-organizational-unit a.ou",
      /did you mean 'Workloads\/Dev'/,
    ],
    [
      "a unit without its parents",
      { ou: "Prod" },
      "unknown-organizational-unit a.ou",
      /did you mean 'Workloads\/Prod'/,
    ],
    ["a unit like no other", { ou: "Zzzzzzzzz" }, "unknown-organizational-unit a.ou", /Workloads\/Dev/],
    [
      "a path that can be read twice",
      { ou: "A/B" },
      "ambiguous-organizational-unit a.ou",
      /rename one/,
      slashed,
    ],
    ["an account whose unit is not known", { ou: "/" }, "organizational-units-not-read a.ou", /./, unplaced],
    [
      "an account whose tags are not known",
      { tags: { a: "b" } },
      "account-tags-not-read a.tags",
      /./,
      unplaced,
    ],
    ["units that were not read", { ou: "/" }, "organizational-units-not-read a.ou", /./, unread],
    ["tags that were not read", { tags: { a: "b" } }, "account-tags-not-read a.tags", /./, unread],
    [
      "an unknown name in except",
      { ou: "/", except: ["sandbox-x"] },
      "unknown-account a.except.0",
      /did you mean/,
    ],
    [
      "an unknown unit in except",
      { ou: "/", except: [{ ou: "Sandbx" }] },
      "unknown-organizational-unit a.except.0.ou",
      /did you mean/,
    ],
    ["a name without Organizations", "production", "accounts-not-read a", /write ids/, unreadable([id(1)])],
    ["a glob without Organizations", "pro*", "accounts-not-read a", /write ids/, unreadable([id(1)])],
    [
      "a glob in except without Organizations",
      { names: ["prod"], except: ["x*"] },
      "accounts-not-read a.except.0",
      /./,
      unreadable([id(1)]),
    ],
    [
      "a unit without Organizations",
      { ou: "/" },
      "organizational-units-not-read a.ou",
      /./,
      unreadable([id(1)]),
    ],
    [
      "tags without Organizations",
      { tags: { a: "b" } },
      "account-tags-not-read a.tags",
      /./,
      unreadable([id(1)]),
    ],
  ])("%s", (_, selection, expected, hint, organization) => {
    const { findings } = select(selection, organization);
    expect(brief(findings)).toEqual([`error ${expected}`]);
    expect(`${findings[0]?.hint} ${findings[0]?.message}`).toMatch(hint);
  });

  test("all of them come at once", () => {
    expect(brief(select(["x-*", "nobody", { ou: "Nowhere" }]).findings)).toHaveLength(3);
  });

  test("two accounts of one name are told by their ids", () => {
    expect(select("twin").findings[0]?.message).toContain(`${id(7)}, ${id(8)}`);
  });

  test("a selector that matches nothing says what its keys match alone", () => {
    const [finding] = select({ ou: "Sandbox", names: ["prod"], tags: { env: "dev" } }).findings;
    expect(finding?.message).toContain("names 1, ou 5, tags 2");
  });

  test("suspended accounts are told with their state", () => {
    expect(select("closing").findings[0]?.message).toContain(`${id(6)} is SUSPENDED`);
  });
});

describe("what is worth a warning", () => {
  test.each<[string, AccountSelection, string, string]>([
    [
      "an exception that matches nothing",
      { ou: "Workloads", except: ["x-*"] },
      "except-matches-nothing a.except.0",
      "123",
    ],
    [
      "an excepted selector that matches nothing",
      { ou: "Workloads", except: [{ tags: { env: "x" } }] },
      "except-matches-nothing a.except.0",
      "123",
    ],
    [
      "an unknown unit that may be empty",
      { ou: "Sandbx", allowEmpty: true },
      "unknown-organizational-unit a.ou",
      "",
    ],
  ])("%s", (_, selection, expected, ids) => {
    const selected = select(selection);
    expect([brief(selected.findings), digits(selected.ids)]).toEqual([[`warning ${expected}`], ids]);
  });

  test("an excepted selector that may be empty is worth none", () => {
    expect(select({ ou: "Workloads", except: [{ tags: { env: "x" }, allowEmpty: true }] }).findings).toEqual(
      [],
    );
  });
});

describe("checkAccountNames", () => {
  const check = (names: Record<string, string>) =>
    checkAccountNames(makeAccountDirectory(acme, names), loaded({}));

  test("a name that is another account's in Organizations is an error", () => {
    const [finding] = check({ production: id(2) });
    expect(finding).toMatchObject({
      code: "account-name-conflict",
      severity: "error",
      position: at("accounts.production"),
    });
    expect(finding?.message).toContain(id(1));
  });

  test("the same name for the same account is none, and so is one of twins", () => {
    expect(check({ production: id(1), twin: id(8), other: id(2) })).toEqual([]);
  });

  test("a name of an account that is gone is worth a warning", () => {
    expect(brief(check({ gone: id(9) }))).toEqual(["warning unknown-account accounts.gone"]);
    expect(checkAccountNames(makeAccountDirectory(unreadable([]), { gone: id(9) }), loaded({}))).toEqual([]);
  });
});
