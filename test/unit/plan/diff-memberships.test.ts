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
