import type { ErrorObject } from "ajv";
import { validate } from "../generated/validate-manifest.js";
import { closestName } from "../model/names.ts";
import type { Report } from "./codes.ts";
import { eitherOr, explainSchemaError, presenceAlternatives } from "./explain-schema-error.ts";
import { type Located, type LocatedMap, toPlain } from "./located.ts";
import type { PathPart } from "./loaded-manifest.ts";

/** Checks one file against the JSON Schema. What is required of the whole manifest is a rule (rules/whole-manifest.ts). */
export const checkSchema = (root: LocatedMap, report: Report): void => {
  if (validate(toPlain(root))) return;
  const errors = meant(validate.errors ?? []);
  for (const error of errors) {
    if (saidElsewhere(error, errors)) continue;
    report(explainSchemaError(error, pathOf(error.instancePath, root), root));
  }
};

/** What a rule says better (see rules/), and a property that is missing because its name is mistyped. */
const saidElsewhere = (error: ErrorObject, errors: readonly ErrorObject[]): boolean => {
  if (error.keyword === "uniqueItems") return true;
  if (error.keyword === "propertyNames" || error.propertyName !== undefined) return true;
  if (error.keyword !== "required" && error.keyword !== "anyOf") return false;
  if (error.keyword === "required" && error.instancePath === "") return true;
  const missing =
    error.keyword === "required" ? [String(error.params["missingProperty"])] : presenceAlternatives(error);
  return errors.some(
    ({ keyword, instancePath, params }) =>
      keyword === "additionalProperties" &&
      instancePath === error.instancePath &&
      closestName(String(params["additionalProperty"]), missing) !== undefined,
  );
};

/**
 * ajv reports every branch of an anyOf that did not hold. What the user wants to hear is what is wrong with the
 * branch that was meant: the one of the value's type, and among several of those the one with most of its keys.
 */
const meant = (errors: readonly ErrorObject[]): readonly ErrorObject[] => {
  let kept = errors;
  for (const choice of errors.filter(({ keyword }) => keyword === "anyOf")) kept = chooseBranch(choice, kept);
  return kept;
};

const chooseBranch = (choice: ErrorObject, errors: readonly ErrorObject[]): readonly ErrorObject[] => {
  const branches = choice.schema as readonly Branch[];
  const inBranch = (error: ErrorObject): boolean => error.schemaPath.startsWith(`${choice.schemaPath}/`);
  // Which keys must be there: nothing to choose, the anyOf itself says it.
  if (presenceAlternatives(choice).length > 0) {
    return errors.filter((error) => !(inBranch(error) && error.instancePath === choice.instancePath));
  }
  const sameValue = errors.filter((error) => error.instancePath === choice.instancePath && error !== choice);
  const wrongType = sameValue.filter((error) => isOfOtherType(error));
  // No branch takes a value of this type: say once what would do.
  if (wrongType.length >= branches.length) return errors.filter((error) => !wrongType.includes(error));
  const otherBranches = branches
    .map((branch, index) => ({
      branch,
      prefix: `${choice.schemaPath}/${index}/`,
      likeness: likeness(branch, choice.data),
    }))
    .sort((a, b) => b.likeness - a.likeness)
    .slice(1);
  return errors
    .filter(
      (error) =>
        error !== choice &&
        !wrongType.includes(error) &&
        !(
          error.instancePath.startsWith(choice.instancePath) &&
          otherBranches.some(({ prefix }) => error.schemaPath.startsWith(prefix)) &&
          isInlineObject(branches)
        ),
    )
    .map((error) => {
      const isOfAnother = otherBranches.some(({ branch }) => isExtra(error, branch));
      return isOfAnother && error.instancePath === choice.instancePath
        ? { ...error, keyword: eitherOr }
        : error;
    });
};

/** A property that another branch has. */
const isExtra = ({ keyword, params }: ErrorObject, { properties = {} }: Branch): boolean =>
  keyword === "additionalProperties" && Object.hasOwn(properties, String(params["additionalProperty"]));

interface Branch {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, unknown>>;
}

const isOfOtherType = (error: ErrorObject): boolean =>
  error.keyword === "type" || (error.keyword === "enum" && typeof error.data !== "string");

/** Only branches that are objects, and stand in the anyOf itself, compete for one value. */
const isInlineObject = (branches: readonly Branch[]): boolean =>
  branches.filter(({ properties }) => properties !== undefined).length > 1;

const likeness = (branch: Branch, data: unknown): number =>
  typeof data === "object" && data !== null && branch.properties !== undefined
    ? Object.keys(branch.properties).filter((key) => Object.hasOwn(data, key)).length + 0.5
    : 0;

/** A JSON pointer as path; numbers where the file has a list. */
const pathOf = (pointer: string, root: Located): readonly PathPart[] => {
  const path: PathPart[] = [];
  let node: Located | undefined = root;
  for (const part of pointer.split("/").slice(1)) {
    const name = part.replaceAll("~1", "/").replaceAll("~0", "~");
    path.push(node?.kind === "list" ? Number(name) : name);
    if (node?.kind === "list") node = node.items[Number(name)];
    else node = node?.kind === "map" ? node.entries.get(name)?.value : undefined;
  }
  return path;
};
