import { describe, expect, it } from "vitest";
import { changeAt, plan } from "./builders.ts";

const base = { users: ["jane"], groups: ["Team"], permissionSets: ["Admin"] };

describe("memberships", () => {
  it("added to a group whose assignments could not all be read: nobody knows what that gives", () => {
    const unread = (...scopes: string[]) => ({
      unread: scopes.map((scope) => ({ scope, reason: "access denied" })),
    });
    const wanted = { ...base, memberships: ["Team/jane"] };
    const made = plan(wanted, {
      ...base,
      ...unread("assignment/222222222222/*", "assignment/111111111111/Admin/*", "membership/Other/*"),
    });
    expect(changeAt(made, "membership/Team/jane").risk).toEqual({
      direction: "broadening",
      reasons: ["reach-unknown"],
      unread: { scopes: ["assignment/111111111111/Admin/*", "assignment/222222222222/*"], count: 2 },
    });
    const ofSet = plan(
      { ...wanted, external: { permissionSets: ["Hidden"] } },
      { ...base, assignments: ["111111111111/Hidden/group:Team"], ...unread("permissionSet/Hidden") },
    );
    expect(changeAt(ofSet, "membership/Team/jane").risk).toMatchObject({
      direction: "broadening",
      reasons: ["first-access", "reach-unknown"],
      unread: { scopes: ["permissionSet/Hidden"], count: 1 },
    });
    const ofOthers = plan(wanted, { ...base, ...unread("assignment/*/*/user:max") });
    expect(changeAt(ofOthers, "membership/Team/jane").risk.direction).toBe("neutral");
    const created = plan(wanted, { ...base, groups: [], ...unread("assignment/222222222222/*") });
    expect(changeAt(created, "membership/Team/jane").risk.direction).toBe("neutral");
  });

  it("counts what was not read, and names the first of it", () => {
    const scopes = Array.from({ length: 25 }, (_, index) => `assignment/${100000000000 + index}/Admin/*`);
    const made = plan(
      { ...base, memberships: ["Team/jane"] },
      { ...base, unread: scopes.map((scope) => ({ scope, reason: "access denied" })) },
    );
    expect(changeAt(made, "membership/Team/jane").risk.unread).toEqual({
      scopes: scopes.slice(0, 10),
      count: 25,
    });
  });
});
