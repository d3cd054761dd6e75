import { it } from "vitest";
import { checkRow, type Row } from "./rows.ts";

const basics = { groups: ["Team"], permissionSets: ["Dev"] };

const provisioning: readonly Row[] = [
  {
    name: "equal and stale: provision the active accounts",
    desired: basics,
    live: {
      ...basics,
      accounts: { "222222222222": "SUSPENDED" },
      provisioning: {
        Dev: { accounts: ["111111111111", "222222222222"], stale: ["222222222222", "111111111111"] },
      },
    },
    changes: ["provision provisioning/Dev (stale)"],
    skipped: ["provisioning/Dev"],
  },
  {
    name: "updated and stale: the update provisions",
    desired: { permissionSets: [{ name: "Dev", sessionDuration: 7200 }] },
    live: {
      permissionSets: ["Dev"],
      provisioning: { Dev: { accounts: ["111111111111"], stale: ["111111111111"] } },
    },
    changes: ["update permissionSet/Dev (differs)"],
  },
  {
    name: "tags updated and stale: both",
    desired: { permissionSets: [{ name: "Dev", tags: { team: "a" } }] },
    live: {
      permissionSets: ["Dev"],
      provisioning: { Dev: { accounts: ["111111111111"], stale: ["111111111111"] } },
    },
    changes: ["update permissionSet/Dev (differs)", "provision provisioning/Dev (stale)"],
  },
  {
    name: "stale in an ignored account, external or undeclared: nothing",
    desired: {
      permissionSets: ["Dev"],
      external: { permissionSets: ["Ext"] },
      ignore: [{ accounts: ["111111111111"] }],
    },
    live: {
      permissionSets: ["Dev", "Ext", "Und"],
      provisioning: {
        Dev: { accounts: ["111111111111"], stale: ["111111111111"] },
        Ext: { accounts: ["222222222222"], stale: ["222222222222"] },
        Und: { accounts: ["222222222222"], stale: ["222222222222"] },
      },
    },
    ignored: ["provisioning/Dev"],
    unmanaged: ["permissionSet/Und"],
  },
  {
    name: "stale where its last assignment goes: the role goes with it, and there is nothing to provision",
    desired: basics,
    live: {
      ...basics,
      assignments: ["222222222222/Dev/group:Team"],
      provisioning: { Dev: { accounts: ["222222222222"], stale: ["222222222222"] } },
    },
    changes: ["delete assignment/222222222222/Dev/group:Team (not-declared)"],
  },
  {
    name: "staleness not read: nothing",
    desired: { permissionSets: ["Dev"] },
    live: { permissionSets: ["Dev"], provisioning: { Dev: { accounts: ["111111111111"], stale: null } } },
  },
];

it.each(provisioning)("$name", checkRow);
