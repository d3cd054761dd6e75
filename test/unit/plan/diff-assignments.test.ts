import { describe, expect, it } from "vitest";
import { plan, summary } from "./builders.ts";
import { checkRow, type Row } from "./rows.ts";

const assigned = "111111111111/Dev/group:Team";
const address = `assignment/${assigned}`;
const basics = { groups: ["Team"], permissionSets: ["Dev"] };

const assignments: readonly Row[] = [
  {
    name: "declared and live: nothing",
    desired: { ...basics, assignments: [assigned] },
    live: { ...basics, assignments: [assigned] },
  },
  {
    name: "declared and absent: create",
    desired: { ...basics, assignments: [assigned] },
    live: basics,
    changes: [`create ${address} (declared)`],
  },
  {
    name: "declared and not read: unchecked",
    desired: { ...basics, assignments: [assigned] },
    live: { ...basics, unread: [{ scope: "assignment/111111111111/*", reason: "denied" }] },
    unchecked: ["assignment/111111111111/*", address],
  },
  {
    name: "of a permission set that could not be read: unchecked",
    desired: { groups: ["Team"], external: { permissionSets: ["Dev"] }, assignments: [assigned] },
    live: { groups: ["Team"], unread: [{ scope: "permissionSet/*", reason: "denied" }] },
    unchecked: [address, "permissionSet/*"],
  },
  {
    name: "of a group that could not be read: unchecked",
    desired: { external: { groups: ["Team"] }, permissionSets: ["Dev"], assignments: [assigned] },
    live: { permissionSets: ["Dev"], unread: [{ scope: "group/*", reason: "denied" }] },
    unchecked: [address, "group/*"],
  },
  {
    name: "in an account that is not active: not created",
    desired: { ...basics, assignments: [assigned] },
    live: { ...basics, accounts: { "111111111111": "SUSPENDED" } },
    skipped: [address],
  },
  {
    name: "undeclared in an account that is not active: not deleted",
    desired: basics,
    live: { ...basics, assignments: [assigned], accounts: { "111111111111": "PENDING_CLOSURE" } },
    skipped: [address],
  },
  {
    name: "in an account of which nothing is known, Organizations not readable: as in an active one",
    desired: { ...basics, assignments: ["444444444444/Dev/group:Team"] },
    live: { ...basics, organizationSource: "manifest" },
    changes: ["create assignment/444444444444/Dev/group:Team (declared)"],
  },
  {
    name: "in an account that left the organization: not created",
    desired: { ...basics, assignments: ["444444444444/Dev/group:Team"] },
    live: basics,
    skipped: ["assignment/444444444444/Dev/group:Team"],
  },
  {
    name: "undeclared, of a declared set: delete",
    desired: basics,
    live: { ...basics, assignments: [assigned] },
    changes: [`delete ${address} (not-declared)`],
  },
  {
    name: "undeclared, of a declared set, mode additive: withheld",
    desired: { ...basics, mode: "additive" },
    live: { ...basics, assignments: [assigned] },
    withheld: [address],
  },
  {
    name: "undeclared, of an external set: left alone, in mode exclusive too",
    desired: { mode: "exclusive", groups: ["Team"], external: { permissionSets: ["Dev"] } },
    live: { ...basics, assignments: [assigned] },
    unmanaged: [address],
  },
  {
    name: "expired, of an external set: delete",
    desired: {
      groups: ["Team"],
      external: { permissionSets: ["Dev"] },
      origins: { [address]: { until: Date.UTC(2026, 0, 1) } },
    },
    live: { ...basics, assignments: [assigned] },
    changes: [`delete ${address} (expired)`],
  },
  {
    name: "undeclared, of an undeclared set: left alone",
    desired: { groups: ["Team"] },
    live: { ...basics, assignments: [assigned] },
    unmanaged: [address, "permissionSet/Dev"],
  },
  {
    name: "undeclared, of an undeclared set, mode exclusive for assignments: delete",
    desired: { groups: ["Team"], modes: { assignments: "exclusive" } },
    live: { ...basics, assignments: [assigned] },
    changes: [`delete ${address} (exclusive)`],
    unmanaged: ["permissionSet/Dev"],
  },
  {
    name: "orphaned, of a declared set: delete",
    desired: { permissionSets: ["Dev"] },
    live: { permissionSets: ["Dev"], assignments: ["111111111111/Dev/orphan:9067-1"] },
    changes: ["delete assignment/111111111111/Dev/user:9067-1 (orphaned)"],
  },
  {
    name: "orphaned, while users could not be read: unchecked",
    desired: { permissionSets: ["Dev"] },
    live: {
      permissionSets: ["Dev"],
      assignments: ["111111111111/Dev/orphan:9067-1"],
      unread: [{ scope: "user/*", reason: "denied" }],
    },
    unchecked: ["assignment/111111111111/Dev/user:9067-1", "user/*"],
  },
  {
    name: "of a set that goes: delete first",
    desired: { groups: ["Team"], removed: { permissionSets: ["Dev"] } },
    live: { ...basics, assignments: [assigned] },
    changes: [`delete ${address} (parent-deleted)`, "delete permissionSet/Dev (removed)"],
  },
  {
    name: "of a group that goes: delete first, also of an undeclared set",
    desired: { removed: { groups: ["Team"] } },
    live: { ...basics, assignments: [assigned] },
    changes: [`delete ${address} (parent-deleted)`, "delete group/Team (removed)"],
    unmanaged: ["permissionSet/Dev"],
  },
  {
    name: "declared and ignored: not created",
    desired: { ...basics, assignments: [assigned], ignore: [{ accounts: ["111111111111"] }] },
    live: basics,
    ignored: [address],
  },
  {
    name: "ignored by the name of its account: not deleted",
    desired: { ...basics, ignore: [{ accounts: ["prod*"] }] },
    live: { ...basics, assignments: [assigned], accountNames: { "111111111111": "production" } },
    ignored: [address],
  },
];

it.each(assignments)("$name", checkRow);

describe("a permission set that carries another manifest's mark", () => {
  const live = {
    groups: ["Team"],
    permissionSets: [{ name: "Theirs", owner: "other" }],
    assignments: ["111111111111/Theirs/group:Team", "111111111111/Theirs/orphan:9067"],
  };
  const reason = 'its permission set belongs to manifest "other" (tag reconcile:owner)';

  it.each([{}, { name: "acme" }])("keeps its assignments in mode exclusive (%j)", (manifest) => {
    const made = plan({ ...manifest, mode: "exclusive", groups: ["Team"] }, live);
    expect(made.changes).toEqual([]);
    expect(made.unmanaged).toEqual([
      { address: "assignment/111111111111/Theirs/group:Team", reason },
      { address: "assignment/111111111111/Theirs/user:9067", reason },
      { address: "permissionSet/Theirs", reason: 'belongs to manifest "other" (tag reconcile:owner)' },
    ]);
  });

  it("and with them the group that they are of, which nobody said a word about", () => {
    const made = plan({ mode: "exclusive" }, live);
    expect(made.changes).toEqual([]);
    expect(made.skipped).toEqual([
      {
        subject: "group/Team",
        reason: `not deleted, because assignment/111111111111/Theirs/group:Team has to stay: ${reason}`,
        position: null,
      },
    ]);
  });

  it("but not that of a group that is listed under removed", () => {
    const made = plan({ removed: { groups: ["Team"] } }, live);
    expect(summary(made)).toEqual([
      "delete assignment/111111111111/Theirs/group:Team (parent-deleted)",
      "delete group/Team (removed)",
    ]);
  });
});
