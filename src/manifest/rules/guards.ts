import { closestName } from "../../model/names.ts";
import { finding } from "../codes.ts";
import { property, textsOf } from "../located.ts";
import { positionOf } from "../source.ts";
import type { Rule } from "./rule.ts";

/** A pattern that matches nothing would protect nothing, without a word. */
export const checkGuards: Rule = ({ root }, report) => {
  for (const { value: pattern, place } of textsOf(property(root, "guards"), "protect")) {
    const [kind = "", ...rest] = pattern.split("/");
    const wildcard = /[*?]/.test(kind);
    if (wildcard || (kind in partsOf && rest.length > 0)) {
      const parts = partsOf[kind];
      if (wildcard || parts === undefined || rest.length === parts || /\*/.test(pattern)) continue;
    }
    const closest = closestName(kind, Object.keys(partsOf));
    const example = examples[kind] ?? examples[closest ?? ""] ?? "permissionSet/BreakGlass";
    report(
      finding("invalid-address-pattern", `'${pattern}' can match no address`, {
        position: positionOf(place),
        hint: `write it like ${example}`,
      }),
    );
  }
};

/** How many parts follow the kind in an address. */
const partsOf: Readonly<Record<string, number>> = {
  user: 1,
  group: 1,
  membership: 2,
  permissionSet: 1,
  assignment: 3,
};

const examples: Readonly<Record<string, string>> = {
  user: "user/jane.doe",
  group: "group/Platform-Admins",
  membership: "membership/Platform-Admins/jane.doe",
  permissionSet: "permissionSet/BreakGlass",
  assignment: "assignment/111111111111/BreakGlass/group:Platform-Admins",
};
