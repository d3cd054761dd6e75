import { finding } from "../codes.ts";
import { locate, property } from "../located.ts";
import type { Rule } from "./rule.ts";

/** What must be in one of the files. */
export const checkWholeManifest: Rule = ({ root, complete }, report) => {
  if (!complete) return;
  const position = locate(root, []);
  if (property(root, "version") === undefined) {
    const hint = "start with version: 1";
    report(finding("missing-property", "The manifest lacks 'version'", { position, hint }));
  }
  if (declaring.every((name) => property(root, name) === undefined)) {
    const hint = "declare users, groups, permissionSets or assignments";
    report(finding("empty-manifest", "The manifest declares nothing", { position, hint }));
  }
};

const declaring = ["users", "groups", "permissionSets", "assignments", "removed"];
