import type { PermissionSet } from "../model/access-state.ts";
import { grantsOf, statementOf, uncovered } from "../plan/grants.ts";

/** The policies and actions by which a permission set comes to allow more; empty where they are too many for a line. */
export const givenRights = (before: PermissionSet, after: PermissionSet): string => {
  const given = uncovered(grantsOf(after, "Allow"), grantsOf(before, "Allow"));
  const statements = given.map(statementOf).filter((statement) => statement !== null);
  if (statements.some(({ Action }) => Action === undefined)) return "";
  const written = namesIn(after.inlinePolicy?.text ?? "");
  const actions = statements.flatMap(({ Action }) =>
    [Action].flat().map((action) => written.get(String(action)) ?? String(action)),
  );
  const had = new Set([...before.managedPolicies, ...before.customerManagedPolicies.map(pathOf)]);
  const policies = [...after.managedPolicies, ...after.customerManagedPolicies.map(pathOf)]
    .filter((policy) => !had.has(policy))
    .map((policy) => `policy ${policy.replace(/^.*\//, "")}`);
  const text = [...new Set([...policies, ...actions])].join(", ");
  return text.length > longest ? "" : text;
};

/** As their author writes them: the canonical form has actions in small letters. */
const namesIn = (text: string): ReadonlyMap<string, string> =>
  new Map([...text.matchAll(/"([^"\\]+)"/g)].map(([, name = ""]) => [name.toLowerCase(), name]));

const pathOf = ({ path, name }: PermissionSet["customerManagedPolicies"][number]): string => `${path}${name}`;

const longest = 80;
