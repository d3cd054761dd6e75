import { dirname, isAbsolute, posix, resolve, win32 } from "node:path";
import { finding, type Report } from "./codes.ts";
import type { FileAccess } from "./file-access.ts";
import { isInside } from "./files.ts";
import { entriesOf, type LocatedMap, type LocatedText, locate, property } from "./located.ts";
import { fileFinding } from "./read-source.ts";
import type { ReadFile } from "./read-files.ts";
import type { PolicySource } from "./rules/rule.ts";
import { positionOf } from "./source.ts";

/** The inline policies of all permission sets, those from files read; none from outside of `folder`, a real path. A set whose policy cannot be read is left out. */
export interface Policies {
  readonly bySet: ReadonlyMap<string, PolicySource>;
  /** Real paths of all policy files that the manifest names. */
  readonly paths: ReadonlySet<string>;
}

export const loadPolicies = async (
  roots: readonly LocatedMap[],
  folder: string,
  files: FileAccess,
  readFile: ReadFile,
  report: Report,
): Promise<Policies> => {
  const bySet = new Map<string, PolicySource>();
  const paths = new Set<string>();
  for (const root of roots) {
    for (const { name, value } of entriesOf(root, "permissionSets")) {
      const policy = property(value, "inlinePolicy");
      if (policy?.kind === "map") {
        bySet.set(name, { document: policy, position: locate(value, ["inlinePolicy"]) });
      } else if (policy?.kind === "scalar" && typeof policy.value === "string") {
        const text: LocatedText = { ...policy, value: policy.value };
        const path = await policyPath(text, folder, files, report);
        if (path === null) continue;
        paths.add(path.real);
        const position = positionOf(text.place);
        const document = await readFile(path.real, path.shown, position);
        if (document !== null) bySet.set(name, { document, position });
      }
    }
  }
  return { bySet, paths };
};

/** The file that `inlinePolicy` names, relative to the manifest file that holds it; null after a finding. */
const policyPath = async (
  text: LocatedText,
  folder: string,
  files: FileAccess,
  report: Report,
): Promise<{ real: string; shown: string } | null> => {
  const position = positionOf(text.place);
  const outside = (message: string): null => {
    const hint = "keep policies in the manifest's folder, and name them relative to this file";
    report(finding("outside-folder", message, { position, hint }));
    return null;
  };
  if (isAbsolute(text.value) || win32.isAbsolute(text.value)) {
    return outside(`The policy file '${text.value}' is an absolute path`);
  }
  if (text.value.includes("\\")) {
    const hint = `write ${text.value.replace(/\\+/g, "/")}`;
    report(finding("backslash-in-path", `The path '${text.value}' holds backslashes`, { position, hint }));
    return null;
  }
  if (!/\.(json|ya?ml)$/i.test(text.value)) {
    const hint = "name a .json, .yaml or .yml file, or write the policy here as a map";
    report(finding("policy-file-type", `'${text.value}' is not a policy file`, { position, hint }));
    return null;
  }
  try {
    const wanted = resolve(dirname(text.place.source.path), text.value);
    if (!isInside(wanted, folder)) {
      return outside(`The policy file '${text.value}' lies outside of the manifest's folder`);
    }
    const real = await files.realpath(wanted);
    if (!isInside(real, folder)) {
      return outside(
        `The policy file '${text.value}' is a symbolic link that leads out of the manifest's folder`,
      );
    }
    return { real, shown: shownPath(text) };
  } catch (cause) {
    report(fileFinding(cause, shownPath(text), { position }));
    return null;
  }
};

const shownPath = ({ value, place }: LocatedText): string =>
  posix.join(posix.dirname(place.source.file), value);
