import { describe, expect, it } from "vitest";
import { readOrganization } from "../../../src/live/organization.ts";
import { AwsError } from "../../../src/model/errors.ts";
import type { ListedAccount, OrganizationsReader } from "../../../src/model/ports.ts";
import type { Progress } from "../../../src/model/progress.ts";

const account = (
  id: string,
  path: readonly string[] | null,
  state: ListedAccount["state"] = "ACTIVE",
): ListedAccount => ({
  id,
  name: `account ${id}`,
  state,
  path,
});

const accounts = [
  account("1", ["r-1"]),
  account("2", ["r-1", "ou-w", "ou-d"]),
  account("3", ["r-1", "ou-w"], "SUSPENDED"),
];

const units: Readonly<Record<string, readonly { id: string; name: string }[]>> = {
  "r-1": [{ id: "ou-w", name: "Workloads" }],
  "ou-w": [{ id: "ou-d", name: "Dev" }],
};

const fake = (changes: Partial<OrganizationsReader> = {}) => {
  const calls: string[] = [];
  const answers: OrganizationsReader = {
    listAccounts: async () => accounts,
    listRoots: async () => [{ id: "r-1", name: "Root" }],
    listOrganizationalUnitsForParent: async (id) => units[id] ?? [],
    listAccountsForParent: async (id) => accounts.filter(({ path }) => path?.at(-1) === id),
    listTagsForResource: async (id) => ({ id }),
    ...changes,
  };
  const reader = new Proxy(answers, {
    get: (target, method: keyof OrganizationsReader) => (id: string) => {
      calls.push(method);
      return target[method](id);
    },
  });
  return { reader, calls };
};

const nothing = { organization: false, organizationalUnits: false, accountTags: false };
const options = {
  needs: nothing,
  manifestAccounts: { prod: "1", dev: "2" },
  managementAccountId: "9",
  onProgress: () => {},
};
const failWith = (error: AwsError) => async (): Promise<never> => {
  throw error;
};
const rejecting = (error: AwsError) => fake({ listAccounts: failWith(error) }).reader;

describe("readOrganization", () => {
  it("reads no more than the accounts where nothing else is needed", async () => {
    const { reader, calls } = fake();
    const organization = await readOrganization(reader, options);
    expect(calls).toEqual(["listAccounts"]);
    expect(organization).toMatchObject({
      source: "organizations",
      managementAccountId: "9",
      tagsRead: false,
    });
    expect(organization.accounts.get("3")).toEqual({
      id: "3",
      name: "account 3",
      state: "SUSPENDED",
      organizationalUnits: null,
      tags: null,
    });
  });

  it("reads the names of units from the root down", async () => {
    const { reader, calls } = fake();
    const { accounts: read, organizationalUnitsRead } = await readOrganization(reader, {
      ...options,
      needs: { ...nothing, organizationalUnits: true },
    });
    expect(organizationalUnitsRead).toBe(true);
    expect([...read.values()].map(({ organizationalUnits }) => organizationalUnits)).toEqual([
      [],
      ["Workloads", "Dev"],
      ["Workloads"],
    ]);
    expect(calls).not.toContain("listAccountsForParent");
  });

  it("walks the tree where accounts come without their path", async () => {
    const { reader } = fake({ listAccounts: async () => accounts.map((each) => ({ ...each, path: null })) });
    const { accounts: read } = await readOrganization(reader, {
      ...options,
      needs: { ...nothing, organizationalUnits: true },
    });
    expect(read.get("2")?.organizationalUnits).toEqual(["Workloads", "Dev"]);
    expect(read.get("1")?.organizationalUnits).toEqual([]);
  });

  it("does not leave an account without a place", async () => {
    const { reader } = fake({ listAccounts: async () => [...accounts, account("4", ["r-1", "ou-unknown"])] });
    const read = readOrganization(reader, { ...options, needs: { ...nothing, organizationalUnits: true } });
    await expect(read).rejects.toMatchObject({
      code: "malformed-reply",
      message: expect.stringContaining("4"),
    });
  });

  it("reads tags of active accounts only", async () => {
    const { reader, calls } = fake();
    const { accounts: read, tagsRead } = await readOrganization(reader, {
      ...options,
      needs: { ...nothing, accountTags: true },
    });
    expect(tagsRead).toBe(true);
    expect(read.get("2")?.tags).toEqual({ id: "2" });
    expect(read.get("3")?.tags).toBeNull();
    expect(calls.filter((call) => call === "listTagsForResource")).toHaveLength(2);
  });

  it.each(["access-denied", "organizations-not-in-use"])("does without where AWS says %s", async (code) => {
    const organization = await readOrganization(rejecting(new AwsError(code, "because")), options);
    expect(organization).toMatchObject({ source: "manifest", unavailable: "because" });
    expect([...organization.accounts.values()]).toEqual(
      ["1", "2"].map((id) => ({ id, name: null, state: "UNKNOWN", organizationalUnits: null, tags: null })),
    );
  });

  it.each(["organization", "organizationalUnits", "accountTags"] as const)(
    "is an error that keeps the hint where the manifest needs the %s",
    async (need) => {
      const error = new AwsError("access-denied", "organizations:ListAccounts: no", { hint: "Allow it" });
      const read = readOrganization(rejecting(error), { ...options, needs: { ...nothing, [need]: true } });
      await expect(read).rejects.toMatchObject({
        code: "access-denied",
        message: expect.stringContaining("organizations:ListAccounts"),
        hint: expect.stringContaining("Allow it"),
      });
    },
  );

  it.each(["throttled", "unreachable", "credentials-expired"])(
    "never does without because of %s",
    async (code) => {
      await expect(readOrganization(rejecting(new AwsError(code, "no")), options)).rejects.toMatchObject({
        code,
      });
    },
  );

  it("does not believe in an organization without accounts", async () => {
    const { reader } = fake({ listAccounts: async () => [] });
    await expect(readOrganization(reader, options)).rejects.toMatchObject({ code: "malformed-reply" });
  });

  it("rejects where tags that are needed can not be read", async () => {
    const { reader } = fake({
      listTagsForResource: failWith(new AwsError("access-denied", "no")),
    });
    const read = readOrganization(reader, { ...options, needs: { ...nothing, accountTags: true } });
    await expect(read).rejects.toMatchObject({ code: "access-denied" });
  });

  it("tells how many calls it takes", async () => {
    const told: Progress[] = [];
    const needs = { organization: true, organizationalUnits: true, accountTags: true };
    await readOrganization(fake().reader, {
      ...options,
      needs,
      onProgress: (progress) => told.push(progress),
    });
    expect(told).toContainEqual({ type: "expected-calls", part: "organization", expected: 1 + 4 + 3 });
  });
});
