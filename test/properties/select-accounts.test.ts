import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { AccountItem, AccountSelection, AccountSelector } from "../../src/generated/manifest.ts";
import { selectAccounts } from "../../src/manifest/select-accounts.ts";
import { makeAccountDirectory } from "../../src/manifest/select-directory.ts";
import { type Account, isSelectable } from "../../src/model/organization.ts";
import { account, loaded, organizationOf } from "../unit/manifest/resolve-support.ts";

const units = [[], ["A"], ["A", "B"], ["A", "B", "A"], ["B"]];
const accounts: fc.Arbitrary<Account[]> = fc
  .array(
    fc.record({
      organizationalUnits: fc.constantFrom(...units),
      tags: fc.constantFrom<Record<string, string>>({}, { env: "dev" }, { env: "prod", tier: "1" }),
      state: fc.constantFrom("ACTIVE" as const, "ACTIVE" as const, "SUSPENDED" as const),
    }),
    { minLength: 3, maxLength: 9 },
  )
  .map((list) =>
    list.map((more, index) => account(String(index + 1).repeat(12), `${"abc"[index % 3]}${index}`, more)),
  );

/** Nothing in these can be unknown, and all may be empty: they are about sets. */
const leaf = fc.constantFrom<AccountSelector>(
  { names: ["a*"] },
  { names: ["b*", "c?"] },
  { names: ["*"] },
  { ou: "/" },
  { ou: { path: "/", recursive: false } },
  { tags: { env: "dev" } },
  { tags: { env: ["dev", "prod"] } },
  { names: ["a*", "b*"], tags: { tier: "1" } },
);
const selector: fc.Arbitrary<AccountSelector> = fc
  .tuple(leaf, fc.array(leaf, { maxLength: 2 }))
  .map(([one, except]) => ({
    ...one,
    ...(except.length === 0 ? {} : { except: except.map((item) => ({ ...item, allowEmpty: true })) }),
    allowEmpty: true,
  }));
const items = fc.array(selector, { minLength: 1, maxLength: 3 });

const idsOf = (selection: AccountSelection, list: readonly Account[]): readonly string[] => {
  const directory = makeAccountDirectory(organizationOf(list), {});
  const { ids, findings } = selectAccounts(selection, directory, [], loaded({}));
  expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);
  return ids;
};

const sorted = (ids: Iterable<string>): string[] => [...new Set(ids)].sort();

test("the order of accounts and of items changes nothing", () => {
  fc.assert(
    fc.property(accounts, items, (list, selection) => {
      const expected = idsOf(selection, list);
      expect(idsOf(selection, list.toReversed())).toEqual(expected);
      expect(idsOf(selection.toReversed(), list)).toEqual(expected);
    }),
  );
});

test("a list selects what its items select", () => {
  fc.assert(
    fc.property(accounts, items, (list, selection: AccountItem[]) => {
      expect(idsOf(selection, list)).toEqual(sorted(selection.flatMap((item) => idsOf(item, list))));
    }),
  );
});

test("except takes away what it selects, active or not, and nothing else", () => {
  fc.assert(
    fc.property(accounts, leaf, leaf, (list, one, other) => {
      const out = new Set(idsOf({ ...other, allowEmpty: true }, list));
      const rest = idsOf({ ...one, allowEmpty: true }, list).filter((id) => !out.has(id));
      const except = [{ ...other, allowEmpty: true }];
      expect(idsOf({ ...one, except, allowEmpty: true }, list)).toEqual(rest);
    }),
  );
});

test("keys together select what each of them selects", () => {
  const keys = fc.record<Required<Pick<AccountSelector, "names" | "ou" | "tags">>>({
    names: fc.constantFrom<string[]>(["a*"], ["b*", "c*"], ["*"]),
    ou: fc.constantFrom("/", { path: "/", recursive: false }),
    tags: fc.constantFrom<Record<string, string>>({ env: "dev" }, { tier: "1" }),
  });
  fc.assert(
    fc.property(accounts, keys, (list, { names, ou, tags }) => {
      const alone = [{ names }, { ou }, { tags }].map(
        (one) => new Set(idsOf({ ...one, allowEmpty: true }, list)),
      );
      const both = list.map(({ id }) => id).filter((id) => alone.every((ids) => ids.has(id)));
      expect(idsOf({ names, ou, tags, allowEmpty: true }, list)).toEqual(sorted(both));
    }),
  );
});

test("nothing but active accounts is ever selected", () => {
  fc.assert(
    fc.property(accounts, items, (list, selection) => {
      const active = new Set(list.filter(isSelectable).map(({ id }) => id));
      for (const id of idsOf(selection, list)) expect(active).toContain(id);
    }),
  );
});
