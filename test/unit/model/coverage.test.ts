import { describe, expect, it } from "vitest";
import { scopeCovers, unreadAt } from "../../../src/model/coverage.ts";

describe("scopeCovers", () => {
  it.each([
    ["permissionSet/A", "permissionSet/A", true],
    ["permissionSet/A", "permissionSet/AB", false],
    ["permissionSet/*", "permissionSet/A", true],
    ["assignment/*", "assignment/111111111111/A/group:X", true],
    ["assignment/111111111111/*", "assignment/222222222222/A/group:X", false],
    ["assignment/*/A/*", "assignment/111111111111/A/group:X", true],
    ["assignment/*/A/*", "assignment/111111111111/B/group:X", false],
    ["assignment/*/*/user:jane", "assignment/111111111111/B/user:jane", true],
    ["assignment/*/*/user:jane", "assignment/111111111111/B/user:john", false],
    ["assignment/orphaned", "assignment/111111111111/B/user:john", false],
    ["membership/G/*", "membership/G", false],
  ])("%s over %s: %s", (scope, address, covered) => {
    expect(scopeCovers(scope, address)).toBe(covered);
  });

  it("finds what says that an object was not read", () => {
    const unread = { scope: "membership/G/*", reason: "denied" };
    expect(unreadAt({ unread: [unread] }, "membership/G/jane")).toBe(unread);
    expect(unreadAt({ unread: [unread] }, "membership/H/jane")).toBeUndefined();
  });
});
