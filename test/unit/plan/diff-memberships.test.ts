import { it } from "vitest";
import { checkRow, type Row } from "./rows.ts";

const memberships: readonly Row[] = [
  {
    name: "declared and absent: create, after the group and the user",
    desired: { users: ["jane"], groups: ["Team"], memberships: ["Team/jane"] },
    live: { users: ["jane"], groups: ["Team"] },
    changes: ["create membership/Team/jane (declared)"],
  },
  {
    name: "declared and not read: unchecked",
    desired: { users: ["jane"], groups: ["Team"], memberships: ["Team/jane"] },
    live: { users: ["jane"], groups: ["Team"], unread: [{ scope: "membership/Team/*", reason: "denied" }] },
    unchecked: ["membership/Team/*", "membership/Team/jane"],
  },
  {
    name: "of a user that could not be read: unchecked",
    desired: { external: { users: ["jane"] }, groups: ["Team"], memberships: ["Team/jane"] },
    live: { groups: ["Team"], unread: [{ scope: "user/*", reason: "denied" }] },
    unchecked: ["membership/Team/jane", "user/*"],
  },
  {
    name: "undeclared in a group with members: delete",
    desired: { groups: ["Team"], managedMembers: ["Team"] },
    live: { groups: ["Team"], users: ["jane"], memberships: ["Team/jane"] },
    changes: ["delete membership/Team/jane (not-declared)"],
    unmanaged: ["user/jane"],
  },
  {
    name: "undeclared in a group with members, mode additive: withheld",
    desired: { groups: ["Team"], managedMembers: ["Team"], modes: { memberships: "additive" } },
    live: { groups: ["Team"], memberships: ["Team/jane"] },
    withheld: ["membership/Team/jane"],
  },
  {
    name: "in a declared group without members: left alone, in mode exclusive too",
    desired: { groups: ["Team"], modes: { memberships: "exclusive" } },
    live: { groups: ["Team"], memberships: ["Team/jane"] },
    unmanaged: ["membership/Team/jane"],
  },
  {
    name: "in an undeclared group: left alone",
    desired: {},
    live: { groups: ["Team"], memberships: ["Team/jane"] },
    unmanaged: ["group/Team", "membership/Team/jane"],
  },
  {
    name: "in an undeclared group, mode exclusive for memberships: delete",
    desired: { modes: { memberships: "exclusive" } },
    live: { groups: ["Team"], memberships: ["Team/jane"] },
    changes: ["delete membership/Team/jane (exclusive)"],
    unmanaged: ["group/Team"],
  },
  {
    name: "in an undeclared group that has another manifest's set: left alone, with group and user, in mode exclusive too",
    desired: { mode: "exclusive", name: "acme", groups: ["Ours"], users: ["max"], permissionSets: ["Dev"] },
    live: {
      users: ["jane", "max"],
      groups: ["Team", "Ours"],
      permissionSets: ["Dev", { name: "Theirs", owner: "other" }],
      memberships: ["Team/jane", "Team/max"],
      assignments: ["111111111111/Theirs/group:Team", "111111111111/Dev/group:Team"],
    },
    changes: ["delete assignment/111111111111/Dev/group:Team (exclusive)"],
    unmanaged: [
      "assignment/111111111111/Theirs/group:Team",
      "membership/Team/jane",
      "membership/Team/max",
      "permissionSet/Theirs",
    ],
    skipped: ["group/Team", "user/jane"],
  },
  {
    name: "in such a group, memberships alone are exclusive: left alone",
    desired: { modes: { memberships: "exclusive" } },
    live: {
      groups: ["Team"],
      permissionSets: [{ name: "Theirs", owner: "other" }],
      memberships: ["Team/jane"],
      assignments: ["111111111111/Theirs/group:Team"],
    },
    unmanaged: [
      "assignment/111111111111/Theirs/group:Team",
      "group/Team",
      "membership/Team/jane",
      "permissionSet/Theirs",
    ],
  },
  {
    name: "in such a group that is declared with its members: delete",
    desired: { groups: ["Team"], managedMembers: ["Team"], users: ["jane"] },
    live: {
      groups: ["Team"],
      users: ["jane"],
      permissionSets: [{ name: "Theirs", owner: "other" }],
      memberships: ["Team/jane"],
      assignments: ["111111111111/Theirs/group:Team"],
    },
    changes: ["delete membership/Team/jane (not-declared)"],
    unmanaged: ["assignment/111111111111/Theirs/group:Team", "permissionSet/Theirs"],
  },
  {
    name: "in such a group, of a user under `removed`: delete, with the user",
    desired: { mode: "exclusive", name: "acme", groups: ["Ours"], removed: { users: ["jane"] } },
    live: {
      groups: ["Team", "Ours"],
      users: ["jane"],
      permissionSets: [{ name: "Theirs", owner: "other" }],
      memberships: ["Team/jane"],
      assignments: ["111111111111/Theirs/group:Team"],
    },
    changes: ["delete membership/Team/jane (parent-deleted)", "delete user/jane (removed)"],
    unmanaged: ["assignment/111111111111/Theirs/group:Team", "permissionSet/Theirs"],
    skipped: ["group/Team"],
  },
  {
    name: "in a group that has a set of this manifest's own, mode exclusive: delete",
    desired: { mode: "exclusive", name: "acme", permissionSets: ["Dev"], users: ["jane"] },
    live: {
      groups: ["Team"],
      users: ["jane"],
      permissionSets: [{ name: "Dev", owner: "acme" }],
      memberships: ["Team/jane"],
      assignments: ["111111111111/Dev/group:Team"],
    },
    changes: [
      "delete assignment/111111111111/Dev/group:Team (parent-deleted)",
      "delete membership/Team/jane (parent-deleted)",
      "delete group/Team (exclusive)",
    ],
  },
  {
    name: "in a group of the identity provider: left alone, in mode exclusive too",
    desired: { mode: "exclusive", external: { groups: ["Team"] }, users: ["jane"] },
    live: {
      groups: ["Team"],
      users: ["jane"],
      memberships: ["Team/jane"],
      externallyOwned: { groups: ["Team"] },
    },
    unmanaged: ["membership/Team/jane"],
  },
  {
    name: "of a user that goes: delete first",
    desired: { groups: ["Team"], removed: { users: ["jane"] } },
    live: { groups: ["Team"], users: ["jane"], memberships: ["Team/jane"] },
    changes: ["delete membership/Team/jane (parent-deleted)", "delete user/jane (removed)"],
  },
  {
    name: "of an ignored user: ignored, declared or not",
    desired: {
      groups: ["Team"],
      managedMembers: ["Team"],
      ignore: [{ users: ["svc-*"] }],
    },
    live: { groups: ["Team"], users: ["svc-a"], memberships: ["Team/svc-a"] },
    ignored: ["membership/Team/svc-a", "user/svc-a"],
  },
  {
    name: "a rule with several keys covers only where all match",
    desired: {
      groups: ["Team", "Other"],
      managedMembers: ["Team", "Other"],
      ignore: [{ users: ["jane"], groups: ["Team"] }],
    },
    live: { groups: ["Team", "Other"], users: ["jane"], memberships: ["Team/jane", "Other/jane"] },
    changes: ["delete membership/Other/jane (not-declared)"],
    ignored: ["membership/Team/jane"],
    unmanaged: ["user/jane"],
  },
];

it.each(memberships)("$name", checkRow);
