import { finding } from "../codes.ts";
import { entriesOf, type NamedEntry } from "../located.ts";
import { positionOf } from "../source.ts";
import type { Rule } from "./rule.ts";

export const checkAccounts: Rule = ({ root }, report) => {
  const byId = new Map<string, NamedEntry>();
  for (const entry of entriesOf(root, "accounts")) {
    const { name, key, value } = entry;
    if (/^\d+$/.test(name)) {
      const message = `The account name '${name}' reads as an account id`;
      const hint = 'give it a name, such as production: "111111111111"';
      report(finding("account-name-like-id", message, { position: positionOf(key), hint }));
    }
    if (value.kind !== "scalar" || value.value === null) continue;
    // A number that does not read back as written has been refused already.
    if (typeof value.value === "number" && String(value.value) !== value.plain) continue;
    const position = positionOf(value.place);
    const id = value.plain ?? String(value.value);
    if (typeof value.value !== "string" && /^\d{12}$/.test(id)) {
      const message = `The id of account '${name}' is written as a number`;
      report(finding("invalid-account-id", message, { position, hint: `put it in quotes: "${id}"` }));
    } else if (!/^\d{12}$/.test(id)) {
      const digits = /^\d+$/.test(id) ? `; this has ${id.length}` : "";
      const message = `'${id}' is not an account id`;
      report(
        finding("invalid-account-id", message, { position, hint: `account ids have 12 digits${digits}` }),
      );
    }
    const first = byId.get(id);
    if (first === undefined) byId.set(id, entry);
    else {
      report(
        finding("duplicate-account-id", `The account ${id} has two names, '${first.name}' and '${name}'`, {
          position,
          related: { message: "first here", position: positionOf(first.key) },
          hint: "keep one of them",
        }),
      );
    }
  }
};
