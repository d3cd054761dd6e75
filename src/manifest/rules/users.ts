import { foldName } from "../../model/names.ts";
import { isDateText } from "../../model/timestamp.ts";
import { finding } from "../codes.ts";
import { entriesOf, type LocatedText, property, textOf } from "../located.ts";
import { positionOf } from "../source.ts";
import type { Rule } from "./rule.ts";

export const checkUsers: Rule = ({ root }, report) => {
  const byEmail = new Map<string, { user: string; text: LocatedText }>();
  for (const { name, key, value } of entriesOf(root, "users")) {
    if (value.kind !== "map") continue;
    const missing = ["givenName", "familyName"].filter(
      (attribute) => property(value, attribute) === undefined,
    );
    const external = property(value, "external");
    const isOurs = external === undefined || (external.kind === "scalar" && external.value === false);
    if (isOurs && missing.length > 0) {
      report(
        finding("incomplete-user", `User '${name}' lacks ${missing.join(" and ")}`, {
          position: positionOf(key),
          hint: "AWS creates no user without them; write external: true if the identity provider owns the user",
        }),
      );
    }
    const birthdate = textOf(value, "birthdate");
    if (birthdate !== undefined && !isDateText(birthdate.value)) {
      const position = positionOf(birthdate.place);
      const message = `'${birthdate.value}' is not a date`;
      report(finding("invalid-date", message, { position, hint: "write YYYY-MM-DD, a day that exists" }));
    }
    const email = textOf(value, "email") ?? textOf(property(value, "email"), "value");
    if (email === undefined) continue;
    const first = byEmail.get(foldName(email.value));
    if (first === undefined) byEmail.set(foldName(email.value), { user: name, text: email });
    else {
      const message = `Users '${first.user}' and '${name}' have the same e-mail address`;
      report(
        finding("duplicate-email", message, {
          position: positionOf(email.place),
          related: { message: "first here", position: positionOf(first.text.place) },
          hint: "AWS wants an address of its own for each user",
        }),
      );
    }
  }
};
