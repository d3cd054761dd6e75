import { expect, it } from "vitest";
import type { Assignment } from "../../../../src/model/access-state.ts";
import { permissionSet } from "../../plan/builders.ts";
import { access, jane, member, setChanged, take, userChanged } from "./accept-support.ts";

it("sets, clears and forgets attributes of a user, and keeps comments", async () => {
  const { text, notCovered } = await take(
    {
      "access.yaml": `version: 1
users:
  # the boss
  jane:
    givenName: Jane # as in her passport
    familyName: Doe
    displayName: Jane Doe
    title: Boss
    email: jane@company.com
    phone: { value: "+49 1", type: work }
    address: { locality: Berlin, country: DE }
    enterprise: { costCenter: "1" }

  # somebody else
  john: { ${jane.replaceAll("Jane", "John")} }
`,
    },
    [
      userChanged({
        givenName: "Jana",
        title: null,
        familyName: null,
        "email.value": "jana@company.com",
        "phone.value": null,
        "address.locality": null,
        "enterprise.costCenter": "2",
      }),
    ],
  );
  expect(notCovered).toEqual(["user/jane: it has no familyName, which a declared user needs"]);
  expect(text).toBe(`version: 1
users:
  # the boss
  jane:
    givenName: Jana # as in her passport
    familyName: Doe
    displayName: Jane Doe
    title: null
    email: jana@company.com
    phone: null
    address: { locality: null, country: DE }
    enterprise: { costCenter: "2" }

  # somebody else
  john: { ${jane.replaceAll("Jane", "John")} }
`);
});

it("sets and takes away what a permission set has", async () => {
  const live = permissionSet({
    name: "Dev",
    description: "Live",
    managedPolicies: ["arn:aws:iam::aws:policy/job-function/Billing"],
    customerManagedPolicies: [{ name: "Own", path: "/team/" }],
    permissionsBoundary: { managedPolicyArn: "arn:aws:iam::aws:policy/PowerUserAccess" },
    tags: {},
  });
  const { text } = await take(
    {
      "access.yaml": `version: 1
permissionSets:
  Dev: {relayState: "https://console.aws.amazon.com/", tags: {a: b}, managedPolicies: [ReadOnlyAccess]}
`,
    },
    [
      setChanged(
        live,
        "description",
        "relayState",
        "managedPolicies",
        "customerManagedPolicies",
        "permissionsBoundary",
        "tags",
      ),
    ],
  );
  expect(text).toBe(`version: 1
permissionSets:
  Dev: {tags: {}, managedPolicies: [job-function/Billing], description: Live, customerManagedPolicies: [{name: Own, path: /team/}], permissionsBoundary: {managedPolicy: PowerUserAccess}}
`);
});

it("adds members and takes them out, down to none, and declares who is from elsewhere", async () => {
  const { text } = await take(
    {
      "access.yaml": `version: 1
users:
  jane: {${jane}}
groups:
  A:
    members:
      - jane # for now
  B:
    members: []
`,
    },
    [member("missing", "A", "jane"), member("unmanaged", "B", "scim.user")],
  );
  expect(text).toBe(`version: 1
users:
  jane: {${jane}}
  scim.user:
    external: true
groups:
  A:
    members: []
  B:
    members: [scim.user]
`);
});

it("takes a removed object out of all that names it, and an empty section with it", async () => {
  const { text } = await take(
    {
      "access.yaml": `version: 1
groups:
  A: {}
  B: {}
permissionSets:
  Dev: {}
  Ops: {}
assignments:
  - groups: [A, B]
    permissionSets: [Dev]
    accounts: ["111111111111"]
  - groups: [B]
    permissionSets: [Ops]
    accounts: ["111111111111"]
`,
    },
    [
      {
        kind: "permissionSet",
        bucket: "missing",
        address: "permissionSet/Dev",
        reason: { code: "missing" },
        declared: permissionSet("Dev"),
        live: null,
        differences: [],
      },
      {
        kind: "group",
        bucket: "missing",
        address: "group/B",
        reason: { code: "missing" },
        declared: { displayName: "B" },
        live: null,
        differences: [],
      },
    ],
  );
  expect(text).toBe(`version: 1
groups:
  A: {}
permissionSets:
  Ops: {}
`);
});

