import { finding } from "../codes.ts";
import { entriesOf, isTrue, property } from "../located.ts";
import { positionOf } from "../source.ts";
import type { Rule } from "./rule.ts";

/** An external object is never written, so a setting on it would be silently without effect. */
export const checkExternalObjects: Rule = ({ root }, report) => {
  for (const [section, noun] of sections) {
    for (const { name, value } of entriesOf(root, section)) {
      if (value.kind !== "map" || !isTrue(property(value, "external"))) continue;
      for (const [setting, entry] of value.entries) {
        if (setting === "external") continue;
        report(
          finding(
            "external-with-settings",
            `${noun} '${name}' is external, so its '${setting}' is not written`,
            {
              position: positionOf(entry.key),
              hint: `remove '${setting}', or external: true if it is managed here`,
            },
          ),
        );
      }
    }
  }
};

const sections = [
  ["users", "User"],
  ["groups", "Group"],
  ["permissionSets", "Permission set"],
] as const;
