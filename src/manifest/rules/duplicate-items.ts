import { finding, type Report } from "../codes.ts";
import type { Located } from "../located.ts";
import { type Place, positionOf } from "../source.ts";
import type { Rule } from "./rule.ts";

/** Lists of names in the manifest are sets. Policies have rules of their own. */
export const checkDuplicateItems: Rule = ({ root }, report) => checkNode(root, report);

const checkNode = (node: Located, report: Report): void => {
  if (node.kind === "map") {
    for (const [name, { value }] of node.entries) {
      if (name !== "inlinePolicy" && name !== "managedPolicies") checkNode(value, report);
    }
  }
  if (node.kind !== "list") return;
  const seen = new Map<unknown, Place>();
  const said = new Set<unknown>();
  for (const item of node.items) {
    checkNode(item, report);
    if (item.kind !== "scalar" || item.value === null) continue;
    const first = seen.get(item.value);
    if (first === undefined) {
      seen.set(item.value, item.place);
    }
    if (first === undefined || said.has(item.value)) continue;
    said.add(item.value);
    report(
      finding("duplicate-item", `'${String(item.value)}' stands twice in this list`, {
        position: positionOf(item.place),
        related: { message: "first here", position: positionOf(first) },
        hint: "keep one of them",
      }),
    );
  }
};
