/**
 * For every attribute that the manifest can set: one change made directly through the API. The next plan shows
 * exactly that change and nothing else, apply repairs it, and the plan after is empty. The last test fails when the
 * schema gets a property that has no row here.
 */
import { ListInstancesCommand } from "@aws-sdk/client-sso-admin";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import schema from "../../schemas/access-manifest.schema.json" with { type: "json" };
import type { Change } from "../../src/plan/plan.ts";
import { createHands, type Hands } from "../support/hands.ts";
import { runInProcess } from "../support/in-process.ts";
import { createWorld, type World } from "../support/world.ts";

interface Row {
  /** Path in the schema, such as user.email.type. */
  readonly property: string;
  readonly note?: string;
  readonly byHand: (hands: Hands) => Promise<unknown>;
  readonly address: string;
  readonly action?: Change["action"];
  /** The attributes of the change's before and after that differ. */
  readonly differs?: readonly string[];
}

const alice = "user/alice";
const set = "permissionSet/Everything";
const customer = { name: "BoundaryReader", path: "/platform/" };
const policy = (action: string) => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: action, Resource: "*" }],
});

const base = {
  version: 1,
  users: {
    alice: {
      givenName: "Alice",
      familyName: "Archer",
      displayName: "Alice Archer",
      middleName: "M.",
      formattedName: "Dr. Alice M. Archer",
      honorificPrefix: "Dr.",
      honorificSuffix: "III",
      nickName: "Al",
      profileUrl: "https://people.example/alice",
      title: "Engineer",
      userType: "Employee",
      preferredLanguage: "en-GB",
      locale: "en-GB",
      timezone: "Europe/Berlin",
      website: "https://alice.example",
      birthdate: "1990-01-31",
      email: { value: "alice@company.com", type: "work", primary: true },
      phone: { value: "+49 30 1", type: "work", primary: true },
      address: {
        streetAddress: "Hauptstr. 1",
        locality: "Berlin",
        region: "BE",
        postalCode: "10115",
        country: "DE",
        formatted: "Hauptstr. 1, 10115 Berlin",
        type: "work",
        primary: true,
      },
      enterprise: {
        employeeNumber: "1",
        costCenter: "CC-1",
        organization: "Acme",
        division: "Engineering",
        department: "Platform",
      },
    },
    bob: { givenName: "Bob", familyName: "Berg", displayName: "Bob Berg" },
  },
  groups: { Team: { description: "The team", members: ["alice"] }, Others: {} },
  permissionSets: {
    Everything: {
      description: "All there is",
      sessionDuration: "PT4H",
      relayState: "https://console.aws.amazon.com/ecs/",
      managedPolicies: ["ReadOnlyAccess", "job-function/Billing"],
      customerManagedPolicies: [customer],
      inlinePolicy: policy("s3:GetObject"),
      permissionsBoundary: { managedPolicy: "PowerUserAccess" },
      tags: { team: "platform" },
    },
    Second: { description: "Another one" },
  },
  assignments: [
    { groups: ["Team"], users: ["bob"], permissionSets: ["Everything"], accounts: ["222222222222"] },
  ],
};

const user = (property: string, path: string, value: unknown, leaf = property): Row => ({
  property: `user.${property}`,
  byHand: (hands) => hands.updateUser("alice", { AttributePath: path, AttributeValue: value as never }),
  address: alice,
  differs: [`attributes.${leaf}`],
});

const email = { value: "alice@company.com", type: "work", primary: true };
const phone = { value: "+49 30 1", type: "work", primary: true };
const postal = base.users.alice.address;
const replaced = (list: object, change: object) => [{ ...list, ...change }];

