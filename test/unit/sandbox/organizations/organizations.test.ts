import { describe, expect, it } from "vitest";
import { organizations } from "../../../../src/sandbox/organizations/service.ts";
import { defaultSeed } from "../../../../src/sandbox/seed.ts";
import type { StoredAccount } from "../../../../src/sandbox/state.ts";
import type { Bench } from "../identitystore/call.ts";
import { allOf, benchFor } from "../identitystore/call.ts";

const management = "999999999999";
const joined = Date.UTC(2026, 0, 1);

/** A root with two units, one of them nested, and an account in each. */
function smallOrganization(): Bench {
  const account = (
    Id: string,
    Name: string,
    ParentId: string,
    more: Partial<StoredAccount> = {},
  ): StoredAccount => ({
    Id,
    Name,
    Email: `${Name}@company.com`,
    State: "ACTIVE",
    ParentId,
    JoinedTimestamp: joined,
    tags: {},
    customerManagedPolicies: [],
    ...more,
  });
  return benchFor(organizations, {
    ...defaultSeed(),
    caller: { Account: management, Arn: `arn:aws:iam::${management}:user/sandbox`, UserId: "AIDASANDBOX" },
    organization: {
      Id: "o-example0001",
      MasterAccountId: management,
      MasterAccountEmail: "management@company.com",
      rootId: "r-abcd",
      organizationalUnits: [
        { Id: "ou-abcd-workload", Name: "Workloads", ParentId: "r-abcd" },
        { Id: "ou-abcd-workdev1", Name: "Dev", ParentId: "ou-abcd-workload" },
      ],
      accounts: [
        account(management, "management", "r-abcd"),
        account("111111111111", "production", "ou-abcd-workload", { tags: { env: "prod", team: "shop" } }),
        account("222222222222", "development", "ou-abcd-workdev1"),
      ],
      delegatedAdministrators: [],
    },
  });
}

const productionSummary = {
  Id: "111111111111",
  Arn: `arn:aws:organizations::${management}:account/o-example0001/111111111111`,
  Email: "production@company.com",
  Name: "production",
  Status: "ACTIVE",
  State: "ACTIVE",
  JoinedMethod: "CREATED",
  JoinedTimestamp: joined / 1000,
};
const production = {
  ...productionSummary,
  Paths: ["o-example0001/r-abcd/ou-abcd-workload/111111111111/"],
};

const devUnit = {
  Id: "ou-abcd-workdev1",
  Arn: `arn:aws:organizations::${management}:ou/o-example0001/ou-abcd-workdev1`,
  Name: "Dev",
  Path: "o-example0001/r-abcd/ou-abcd-workload/ou-abcd-workdev1/",
};

const idsOf = (items: unknown): unknown[] => (items as { Id: string }[]).map((item) => item.Id);

describe("the organization", () => {
  it("is described with its management account", () => {
    expect(smallOrganization().call("DescribeOrganization")).toEqual({
      Organization: {
        Id: "o-example0001",
        Arn: `arn:aws:organizations::${management}:organization/o-example0001`,
        FeatureSet: "ALL",
        MasterAccountArn: `arn:aws:organizations::${management}:account/o-example0001/${management}`,
        MasterAccountId: management,
        MasterAccountEmail: "management@company.com",
        AvailablePolicyTypes: [{ Type: "SERVICE_CONTROL_POLICY", Status: "ENABLED" }],
      },
    });
  });

  it("trusts IAM Identity Center where that has an instance of the organization", () => {
    const bench = smallOrganization();
    expect(bench.call("ListAWSServiceAccessForOrganization")).toEqual({
      EnabledServicePrincipals: [
        { ServicePrincipal: "sso.amazonaws.com", DateEnabled: bench.instance.CreatedDate / 1000 },
      ],
    });
    bench.instance.OwnerAccountId = "222222222222";
    expect(bench.call("ListAWSServiceAccessForOrganization")).toEqual({ EnabledServicePrincipals: [] });
  });

  it.each(Object.keys(organizations.operations))("is missing for %s where there is none", (operation) => {
    const bench = smallOrganization();
    bench.state.organization = null;
    const input = {
      ParentId: "r-abcd",
      ChildId: "111111111111",
      ChildType: "ACCOUNT",
      AccountId: "111111111111",
      OrganizationalUnitId: "ou-abcd-workload",
      ResourceId: "111111111111",
    };
    expect(bench.refused(operation, input)).toEqual({
      code: "AWSOrganizationsNotInUseException",
      message: "Your account is not a member of an organization.",
    });
  });

  it("is read by the management account and by delegated administrators, described to every account", () => {
    const bench = smallOrganization();
    bench.state.caller = {
      Account: "222222222222",
      Arn: "arn:aws:iam::222222222222:user/dev",
      UserId: "AIDA",
    };
    expect(bench.refused("ListAccounts").code).toBe("AccessDeniedException");
    expect(bench.call("DescribeOrganization")).toHaveProperty("Organization");
    bench.state.organization?.delegatedAdministrators.push({
      AccountId: "222222222222",
      ServicePrincipal: "sso.amazonaws.com",
    });
    expect(bench.call("ListAccounts").Accounts).toHaveLength(3);
  });
});