it("changes the file in which something stands, also where its lines end as on Windows", async () => {
  const group = "version: 1\r\ngroups:\r\n  A: {}\r\n";
  const sets =
    "permissionSets:\n  Dev: {}\nassignments:\n- groups: [A]\n  permissionSets: [Dev]\n  accounts: ['111111111111']";
  const { after } = await take(
    { "access/groups.yaml": group, "access/sets.yaml": sets },
    [
      {
        kind: "group",
        bucket: "unmanaged",
        address: "group/C",
        reason: { code: "not-declared" },
        declared: null,
        live: { displayName: "C", description: "by hand" },
        differences: [],
      },
      access("unmanaged", {
        accountId: "222222222222",
        permissionSet: "Dev",
        principalType: "GROUP",
        principal: "C",
      }),
    ],
    "access",
  );
  expect(after).toEqual({
    "access/groups.yaml": `${group}  C:\r\n    description: by hand\r\n`,
    "access/sets.yaml": `${sets}\n- groups: [C]\n  permissionSets: [Dev]\n  accounts: ["222222222222"]\n`,
  });
});

it("leaves out of two entries what both of them grant", async () => {
  const entry = (accounts: string) =>
    `  - groups: [A]\n    permissionSets: [Dev]\n    accounts: [${accounts}]\n`;
  const head =
    "version: 1\naccounts: {one: '111111111111', two: '222222222222'}\ngroups: {A: {}}\npermissionSets: {Dev: {}}\nassignments:\n";
  const { text } = await take({ "access.yaml": `${head}${entry("one, two")}${entry("one")}` }, [
    access("missing", {
      accountId: "111111111111",
      permissionSet: "Dev",
      principalType: "GROUP",
      principal: "A",
    }),
  ]);
  expect(text).toBe(`${head}${entry("two")}`);
});

it("prints a JSON manifest anew", async () => {
  const manifest = { version: 1, groups: { A: { description: "x" } } };
  const { text } = await take(
    { "access.json": `${JSON.stringify(manifest, null, 2)}\n` },
    [
      {
        kind: "group",
        bucket: "changed",
        address: "group/A",
        reason: { code: "differs" },
        declared: { displayName: "A", description: "x" },
        live: { displayName: "A", description: "y" },
        differences: [{ attribute: "description", live: "y" }],
      },
    ],
    "access.json",
  );
  expect(text).toBe(`${JSON.stringify({ version: 1, groups: { A: { description: "y" } } }, null, 2)}\n`);
});

it("says what it does not cover, and why", async () => {
  const orphan: Assignment = {
    accountId: "111111111111",
    permissionSet: "Dev",
    principalType: "GROUP",
    principal: "gone",
    orphan: true,
  };
  const { notCovered, covered, text } = await take(
    { "access.yaml": "version: 1\ngroups:\n  A: &a {members: []}\n  B: *a\npermissionSets: {Dev: {}}\n" },
    [
      {
        ...access("unmanaged", orphan),
        bucket: "changed",
        address: "assignment/gone",
        reason: { code: "orphaned" },
      },
      {
        kind: "provisioning",
        bucket: "changed",
        address: "provisioning/Dev",
        reason: { code: "stale" },
        differences: [],
      },
      member("unmanaged", "A", "jane"),
    ],
  );
  expect(covered).toBe(0);
  expect(notCovered).toEqual([
    "assignment/gone: its user or group is gone, so that there is nothing to declare; apply removes it",
    "membership/A/jane: access.yaml uses anchors and aliases, so that it has to be changed by hand",
    "provisioning/Dev: no manifest can ask for old roles; apply brings them up to date",
  ]);
  expect(text).toContain("&a");
});