const userRows: readonly Row[] = [
  user("givenName", "name.givenName", "Alicia"),
  user("familyName", "name.familyName", "Smith"),
  user("displayName", "displayName", "Ally"),
  user("middleName", "name.middleName", "N."),
  user("formattedName", "name.formatted", "A. Archer"),
  user("honorificPrefix", "name.honorificPrefix", "Prof."),
  user("honorificSuffix", "name.honorificSuffix", "IV"),
  user("nickName", "nickName", "Ali"),
  user("profileUrl", "profileUrl", "https://elsewhere.example"),
  user("title", "title", "Manager"),
  user("userType", "userType", "Contractor"),
  user("preferredLanguage", "preferredLanguage", "de-DE"),
  user("locale", "locale", "de-DE"),
  user("timezone", "timezone", "UTC"),
  user("website", "website", "https://elsewhere.example"),
  user("birthdate", "birthdate", "1991-02-01"),
  user("email.value", "emails", replaced(email, { value: "other@company.com" })),
  user("email.type", "emails", replaced(email, { type: "home" })),
  user("email.primary", "emails", replaced(email, { primary: false })),
  user("phone.value", "phoneNumbers", replaced(phone, { value: "+1 2" })),
  user("phone.type", "phoneNumbers", replaced(phone, { type: "home" })),
  user("phone.primary", "phoneNumbers", replaced(phone, { primary: false })),
  ...Object.keys(postal)
    .filter((part) => part !== "primary")
    .map((part) => user(`address.${part}`, "addresses", replaced(postal, { [part]: "else" }))),
  user("address.primary", "addresses", replaced(postal, { primary: false })),
  ...Object.keys(base.users.alice.enterprise).map((part) =>
    user(
      `enterprise.${part}`,
      part === "manager"
        ? "aws:identitystore:enterprise.manager.value"
        : `aws:identitystore:enterprise.${part}`,
      "else",
    ),
  ),
];

const groupRows: readonly Row[] = [
  {
    property: "group.description",
    byHand: (hands) => hands.updateGroup("Team", { AttributePath: "description", AttributeValue: "Else" }),
    address: "group/Team",
    differs: ["description"],
  },
  {
    property: "group.members",
    note: "one too many",
    byHand: (hands) => hands.addMember("Team", "bob"),
    address: "membership/Team/bob",
    action: "delete",
  },
  {
    property: "group.members",
    note: "one missing",
    byHand: (hands) => hands.removeMember("Team", "alice"),
    address: "membership/Team/alice",
    action: "create",
  },
];

const keep = {
  Description: "All there is",
  SessionDuration: "PT4H",
  RelayState: "https://console.aws.amazon.com/ecs/",
};
const setRow = (property: string, note: string, differs: string, byHand: Row["byHand"]): Row => ({
  property: `permissionSet.${property}`,
  note,
  byHand,
  address: set,
  differs: [differs],
});

