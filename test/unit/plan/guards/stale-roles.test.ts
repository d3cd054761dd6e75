/**
 * An account may hold an older version of a permission set, of which nobody can tell what it allows. Provisioning takes
 * that away. Guards that keep access ask first, unless what is provisioned gives full access itself.
 */
import { describe, expect, it } from "vitest";
import type { Guards } from "../../../../src/model/guards.ts";
import { guardLines } from "../../../../src/report/guard-lines.ts";
import { type DesiredSketch, type LiveSketch, plan, policy, position } from "../builders.ts";

const [prod, test] = ["111111111111", "222222222222"];
const full = ["arn:aws:iam::aws:policy/AdministratorAccess"];
const readOnly = ["arn:aws:iam::aws:policy/ReadOnlyAccess"];
const guards: Partial<Guards> = {
  protect: ["permissionSet/Admin"],
  breakGlass: [
    { users: [], groups: ["Glass"], permissionSets: null, accounts: [prod], position: position(9) },
  ],
  minAdministrators: [{ accounts: [prod], people: 1, position: position(10) }],
};
const caller = {
  account: prod,
  arn: `arn:aws:sts::${prod}:assumed-role/AWSReservedSSO_Admin_0123456789abcdef/jane`,
};

const there = (managedPolicies: string[], stale = [prod]): LiveSketch => ({
  users: ["jane"],
  groups: ["Glass"],
  permissionSets: [{ name: "Admin", managedPolicies }],
  memberships: ["Glass/jane"],
  assignments: [`${prod}/Admin/group:Glass`, `${test}/Admin/group:Glass`],
  provisioning: { Admin: { accounts: [prod, test], stale } },
});
const judged = (live: LiveSketch, more: DesiredSketch = {}, allowed: readonly [string, string][] = []) => {
  const { provisioning: _provisioning, ...state } = live;
  return plan({ ...state, guards, ...more }, live, new Map(allowed), { caller });
};
const codes = (...args: Parameters<typeof judged>): string[] =>
  judged(...args)
    .guards.filter(({ verdict }) => verdict !== "allowed")
    .map(({ guard }) => guard);
const all = ["protected", "self-lockout", "break-glass", "min-administrators"];

describe("a permission set that was stripped by hand, and not provisioned", () => {
  it("is the last administrator access that there may be: every guard for access asks", () => {
    const made = judged(there([]));
    expect(made.counts).toEqual({ create: 0, update: 0, delete: 0, provision: 1 });
    expect(made.guards.map(({ guard }) => guard)).toEqual(all);
    const texts = guardLines(made, new Map()).map(({ text }) => text);
    expect(texts.filter((text) => text.includes("break-glass:"))).toEqual([
      expect.stringContaining(
        "may lose the break-glass access to 111111111111: 1 of 1 way in that the rule declares; could not be read: what the older version of permission set Admin gives in 111111111111",
      ),
    ]);
    expect(texts.filter((text) => text.includes("self-lockout:"))).toEqual([
      expect.stringMatching(
        /and may lose that access or have it narrowed by provisioning\/Admin; could not be/,
      ),
    ]);
    // Nobody can say that there never was an administrator.
    expect(made.warnings).toEqual([]);
  });

  it("is let through by the options that the refusals print", () => {
    const given = judged(there([])).guards.map(({ override }): [string, string] => {
      const [, code = "", value = ""] = /^--allow ([a-z-]+)=(.*)$/.exec(override) ?? [];
      return [code, value];
    });
    expect(given).toHaveLength(4);
    expect(codes(there([]), {}, given)).toEqual([]);
  });

  it("stays with what else is given and held elsewhere", () => {
    const unjudged = { breakGlass: [], minAdministrators: [], protect: [] };
    expect(codes(there([], [test]))).toEqual(["protected"]);
    expect(codes(there([], [test]), { guards: unjudged })).toEqual([]);
    expect(codes(there(full), { permissionSets: [{ name: "Admin", managedPolicies: full }] })).toEqual([]);
    const second = { name: "Second", managedPolicies: full };
    const live = there([]);
    const both = {
      ...live,
      permissionSets: [...(live.permissionSets ?? []), second],
      assignments: [...(live.assignments ?? []), `${prod}/Second/group:Glass`],
    };
    expect(codes(both)).toEqual(["protected", "self-lockout"]);
  });

  it("asks too where the plan changes the set, or assigns it there anew", () => {
    const edited = { permissionSets: [{ name: "Admin", managedPolicies: readOnly }] };
    expect(codes(there([]), edited)).toEqual(expect.arrayContaining(["break-glass", "min-administrators"]));
    const relayed = { permissionSets: [{ name: "Admin", relayState: "https://x.example" }] };
    for (const more of [
      relayed,
      { assignments: [...(there([]).assignments ?? []), `${prod}/Admin/user:jane`] },
    ]) {
      expect(codes(there([]), more)).toEqual(expect.arrayContaining(["self-lockout", "break-glass"]));
    }
    const ignored: DesiredSketch = { ignore: [{ accounts: [prod] }], guards: { ...guards, protect: [] } };
    expect(judged(there([]), ignored).counts.provision).toBe(0);
    expect(codes(there([]), ignored)).toEqual([]);
    const tagged = { permissionSets: [{ name: "Admin", tags: { team: "x" } }] };
    expect(codes(there([]), { ...ignored, ...tagged })).toEqual([]);
  });
});

it("what is provisioned may give full access, and yet leave nothing of it", () => {
  const denied = policy({ Statement: { Effect: "Deny", Action: "*", Resource: "*" } });
  const live = there([]);
  const sets = [{ name: "Admin", managedPolicies: full, inlinePolicy: denied }];
  expect(codes({ ...live, permissionSets: sets })).toEqual(all);
});
