import { canonicalJson } from "../model/canonical-json.ts";
import { closestName } from "../model/names.ts";
import { canonicalStatement } from "../model/policy.ts";
import type { PathPart } from "./loaded-manifest.ts";
import { checkCondition } from "./policy-condition.ts";
import { isObject, type PolicyProblem, policyCodes, quoted, type ReportProblem } from "./policy-problem.ts";

/**
 * IAM's grammar for identity policies, as far as it is certain: what IAM refuses is an error here, before any call;
 * what it takes but is hardly meant is a warning. Which actions exist changes every week, so nothing here knows them.
 */
export function checkPolicyGrammar(document: unknown): PolicyProblem[] {
  const problems: PolicyProblem[] = [];
  const report: ReportProblem = (code, path, message, hint) => {
    const { severity } = policyCodes[code];
    problems.push({ code, severity, path, message, ...(hint === undefined ? {} : { hint }) });
  };
  if (!isObject(document)) {
    report("policy-type", [], `A policy is an object with Version and Statement, not ${quoted(document)}`);
    return problems;
  }
  checkElements(document, ["Version", "Id", "Statement"], [], report);
  checkVersion(document.Version, report);
  if (document.Id !== undefined) checkText(document.Id, ["Id"], report);
  checkStatements(document.Statement, report);
  return problems;
}

function checkVersion(version: unknown, report: ReportProblem): void {
  const hint = 'write Version: "2012-10-17", in quotes';
  if (version === undefined) {
    const message =
      "The policy has no Version, so IAM reads it by the rules of 2008, where ${...} is no variable";
    report("policy-version-missing", [], message, hint);
  } else if (version !== "2012-10-17" && version !== "2008-10-17") {
    report("policy-version", ["Version"], `${quoted(version)} is no version of the policy language`, hint);
  }
}

function checkStatements(statements: unknown, report: ReportProblem): void {
  if (statements === undefined) {
    report("policy-missing-element", [], "The policy has no Statement");
    return;
  }
  const list: unknown[] = Array.isArray(statements) ? statements : [statements];
  if (list.length === 0) report("policy-empty", ["Statement"], "The policy has no statements");
  const sids = new Map<string, number>();
  const forms = new Map<string, number>();
  for (const [index, statement] of list.entries()) {
    const path = Array.isArray(statements) ? ["Statement", index] : ["Statement"];
    if (!isObject(statement)) {
      report("policy-type", path, `A statement is an object, not ${quoted(statement)}`);
      continue;
    }
    checkStatement(statement, path, report);
    const form = canonicalJson(canonicalStatement(statement));
    const sid = typeof statement.Sid === "string" && statement.Sid !== "" ? statement.Sid : null;
    const twin = forms.get(form);
    const namesake = sid === null ? undefined : sids.get(sid);
    if (namesake !== undefined) {
      const message = `The Sid ${quoted(sid)} is that of ${ordinal(namesake)} already`;
      report("policy-duplicate-sid", [...path, "Sid"], message, "give every statement a Sid of its own");
    } else if (twin !== undefined) {
      report("policy-duplicate-statement", path, `The ${ordinal(index)} says the same as ${ordinal(twin)}`);
    }
    forms.set(form, twin ?? index);
    if (sid !== null) sids.set(sid, namesake ?? index);
  }
}

const ordinal = (index: number): string => `statement number ${index + 1}`;

type Element = "Action" | "Resource";

function checkStatement(
  statement: Readonly<Record<string, unknown>>,
  path: readonly PathPart[],
  report: ReportProblem,
): void {
  const known = ["Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"];
  checkElements(statement, known, path, report);
  if (statement.Sid !== undefined) checkSid(statement.Sid, [...path, "Sid"], report);
  checkEffect(statement.Effect, path, report);
  checkAlternative(statement, "Action", path, report, checkAction);
  checkAlternative(statement, "Resource", path, report, checkResource);
  if (statement.Condition !== undefined) checkCondition(statement.Condition, [...path, "Condition"], report);
}

function checkElements(
  holder: Readonly<Record<string, unknown>>,
  known: readonly string[],
  path: readonly PathPart[],
  report: ReportProblem,
): void {
  for (const element of Object.keys(holder)) {
    if (known.includes(element)) continue;
    if (path.length > 0 && /^(not)?principal$/i.test(element)) {
      const hint = "leave it out: the policy applies to whoever has the permission set";
      const message = `A permission set's policy cannot have ${element}`;
      report("policy-principal", [...path, element], message, hint);
      continue;
    }
    const meant = closestName(element, known);
    const hint = meant === undefined ? `known here: ${known.join(", ")}` : `did you mean ${meant}?`;
    const holderName = path.length === 0 ? "policy" : "statement";
    report("policy-unknown-element", [...path, element], `A ${holderName} has no ${quoted(element)}`, hint);
  }
}

