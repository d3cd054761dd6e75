import { describe, expect, it } from "vitest";
import { findings, plan, position } from "./builders.ts";

const only = (...args: Parameters<typeof findings>) => {
  const all = findings(...args);
  expect(all).toHaveLength(1);
  return all[0];
};

describe("what contradicts what is live is an error, and there is no plan", () => {
  it.each([
    ["users", "unknown-user", "user/jane"],
    ["groups", "unknown-group", "group/jane"],
    ["permissionSets", "unknown-permission-set", "permissionSet/jane"],
  ] as const)("unknown external %s", (kind, code, address) => {
    const finding = only(
      { external: { [kind]: ["jane"] }, origins: { [address]: { position: position(12) } } },
      { [kind]: ["jnae"] },
    );
    expect(finding).toMatchObject({
      code,
      severity: "error",
      address,
      hint: 'Did you mean "jnae"?',
      position: { line: 12 },
    });
  });

  it("an external name that could not be looked up is unchecked instead", () => {
    const made = plan(
      { external: { groups: ["Team"] } },
      { unread: [{ scope: "group/*", reason: "denied" }] },
    );
    expect(made.unchecked).toHaveLength(1);
  });

  it.each(["users", "groups"] as const)("declared %s that the identity provider owns", (kind) => {
    expect(only({ [kind]: ["x"] }, { [kind]: ["x"], externallyOwned: { [kind]: ["x"] } })).toMatchObject({
      code: "externally-owned",
      hint: expect.stringContaining("external: true"),
    });
  });

  it("removed users that the identity provider owns", () => {
    expect(
      only({ removed: { users: ["x"] } }, { users: ["x"], externallyOwned: { users: ["x"] } }),
    ).toMatchObject({ code: "externally-owned", position: { line: 80 } });
  });

  it.each(["users", "groups", "permissionSets"] as const)("%s whose twin in other case is live", (kind) => {
    expect(only({ [kind]: ["Team"] }, { [kind]: ["team"] })).toMatchObject({ code: "case-twin" });
  });

  it("no twin where the name itself is live too", () => {
    expect(findings({ groups: ["Team"] }, { groups: ["team", "Team"] })).toEqual([]);
  });

  it("a set that carries another owner's mark", () => {
    const live = { permissionSets: [{ name: "Dev", owner: "other" }] };
    expect(only({ name: "acme", permissionSets: [{ name: "Dev", owner: "acme" }] }, live)).toMatchObject({
      code: "other-owner",
      message: expect.stringContaining('"other"'),
    });
    expect(only({ name: "acme", removed: { permissionSets: ["Dev"] } }, live)).toMatchObject({
      code: "other-owner",
    });
    expect(findings({ name: "acme", external: { permissionSets: ["Dev"] } }, live)).toEqual([]);
    expect(findings({ permissionSets: ["Dev"] }, live)).toEqual([]);
  });

  it("a set with another owner's mark that a manifest without a name would change", () => {
    const live = {
      groups: ["Team"],
      permissionSets: [{ name: "Dev", owner: "other" }],
      assignments: ["111111111111/Dev/group:Team"],
    };
    const same = { groups: ["Team"], permissionSets: ["Dev"], assignments: live.assignments };
    expect(findings(same, live)).toEqual([]);
    for (const wanted of [
      { ...same, permissionSets: [{ name: "Dev", sessionDuration: 7200 }] },
      { ...same, assignments: [] },
      { ...same, assignments: [...live.assignments, "222222222222/Dev/group:Team"] },
      { removed: { permissionSets: ["Dev"] } },
      { permissionSets: ["New"], previously: { permissionSets: { New: ["Dev"] } } },
    ]) {
      expect(only(wanted, live)).toMatchObject({ code: "other-owner", severity: "error" });
    }
  });

  it("clearing a permission set's description", () => {
    const wanted = { permissionSets: [{ name: "Dev", description: null }] };
    expect(only(wanted, { permissionSets: [{ name: "Dev", description: "x" }] })).toMatchObject({
      code: "description-cannot-be-cleared",
    });
    expect(findings(wanted, { permissionSets: ["Dev"] })).toEqual([]);
  });

  it.each([{ groups: ["Team"] }, { external: { groups: ["Team"] } }, { removed: { groups: ["Team"] } }])(
    "declared and ignored: %j",
    (wanted) => {
      expect(only({ ...wanted, ignore: [{ groups: ["T*"] }] }, { groups: ["Team"] })).toMatchObject({
        code: "declared-and-ignored",
      });
    },
  );

  it("all of them come at once, in the order of the manifest", () => {
    const all = findings(
      {
        external: { groups: ["A", "B"] },
        origins: { "group/A": { position: position(9) }, "group/B": { position: position(3) } },
      },
      {},
    );
    expect(all.map(({ address }) => address)).toEqual(["group/B", "group/A"]);
  });
});

it("an ignore rule that covers nothing is a warning, unless something could not be read", () => {
  const wanted = { ignore: [{ groups: ["AWS*"] }, { users: ["svc"] }] };
  expect(plan(wanted, { users: ["svc"] }).warnings.map(({ code }) => code)).toEqual(["ignore-rule-unused"]);
  expect(plan(wanted, { users: ["svc"], unread: [{ scope: "group/*", reason: "x" }] }).warnings).toEqual([]);
});
