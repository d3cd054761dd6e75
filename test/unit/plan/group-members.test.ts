/** Who is behind a group that gets access or loses it: reviewers know people, not groups. */
import { expect, it } from "vitest";
import { changeAt, plan } from "./builders.ts";

const users = ["amy", "bob", "cy", "dan"];
const base = { users, groups: ["Team"], permissionSets: ["Dev"] };
const address = "assignment/111111111111/Dev/group:Team";
const assigned = ["111111111111/Dev/group:Team"];

it("are those of afterwards where it gets access: the first of them, and how many", () => {
  const made = plan(
    { ...base, memberships: ["Team/dan", "Team/bob", "Team/cy", "Team/amy"], assignments: assigned },
    { ...base, memberships: ["Team/bob"] },
  );
  expect(changeAt(made, address).risk.members).toEqual({ names: ["amy", "bob", "cy"], count: 4 });
});

it("are those of before where it loses access", () => {
  const made = plan(
    { ...base, memberships: ["Team/amy"] },
    { ...base, memberships: ["Team/amy", "Team/bob"], assignments: assigned },
  );
  expect(changeAt(made, address).risk.members).toEqual({ names: ["amy", "bob"], count: 2 });
});

it("are not told where there are none, where they were not read, and of users", () => {
  const none = plan({ ...base, assignments: assigned }, base);
  expect(changeAt(none, address).risk.members).toBeUndefined();
  const unread = plan(
    { ...base, assignments: assigned },
    {
      ...base,
      memberships: ["Team/amy"],
      unread: [{ scope: "membership/Team/*", reason: "access denied" }],
    },
  );
  expect(changeAt(unread, address).risk.members).toBeUndefined();
  const user = plan({ ...base, assignments: ["111111111111/Dev/user:amy"] }, base);
  expect(changeAt(user, "assignment/111111111111/Dev/user:amy").risk.members).toBeUndefined();
});

it("are no part of the digest: who is in a group of the identity provider changes by itself", () => {
  const external = { users, permissionSets: ["Dev"], external: { groups: ["Team"] } };
  const digestWith = (memberships: string[]) =>
    plan({ ...external, assignments: assigned }, { ...base, memberships }).digest;
  expect(digestWith(["Team/amy"])).toBe(digestWith(["Team/amy", "Team/bob"]));
});
