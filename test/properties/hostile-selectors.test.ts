/** Selectors and account names of any kind: an answer or a coded finding, in time that grows no faster than they do. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AccountItem } from "../../src/generated/manifest.ts";
import { selectAccounts } from "../../src/manifest/select-accounts.ts";
import { makeAccountDirectory } from "../../src/manifest/select-directory.ts";
import { globMatcher } from "../../src/model/glob.ts";
import type { Account } from "../../src/model/organization.ts";
import { account, loaded, organizationOf, unreadable } from "../unit/manifest/resolve-support.ts";

const name = fc.oneof(
  fc.constantFrom(
    "",
    "a",
    "A",
    "*",
    "?",
    "**",
    "[a]",
    "a/b",
    "/",
    "//",
    "111111111111",
    "11111111111",
    "__proto__",
    "constructor",
    "toString",
    "\u001b[31m",
    "\u202e",
    "\ud800",
    "e\u0301",
    "\u00e9",
    "prod*",
    "x".repeat(1024),
  ),
  fc.string({ unit: "binary", maxLength: 12 }),
);
const unit = fc.oneof(name, fc.record({ path: name, recursive: fc.boolean() }));
const tags = fc.dictionary(name, fc.oneof(name, fc.array(name, { minLength: 1, maxLength: 3 })), {
  minKeys: 1,
  maxKeys: 3,
});
const item: fc.Arbitrary<AccountItem> = fc.letrec<{ item: AccountItem }>((tie) => ({
  item: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    name,
    fc.record(
      {
        names: fc.array(name, { minLength: 1, maxLength: 3 }),
        ou: unit,
        tags,
        allowEmpty: fc.boolean(),
        except: fc.array(tie("item"), { minLength: 1, maxLength: 3 }),
      },
      { requiredKeys: [] },
    ) as fc.Arbitrary<AccountItem>,
  ),
})).item;

const accounts: fc.Arbitrary<Account[]> = fc
  .array(
    fc.record({
      name,
      organizationalUnits: fc.option(fc.array(name, { maxLength: 3 })),
      tags: fc.option(fc.dictionary(name, name, { maxKeys: 3 })),
      state: fc.constantFrom("ACTIVE" as const, "SUSPENDED" as const, "UNKNOWN" as const),
    }),
    { maxLength: 6 },
  )
  .map((list) =>
    list.map(({ name: called, ...more }, index) => account(String(index).repeat(12), called, more)),
  );

describe("any selector over any accounts", () => {
  it("selects active accounts that are there, or says what is wrong", () => {
    const known = fc.dictionary(name, fc.constantFrom("000000000000", "111111111111", "999999999999"), {
      maxKeys: 3,
    });
    fc.assert(
      fc.property(
        fc.array(item, { minLength: 1, maxLength: 3 }),
        accounts,
        known,
        fc.boolean(),
        (selection, list, ids, isRead) => {
          const organization = isRead ? organizationOf(list) : unreadable(list.map(({ id }) => id));
          const { ids: selected, findings } = selectAccounts(
            selection,
            makeAccountDirectory(organization, ids),
            [],
            loaded({}),
          );
          const there = new Set([...organization.accounts.keys(), ...Object.values(ids)]);
          // Where Organizations was not read, an id that is written out stands for itself.
          if (!isRead) for (const id of JSON.stringify(selection).match(/\d{12}/g) ?? []) there.add(id);
          for (const id of selected) expect(there).toContain(id);
          expect(selected).toEqual([...new Set(selected)].sort());
          for (const { code, message } of findings)
            expect([code, message]).toEqual([expect.stringMatching(/^[a-z-]+$/), expect.stringMatching(/./)]);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe("a glob", () => {
  const alphabet = fc.string({ unit: fc.constantFrom("a", "b", "*", "?", "😀", "\n", "."), maxLength: 10 });
  it("matches what the expression of the same meaning does", () => {
    fc.assert(
      fc.property(alphabet, alphabet, (glob, text) => {
        const expression = glob.replace(
          /[.*?]/g,
          (each) => ({ ".": "\\.", "*": ".*", "?": "." })[each] ?? each,
        );
        expect(globMatcher(glob)(text)).toBe(new RegExp(`^${expression}$`, "su").test(text));
      }),
      { numRuns: 2000 },
    );
  });
  it("of stars without end ends", () => {
    expect(globMatcher("*a".repeat(500))("a".repeat(20_000) + "b")).toBe(false);
    expect(globMatcher("*?".repeat(500))("a".repeat(20_000))).toBe(true);
  });
});

it("a name that nobody bears, among thousands of long ones, is looked up and told", () => {
  const list = Array.from({ length: 5000 }, (_, index) =>
    account(String(index).padStart(12, "0"), `${"n".repeat(1000)}${index}`),
  );
  const directory = makeAccountDirectory(organizationOf(list), {});
  const selection = Array.from({ length: 20 }, (_, index) => `${"n".repeat(1000)}x${index}`);
  const { ids, findings } = selectAccounts(selection, directory, [], loaded({}));
  expect([ids, findings.length]).toEqual([[], 20]);
});
