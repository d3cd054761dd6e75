import { isScalar, isSeq, YAMLSeq } from "yaml";
import type { LoadedManifest } from "../loaded-manifest.ts";
import type { AcceptedOf } from "./accepted.ts";
import type { ManifestEditor } from "./manifest-editor.ts";

/** Puts a member into the list of its group, or takes it out. Answers what the manifest can not say. */
export const acceptMember = (
  { live, declared, reason, risk }: AcceptedOf<"membership">,
  editor: ManifestEditor,
  { value }: LoadedManifest,
): readonly string[] => {
  const membership = live ?? declared;
  if (membership === null) return [];
  const { group, user } = membership;
  if (!editor.isDeclared("groups", group)) return live === null ? [] : ["its group, which is not declared"];
  const declaration = editor.declaration("groups", group);
  if (declaration === null) return ["its group, which is not declared"];
  const before = value.groups?.[group];
  if (before?.external === true) return [];
  // A list is exact: a group without one gets it only where all who are in it are told.
  const isOpen = before !== undefined && !declaration.has("members");
  if (isOpen && reason.code !== "not-declared" && risk?.access !== "gained") return [];
  const list: unknown = declaration.get("members", true);
  const members = isSeq(list) ? list : new YAMLSeq();
  if (!isSeq(list)) {
    members.flow = true;
    declaration.set("members", members);
  }
  const at = members.items.findIndex((item) => (isScalar(item) ? item.value : item) === user);
  if (live === null && at >= 0) members.items.splice(at, 1);
  if (live !== null && at < 0) {
    members.add(user);
    if (!editor.isDeclared("users", user)) editor.declare("users", user, { external: true });
  }
  // A block list without items would print as nothing.
  if (members.items.length === 0) members.flow = true;
  return [];
};