describe("accounts", () => {
  it("are listed and described whole", () => {
    const bench = smallOrganization();
    expect(bench.call("DescribeAccount", { AccountId: "111111111111" })).toEqual({ Account: production });
    const { Accounts } = bench.call("ListAccounts");
    expect(idsOf(Accounts)).toEqual(["111111111111", "222222222222", management]);
    expect(Accounts).toEqual([
      production,
      expect.objectContaining({
        Paths: ["o-example0001/r-abcd/ou-abcd-workload/ou-abcd-workdev1/222222222222/"],
      }),
      expect.objectContaining({ Paths: [`o-example0001/r-abcd/${management}/`], JoinedMethod: "INVITED" }),
    ]);
  });

  it.each([
    ["PENDING_ACTIVATION", "ACTIVE"],
    ["ACTIVE", "ACTIVE"],
    ["SUSPENDED", "SUSPENDED"],
    ["PENDING_CLOSURE", "PENDING_CLOSURE"],
    ["CLOSED", "SUSPENDED"],
  ] as const)("in state %s have the status %s", (State, Status) => {
    const bench = smallOrganization();
    const [account] = bench.state.organization?.accounts ?? [];
    if (account === undefined) throw new Error("no account");
    account.State = State;
    expect(bench.call("DescribeAccount", { AccountId: account.Id }).Account).toMatchObject({ State, Status });
  });

  it("come five to a page, and at most twenty", () => {
    const bench = smallOrganization();
    const { accounts = [] } = bench.state.organization ?? {};
    const [template] = accounts;
    if (template === undefined) throw new Error("no account");
    for (let index = 0; index < 20; index += 1) {
      accounts.push({ ...template, Id: String(300_000_000_000 + index) });
    }
    expect(bench.call("ListAccounts").Accounts).toHaveLength(5);
    expect(bench.call("ListAccounts", { MaxResults: 20 }).Accounts).toHaveLength(20);
    expect(bench.refused("ListAccounts", { MaxResults: 21 }).message).toContain("less than or equal to 20");
    const listed = idsOf(allOf(bench, "ListAccounts", {}, "Accounts"));
    expect(listed).toEqual(accounts.map((account) => account.Id).toSorted());
  });

  it("page by tokens of the service only", () => {
    expect(smallOrganization().refused("ListAccounts", { NextToken: "abc" })).toMatchObject({
      code: "InvalidInputException",
      Reason: "INVALID_NEXT_TOKEN",
    });
  });

  it("of a parent are its direct children", () => {
    const bench = smallOrganization();
    const of = (ParentId: string) => idsOf(bench.call("ListAccountsForParent", { ParentId }).Accounts);
    expect(of("r-abcd")).toEqual([management]);
    expect(of("ou-abcd-workload")).toEqual(["111111111111"]);
    expect(of("ou-abcd-workdev1")).toEqual(["222222222222"]);
  });

  it("that are not there are not found", () => {
    expect(smallOrganization().refused("DescribeAccount", { AccountId: "333333333333" })).toEqual({
      code: "AccountNotFoundException",
      message: "You specified an account that doesn't exist.",
    });
  });

  it("that administer a service are listed once each, by service where asked", () => {
    const bench = smallOrganization();
    bench.state.organization?.delegatedAdministrators.push(
      { AccountId: "111111111111", ServicePrincipal: "sso.amazonaws.com" },
      { AccountId: "111111111111", ServicePrincipal: "guardduty.amazonaws.com" },
      { AccountId: "222222222222", ServicePrincipal: "guardduty.amazonaws.com" },
    );
    expect(bench.call("ListDelegatedAdministrators", { ServicePrincipal: "sso.amazonaws.com" })).toEqual({
      DelegatedAdministrators: [{ ...productionSummary, DelegationEnabledDate: joined / 1000 }],
    });
    expect(idsOf(bench.call("ListDelegatedAdministrators").DelegatedAdministrators)).toEqual([
      "111111111111",
      "222222222222",
    ]);
  });
});

