import { finding } from "../codes.ts";
import { entriesOf, property, textsOf } from "../located.ts";
import { type Place, positionOf } from "../source.ts";
import type { Rule } from "./rule.ts";

/** A name is wanted, or unwanted, or the earlier name of one other: never two of these at once. */
export const checkRemoved: Rule = ({ root }, report) => {
  for (const [section, noun] of sections) {
    const entries = entriesOf(root, section);
    const declared = new Map<string, Place>(entries.map(({ name, key }) => [name, key]));
    const removed = new Map<string, Place>();
    for (const { value: name, place } of textsOf(property(root, "removed"), section)) {
      removed.set(name, place);
      const declaration = declared.get(name);
      if (declaration === undefined) continue;
      report(
        finding("removed-and-declared", `The ${noun} '${name}' is declared and listed under removed`, {
          position: positionOf(place),
          related: { message: "declared here", position: positionOf(declaration) },
          hint: "keep one of them",
        }),
      );
    }
    const claimed = new Map<string, Place>();
    for (const { name, value } of entries) {
      for (const earlier of textsOf(value, "previously")) {
        const other = conflict(earlier.value, { declared, removed, claimed });
        if (!claimed.has(earlier.value)) claimed.set(earlier.value, earlier.place);
        if (other === undefined) continue;
        report(
          finding(
            "previously-declared",
            `'${earlier.value}', the earlier name of '${name}', ${other.message}`,
            {
              position: positionOf(earlier.place),
              related: { message: "here", position: positionOf(other.place) },
              hint: "an earlier name belongs to one object, and is used nowhere else",
            },
          ),
        );
      }
    }
  }
};

const sections = [
  ["users", "user"],
  ["groups", "group"],
  ["permissionSets", "permission set"],
] as const;

const conflict = (
  earlier: string,
  names: Readonly<Record<"declared" | "removed" | "claimed", ReadonlyMap<string, Place>>>,
): { message: string; place: Place } | undefined => {
  const messages = {
    declared: "is still declared",
    removed: "is listed under removed",
    claimed: "is the earlier name of another one too",
  } as const;
  for (const list of ["declared", "removed", "claimed"] as const) {
    const place = names[list].get(earlier);
    if (place !== undefined) return { message: messages[list], place };
  }
  return undefined;
};