const setRows: readonly Row[] = [
  setRow("description", "other", "description", (hands) =>
    hands.update("Everything", { ...keep, Description: "Else" }),
  ),
  setRow("sessionDuration", "longer", "sessionDuration", (hands) =>
    hands.update("Everything", { ...keep, SessionDuration: "PT12H" }),
  ),
  setRow("relayState", "other", "relayState", (hands) =>
    hands.update("Everything", { ...keep, RelayState: "https://console.aws.amazon.com/s3/" }),
  ),
  setRow("relayState", "cleared", "relayState", (hands) =>
    hands.update("Everything", { Description: keep.Description, SessionDuration: keep.SessionDuration }),
  ),
  setRow("managedPolicies", "one too many", "managedPolicies", (hands) =>
    hands.attach("Everything", "arn:aws:iam::aws:policy/AdministratorAccess"),
  ),
  setRow("managedPolicies", "one missing", "managedPolicies", (hands) =>
    hands.detach("Everything", "arn:aws:iam::aws:policy/job-function/Billing"),
  ),
  setRow("customerManagedPolicies", "one too many", "customerManagedPolicies", (hands) =>
    hands.attachCustomer("Everything", "Another", "/"),
  ),
  setRow("customerManagedPolicies", "one missing", "customerManagedPolicies", (hands) =>
    hands.detachCustomer("Everything", customer.name, customer.path),
  ),
  setRow("inlinePolicy", "other", "inlinePolicy", (hands) =>
    hands.putInline("Everything", JSON.stringify(policy("s3:*"))),
  ),
  setRow("inlinePolicy", "gone", "inlinePolicy", (hands) => hands.deleteInline("Everything")),
  setRow("permissionsBoundary", "other", "permissionsBoundary", (hands) =>
    hands.putBoundary("Everything", { ManagedPolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess" }),
  ),
  setRow("permissionsBoundary", "customer managed", "permissionsBoundary", (hands) =>
    hands.putBoundary("Everything", {
      CustomerManagedPolicyReference: { Name: customer.name, Path: customer.path },
    }),
  ),
  setRow("permissionsBoundary", "gone", "permissionsBoundary", (hands) => hands.deleteBoundary("Everything")),
  setRow("tags", "other value", "tags", (hands) => hands.tag("Everything", "team", "else")),
  setRow("tags", "one too many", "tags", (hands) => hands.tag("Everything", "extra", "")),
  setRow("tags", "one missing", "tags", (hands) => hands.untag("Everything", "team")),
];

const assignmentRow = (
  property: string,
  note: string,
  action: "create" | "delete",
  target: readonly ["Everything" | "Second", string, "GROUP" | "USER", string],
): Row => ({
  property: `assignment.${property}`,
  note,
  byHand: (hands) => (action === "create" ? hands.unassign(...target) : hands.assign(...target)),
  address: `assignment/${target[1]}/${target[0]}/${target[2].toLowerCase()}:${target[3]}`,
  action,
});

const assignmentRows: readonly Row[] = [
  assignmentRow("groups", "missing", "create", ["Everything", "222222222222", "GROUP", "Team"]),
  assignmentRow("groups", "another group", "delete", ["Everything", "222222222222", "GROUP", "Others"]),
  assignmentRow("users", "missing", "create", ["Everything", "222222222222", "USER", "bob"]),
  assignmentRow("users", "another user", "delete", ["Everything", "222222222222", "USER", "alice"]),
  assignmentRow("permissionSets", "another set", "delete", ["Second", "222222222222", "GROUP", "Team"]),
  assignmentRow("accounts", "another account", "delete", ["Everything", "111111111111", "GROUP", "Team"]),
];

const rows = [...userRows, ...groupRows, ...setRows, ...assignmentRows];

/** Every nullable attribute, set to null: what somebody fills in by hand is cleared again. */
const cleared = {
  ...base,
  users: {
    ...base.users,
    alice: {
      givenName: "Alice",
      familyName: "Archer",
      displayName: "Alice Archer",
      ...Object.fromEntries(nullable(schema.$defs.user.properties).map((name) => [name, null])),
      enterprise: Object.fromEntries(Object.keys(base.users.alice.enterprise).map((name) => [name, null])),
    },
  },
  groups: { Team: { description: null, members: null }, Others: {} },
  permissionSets: {
    ...base.permissionSets,
    Everything: {
      description: "All there is",
      sessionDuration: "PT4H",
      ...Object.fromEntries(nullable(schema.$defs.permissionSet.properties).map((name) => [name, null])),
    },
  },
};

function nullable(properties: Readonly<Record<string, object>>): string[] {
  return Object.entries(properties).flatMap(([name, property]) => {
    const branches = "anyOf" in property && Array.isArray(property.anyOf) ? property.anyOf : [property];
    return branches.some(({ type }) => [type].flat().includes("null")) ? [name] : [];
  });
}

const clearing: readonly Row[] = [
  ...userRows
    .filter(({ property }) => !/\.(givenName|familyName|displayName|type|primary)$/.test(property))
    // Filled in by hand, a list attribute has all its parts at once.
    .map(({ differs: _differs, ...row }) => row),
  ...groupRows.filter(({ note }) => note !== "one missing"),
  ...setRows.filter(({ note, property }) =>
    property.endsWith(".relayState")
      ? note === "other"
      : !/missing|gone|longer/.test(note ?? "") && !property.endsWith(".description"),
  ),
];

for (const [title, manifest, table] of [
  ["set to a value", base, rows],
  ["set to null", cleared, clearing],
] as const) {
  describe(`an attribute that the manifest has ${title}, changed by hand`, () => {
    let world: World;
    let hands: Hands;
    // The sandbox sets no pace, so that the test need not keep one.
    const run = (command: string, ...args: string[]) =>
      runInProcess([command, "--rps", "1000", ...args], { cwd: world.folder, url: world.sandbox.url });
    const plan = async () => {
      const { stdout, stderr } = await run("plan", "--format", "json");
      if (stdout === "") throw new Error(stderr);
      return JSON.parse(stdout) as { changes: Change[] };
    };

    beforeAll(async () => {
      world = await createWorld();
      hands = createHands(world);
      await world.write("access.yaml", manifest);
      const { exitCode, stderr } = await run("apply", "--auto-approve");
      expect(stderr).not.toContain("error");
      expect(exitCode).toBe(0);
      expect((await plan()).changes).toEqual([]);
    });
    afterAll(() => world.close());

    it.each(table.map((row) => [row.property, row.note ?? "", row] as const))(
      "%s %s",
      async (_property, _note, row) => {
        await row.byHand(hands);
        await settled(world);
        const { changes } = await plan();
        expect(changes.map(({ address, action }) => ({ address, action }))).toEqual([
          { address: row.address, action: row.action ?? "update" },
        ]);
        if (row.differs !== undefined) expect(differing(changes[0])).toEqual(row.differs);

        const applied = await run("apply", "--auto-approve");
        expect(applied.stdout).toContain("Apply complete");
        expect(applied.exitCode).toBe(0);
        const after = await run("plan", "--detailed-exitcode");
        expect(after.stdout).toMatch(/No changes\.\n$/);
        expect(after.exitCode).toBe(0);
      },
    );
  });
}

/** Asynchronous work ends at the first call after its time. */
const settled = async (world: World): Promise<void> => {
  while (world.instance.requests.some(({ Status }) => Status === "IN_PROGRESS")) {
    await world.sso.send(new ListInstancesCommand({}));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};

/** The attributes in which before and after of an update differ, a user's one by one. */
const differing = (change: Change | undefined): string[] => {
  if (change === undefined || change.action !== "update") return [];
  const flat = (value: object): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(value).flatMap(([key, part]) =>
        key === "attributes"
          ? Object.entries(part as object).map(([leaf, item]) => [`attributes.${leaf}`, item])
          : [[key, part]],
      ),
    );
  const [before, after] = [flat(change.before), flat(change.after)];
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key])).sort();
};

it("has a row for every attribute of the schema", () => {
  const { user: userSchema, group, permissionSet, assignment, typedValue, postalAddress } = schema.$defs;
  const notAttributes = new Set(["external", "previously", "until", "reason"]);
  const nested: Record<string, object> = {
    email: typedValue.properties,
    phone: typedValue.properties,
    address: postalAddress.properties,
    enterprise: userSchema.properties.enterprise.properties,
  };
  const paths = Object.entries({ user: userSchema, group, permissionSet, assignment }).flatMap(
    ([kind, { properties }]) =>
      Object.keys(properties)
        .filter((name) => !notAttributes.has(name))
        .flatMap((name) => {
          const parts = kind === "user" ? nested[name] : undefined;
          return parts === undefined
            ? [`${kind}.${name}`]
            : Object.keys(parts).map((part) => `${kind}.${name}.${part}`);
        }),
  );
  expect([...new Set(rows.map(({ property }) => property))].sort()).toEqual(paths.sort());
});
