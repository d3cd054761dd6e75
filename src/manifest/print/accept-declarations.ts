import { posix } from "node:path";
import { stringify, type YAMLMap } from "yaml";
import type { LoadedManifest } from "../loaded-manifest.ts";
import type { Accepted, AcceptedOf } from "./accepted.ts";
import { changeGroup, changePermissionSet, changeUser } from "./change-declaration.ts";
import { type Declaration, declareGroup, declarePermissionSet, declareUser } from "./declare.ts";
import type { ManifestEditor, Section } from "./manifest-editor.ts";

/** Users, groups and permission sets. Answers what the manifest can not say about one; empty: it says it all. */
export const acceptObject = (
  finding: AcceptedOf<"user" | "group" | "permissionSet">,
  editor: ManifestEditor,
  manifest: LoadedManifest,
): readonly string[] => {
  const { section, name, declaration } = subjectOf(finding);
  if (finding.bucket === "missing") {
    editor.remove(section, name);
    if (section === "permissionSets") deletePolicyFile(name, editor, manifest);
    return [];
  }
  if (finding.bucket === "unmanaged") {
    editor.keep(section, name);
    editor.declare(section, name, declaration);
    return [];
  }
  const there = editor.declaration(section, name);
  return there === null ? ["it is not declared where it was"] : change(finding, there, editor, manifest);
};

const subjectOf = (
  finding: AcceptedOf<"user" | "group" | "permissionSet">,
): { readonly section: Section; readonly name: string; readonly declaration: Declaration } => {
  switch (finding.kind) {
    case "user": {
      const { live, declared } = finding;
      return {
        section: "users",
        name: (declared ?? live)?.userName ?? "",
        declaration: live === null ? {} : declareUser(live),
      };
    }
    case "group": {
      const { live, declared } = finding;
      return {
        section: "groups",
        name: (declared ?? live)?.displayName ?? "",
        declaration: live === null ? {} : declareGroup(live),
      };
    }
    case "permissionSet": {
      const { live, declared } = finding;
      return {
        section: "permissionSets",
        name: (declared ?? live)?.name ?? "",
        declaration: live === null ? {} : declarePermissionSet(live),
      };
    }
  }
};

const change = (
  finding: Accepted,
  there: YAMLMap,
  editor: ManifestEditor,
  manifest: LoadedManifest,
): readonly string[] => {
  switch (finding.kind) {
    case "user":
      return changeUser(there, finding, editor.node);
    case "group":
      return changeGroup(there, finding, editor.node);
    case "permissionSet":
      return [
        ...changePermissionSet(there, finding, editor.node),
        ...changeInlinePolicy(there, finding, editor, manifest),
      ];
    default:
      return [];
  }
};

/** Into the file that holds the policy, where no other set takes its policy from there; else into the manifest. */
const changeInlinePolicy = (
  there: YAMLMap,
  { differences, live }: AcceptedOf<"permissionSet">,
  editor: ManifestEditor,
  manifest: LoadedManifest,
): readonly string[] => {
  if (live === null || !differences.some(({ attribute }) => attribute === "inlinePolicy")) return [];
  if (live.inlinePolicy === null) {
    there.delete("inlinePolicy");
    deletePolicyFile(live.name, editor, manifest);
    return [];
  }
  const policy: unknown = JSON.parse(live.inlinePolicy.text);
  const file = ownPolicyFile(live.name, manifest);
  if (file === null) there.set("inlinePolicy", editor.node(policy));
  else
    editor.rewrite(file, file.endsWith(".json") ? `${JSON.stringify(policy, null, 2)}\n` : stringify(policy));
  return [];
};

/** A policy that no set takes is a mistake in a folder of YAML files. */
const deletePolicyFile = (name: string, editor: ManifestEditor, manifest: LoadedManifest): void => {
  const file = ownPolicyFile(name, manifest);
  if (file !== null) editor.rewrite(file, null);
};

/** null: the policy stands in the manifest, or in a file from which other sets take theirs. */
const ownPolicyFile = (name: string, manifest: LoadedManifest): string | null => {
  const file = policyFile(name, manifest);
  const others = [...manifest.policies.keys()].filter((other) => policyFile(other, manifest) === file);
  return others.length > 1 ? null : file;
};

/** As the sources name it; null: the policy stands in the manifest. */
const policyFile = (name: string, { value, policies }: LoadedManifest): string | null => {
  const declared = value.permissionSets?.[name]?.inlinePolicy;
  const reference = policies.get(name)?.position.file;
  return typeof declared === "string" && reference !== undefined
    ? posix.join(posix.dirname(reference), declared)
    : null;
};
