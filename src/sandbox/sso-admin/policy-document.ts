// The part of IAM's policy grammar that a service checks before it stores an identity policy.

/** What is wrong with the text of a policy, or undefined. */
export function policyProblem(text: string): string | undefined {
  const policy = parse(text);
  if (!isObject(policy)) return "it is not a JSON object";
  const unknown = Object.keys(policy).find((key) => !["Version", "Id", "Statement"].includes(key));
  if (unknown !== undefined) return `the element ${unknown} is not known`;
  if (policy.Version !== undefined && policy.Version !== "2012-10-17" && policy.Version !== "2008-10-17")
    return "Version must be 2012-10-17 or 2008-10-17";
  const statements = Array.isArray(policy.Statement) ? policy.Statement : [policy.Statement];
  if (policy.Statement === undefined || statements.length === 0) return "it has no Statement";
  for (const statement of statements) {
    const problem = statementProblem(statement);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

const statementKeys = new Set([
  "Sid",
  "Effect",
  "Action",
  "NotAction",
  "Resource",
  "NotResource",
  "Condition",
]);

function statementProblem(statement: unknown): string | undefined {
  if (!isObject(statement)) return "a Statement is not an object";
  const unknown = Object.keys(statement).find((key) => !statementKeys.has(key));
  if (unknown !== undefined) return `a Statement has the element ${unknown}`;
  if (statement.Effect !== "Allow" && statement.Effect !== "Deny") return "Effect must be Allow or Deny";
  for (const [positive, negative] of [
    ["Action", "NotAction"],
    ["Resource", "NotResource"],
  ] as const) {
    const values = [statement[positive], statement[negative]].filter((value) => value !== undefined);
    if (values.length !== 1) return `a Statement needs exactly one of ${positive} and ${negative}`;
    if (!isTexts(values[0])) return `${positive} must be a string or a list of strings`;
  }
  if (statement.Condition !== undefined && !isObject(statement.Condition))
    return "Condition must be an object";
  return undefined;
}

function isTexts(value: unknown): boolean {
  const texts: readonly unknown[] = Array.isArray(value) ? value : [value];
  return texts.length > 0 && texts.every((text) => typeof text === "string" && text !== "");
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