function checkSid(sid: unknown, path: readonly PathPart[], report: ReportProblem): void {
  if (checkText(sid, path, report) && !/^[A-Za-z0-9]*$/.test(String(sid))) {
    report("policy-sid", path, `The Sid ${quoted(sid)} has characters other than A-Z, a-z and 0-9`);
  }
}

function checkEffect(effect: unknown, path: readonly PathPart[], report: ReportProblem): void {
  if (effect === undefined) {
    report(
      "policy-missing-element",
      path,
      "The statement has no Effect",
      "write Effect: Allow or Effect: Deny",
    );
  } else if (effect !== "Allow" && effect !== "Deny") {
    const meant = typeof effect === "string" ? closestName(effect, ["Allow", "Deny"]) : undefined;
    const hint = meant === undefined ? undefined : `did you mean ${meant}?`;
    report("policy-effect", [...path, "Effect"], `Effect is Allow or Deny, not ${quoted(effect)}`, hint);
  }
}

/** Exactly one of an element and its opposite, and all the texts in it. */
function checkAlternative(
  statement: Readonly<Record<string, unknown>>,
  element: Element,
  path: readonly PathPart[],
  report: ReportProblem,
  checkItem: (item: string, path: readonly PathPart[], report: ReportProblem) => void,
): void {
  const opposite = `Not${element}`;
  const present = [element, opposite].filter((name) => statement[name] !== undefined);
  if (present.length === 0) {
    report("policy-missing-element", path, `The statement has neither ${element} nor ${opposite}`);
  } else if (present.length === 2) {
    report("policy-both-elements", [...path, opposite], `The statement has both ${element} and ${opposite}`);
  }
  for (const name of present) {
    const value = statement[name];
    const items: unknown[] = Array.isArray(value) ? value : [value];
    if (items.length === 0) report("policy-empty", [...path, name], `${name} is an empty list`);
    const seen = new Set<string>();
    for (const [index, item] of items.entries()) {
      const place = Array.isArray(value) ? [...path, name, index] : [...path, name];
      if (!checkText(item, place, report) || typeof item !== "string") continue;
      const folded = element === "Action" ? item.toLowerCase() : item;
      if (seen.has(folded)) report("policy-duplicate-item", place, `${quoted(item)} stands twice in ${name}`);
      seen.add(folded);
      checkItem(item, place, report);
    }
  }
}

function checkAction(action: string, path: readonly PathPart[], report: ReportProblem): void {
  if (action === "*" || action === "*:*") return;
  if (/^[A-Za-z0-9-]+:[A-Za-z0-9_.*?-]+$/.test(action)) return;
  report("policy-action", path, `${quoted(action)} is no action`, hintForAction(action));
}

function hintForAction(action: string): string {
  const [, service, rest] = /^([A-Za-z0-9*?-]*)[:.,;/ ]+(.*)$/.exec(action) ?? [];
  if (service !== undefined && /[*?]/.test(service)) {
    return "the service cannot have wildcards: name it, or write * for every action of every service";
  }
  const camel = /^([a-z0-9-]+)([A-Z]\w*\*?)$/.exec(action);
  if (camel !== null) return `did you mean ${camel[1]}:${camel[2]}?`;
  if (service !== undefined && service !== "" && rest !== undefined && /^[\w*?]+$/.test(rest)) {
    return `did you mean ${service}:${rest}?`;
  }
  return "an action is written service:Action, such as s3:GetObject or s3:Get*";
}

function checkResource(resource: string, path: readonly PathPart[], report: ReportProblem): void {
  if (resource === "*") return;
  const hint = "a resource is written arn:partition:service:region:account:resource, or * for all";
  const [prefix, partition = "", ...rest] = resource.split(":");
  if (prefix === "arn" && rest.length >= 4) {
    if (/^aws(-[a-z]+)*$/.test(partition) || /[*?$]/.test(partition)) return;
    report("policy-resource", path, `${quoted(partition)} in ${quoted(resource)} is no AWS partition`, hint);
  } else if (/^(arn:.*[*?]|[*?]|\$\{)/.test(resource)) {
    report(
      "policy-resource-unclear",
      path,
      `${quoted(resource)} has fewer than the six parts of an ARN`,
      hint,
    );
  } else {
    report("policy-resource", path, `${quoted(resource)} is neither an ARN nor *`, hint);
  }
}

/** Whether it is a text that says something; an empty Sid is none. */
function checkText(value: unknown, path: readonly PathPart[], report: ReportProblem): boolean {
  const element = path.findLast((part) => typeof part === "string");
  if (typeof value !== "string") {
    report("policy-type", path, `${element} holds text, not ${quoted(value)}`);
    return false;
  }
  if (value === "" && element !== "Sid") report("policy-empty", path, `${element} is empty`);
  return value !== "";
}
