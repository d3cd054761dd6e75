import { it } from "vitest";
import { user } from "./builders.ts";
import { checkRow, type Row } from "./rows.ts";

const basics = { groups: ["Team"], permissionSets: ["Dev"] };

const objects: readonly Row[] = [
  {
    name: "declared and absent: create",
    desired: { users: ["jane"], groups: ["Team"], permissionSets: ["Dev"] },
    live: {},
    changes: [
      "create user/jane (declared)",
      "create group/Team (declared)",
      "create permissionSet/Dev (declared)",
    ],
  },
  {
    name: "declared and not read: unchecked",
    desired: { groups: ["Team"] },
    live: { unread: [{ scope: "group/*", reason: "denied" }] },
    unchecked: ["group/*", "group/Team"],
  },
  {
    name: "a set that is there but was not read whole: unchecked, even where it differs",
    desired: { permissionSets: [{ name: "Dev", sessionDuration: 7200 }] },
    live: { permissionSets: ["Dev"], unread: [{ scope: "permissionSet/Dev", reason: "denied" }] },
    unchecked: ["permissionSet/Dev"],
  },
  {
    name: "declared and equal: nothing",
    desired: { ...basics, users: ["jane"] },
    live: { ...basics, users: ["jane"] },
  },
  {
    name: "declared and different: update",
    desired: {
      users: [user("jane", { title: "Engineer" })],
      groups: [{ displayName: "Team", description: "New" }],
      permissionSets: [{ name: "Dev", relayState: "https://console.aws.amazon.com/" }],
    },
    live: { users: ["jane"], groups: ["Team"], permissionSets: ["Dev"] },
    changes: [
      "update user/jane (differs)",
      "update group/Team (differs)",
      "update permissionSet/Dev (differs)",
    ],
  },
  {
    name: "external: never written",
    desired: { external: { users: ["jane"], groups: ["Team"], permissionSets: ["Dev"] } },
    live: { users: ["jane"], groups: ["Team"], permissionSets: ["Dev"] },
  },
  {
    name: "undeclared, mode declared: left alone",
    desired: {},
    live: { users: ["jane"], groups: ["Team"], permissionSets: ["Dev"] },
    unmanaged: ["group/Team", "permissionSet/Dev", "user/jane"],
  },
  {
    name: "undeclared, mode exclusive: delete",
    desired: { mode: "exclusive" },
    live: { users: ["jane"], groups: ["Team"], permissionSets: ["Dev"] },
    changes: [
      "delete permissionSet/Dev (exclusive)",
      "delete group/Team (exclusive)",
      "delete user/jane (exclusive)",
    ],
  },
  {
    name: "undeclared, mode exclusive, owned by the identity provider or another manifest: left alone",
    desired: { mode: "exclusive", name: "acme" },
    live: {
      users: ["jane"],
      groups: ["Team"],
      permissionSets: [{ name: "Dev", owner: "other" }],
      externallyOwned: { users: ["jane"], groups: ["Team"] },
    },
    unmanaged: ["group/Team", "permissionSet/Dev", "user/jane"],
  },
  {
    name: "undeclared, mode additive: left alone",
    desired: { mode: "additive" },
    live: { users: ["jane"] },
    unmanaged: ["user/jane"],
  },
  {
    name: "removed: delete",
    desired: { removed: { users: ["jane"], groups: ["Team"], permissionSets: ["Dev"] } },
    live: { users: ["jane"], groups: ["Team"], permissionSets: ["Dev"] },
    changes: [
      "delete permissionSet/Dev (removed)",
      "delete group/Team (removed)",
      "delete user/jane (removed)",
    ],
  },
  { name: "removed and absent: nothing", desired: { removed: { users: ["jane"] } }, live: {} },
  {
    name: "removed, mode additive: withheld",
    desired: { mode: "additive", removed: { users: ["jane"] } },
    live: { users: ["jane"] },
    withheld: ["user/jane"],
  },
  {
    name: "marked as ours and no longer declared: delete",
    desired: { name: "acme" },
    live: { permissionSets: [{ name: "Dev", owner: "acme" }] },
    changes: ["delete permissionSet/Dev (owner-mark)"],
  },
  {
    name: "marked as ours, no longer declared, mode additive: withheld",
    desired: { name: "acme", mode: "additive" },
    live: { permissionSets: [{ name: "Dev", owner: "acme" }] },
    withheld: ["permissionSet/Dev"],
  },
  {
    name: "a mark means nothing to a manifest without a name",
    desired: {},
    live: { permissionSets: [{ name: "Dev", owner: "acme" }] },
    unmanaged: ["permissionSet/Dev"],
  },
  {
    name: "ignored: nothing, in every mode",
    desired: {
      mode: "exclusive",
      ignore: [{ users: ["j*"] }, { groups: ["Team"] }, { permissionSets: ["D??"] }],
    },
    live: { users: ["jane"], groups: ["Team"], permissionSets: ["Dev"] },
    ignored: ["group/Team", "permissionSet/Dev", "user/jane"],
  },
  {
    name: "not read, and due to go: unchecked",
    desired: { removed: { permissionSets: ["Dev"] } },
    live: { permissionSets: ["Dev"], unread: [{ scope: "permissionSet/Dev", reason: "denied" }] },
    unchecked: ["permissionSet/Dev"],
  },
  {
    name: "a kind can have a mode of its own",
    desired: { mode: "exclusive", modes: { users: "declared" } },
    live: { users: ["jane"], groups: ["Team"] },
    changes: ["delete group/Team (exclusive)"],
    unmanaged: ["user/jane"],
  },
];

it.each(objects)("$name", checkRow);