describe("the hierarchy", () => {
  it("has one root", () => {
    const Arn = `arn:aws:organizations::${management}:root/o-example0001/r-abcd`;
    expect(smallOrganization().call("ListRoots")).toEqual({
      Roots: [{ Id: "r-abcd", Arn, Name: "Root", PolicyTypes: [] }],
    });
  });

  it("has units with paths, listed by parent and described by id", () => {
    const bench = smallOrganization();
    const of = (ParentId: string) =>
      bench.call("ListOrganizationalUnitsForParent", { ParentId }).OrganizationalUnits;
    expect(idsOf(of("r-abcd"))).toEqual(["ou-abcd-workload"]);
    expect(of("ou-abcd-workload")).toEqual([devUnit]);
    expect(of("ou-abcd-workdev1")).toEqual([]);
    const OrganizationalUnitId = "ou-abcd-workdev1";
    expect(bench.call("DescribeOrganizationalUnit", { OrganizationalUnitId })).toEqual({
      OrganizationalUnit: devUnit,
    });
    expect(
      bench.refused("DescribeOrganizationalUnit", { OrganizationalUnitId: "ou-abcd-nothing1" }).code,
    ).toBe("OrganizationalUnitNotFoundException");
  });

  it("tells the parent of an account and of a unit", () => {
    const bench = smallOrganization();
    const of = (ChildId: string) => bench.call("ListParents", { ChildId }).Parents;
    expect(of(management)).toEqual([{ Id: "r-abcd", Type: "ROOT" }]);
    expect(of("ou-abcd-workdev1")).toEqual([{ Id: "ou-abcd-workload", Type: "ORGANIZATIONAL_UNIT" }]);
    expect(bench.refused("ListParents", { ChildId: "333333333333" }).code).toBe("ChildNotFoundException");
  });

  it("tells the children of a parent by their type", () => {
    const bench = smallOrganization();
    const of = (ChildType: string) =>
      bench.call("ListChildren", { ParentId: "ou-abcd-workload", ChildType }).Children;
    expect(of("ACCOUNT")).toEqual([{ Id: "111111111111", Type: "ACCOUNT" }]);
    expect(of("ORGANIZATIONAL_UNIT")).toEqual([{ Id: "ou-abcd-workdev1", Type: "ORGANIZATIONAL_UNIT" }]);
  });

  it.each(["ListAccountsForParent", "ListOrganizationalUnitsForParent", "ListChildren"])(
    "has no parent of another id for %s",
    (operation) => {
      const bench = smallOrganization();
      const refused = (ParentId: string) => bench.refused(operation, { ParentId, ChildType: "ACCOUNT" }).code;
      expect(refused("ou-abcd-nothing1")).toBe("ParentNotFoundException");
      expect(refused("r-wxyz")).toBe("ParentNotFoundException");
      expect(refused("Workloads")).not.toBe("ParentNotFoundException");
    },
  );
});

describe("tags", () => {
  it("are those of an account; units and the root have none", () => {
    const bench = smallOrganization();
    const of = (ResourceId: string) => bench.call("ListTagsForResource", { ResourceId }).Tags;
    expect(of("111111111111")).toEqual([
      { Key: "env", Value: "prod" },
      { Key: "team", Value: "shop" },
    ]);
    expect(of("ou-abcd-workload")).toEqual([]);
    expect(of("r-abcd")).toEqual([]);
  });

  it("come in pages", () => {
    const bench = smallOrganization();
    const [, account] = bench.state.organization?.accounts ?? [];
    if (account === undefined) throw new Error("no account");
    account.tags = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`key${index}`, "value"]));
    expect(allOf(bench, "ListTagsForResource", { ResourceId: account.Id }, "Tags")).toHaveLength(12);
  });

  it("of nothing are not found", () => {
    const bench = smallOrganization();
    expect(bench.refused("ListTagsForResource", { ResourceId: "333333333333" })).toEqual({
      code: "TargetNotFoundException",
      message: "You specified a target that doesn't exist.",
    });
    expect(bench.refused("ListTagsForResource", { ResourceId: "r-wxyz" }).code).toBe(
      "TargetNotFoundException",
    );
  });
});
