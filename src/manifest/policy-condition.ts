import { closestName } from "../model/names.ts";
import type { PathPart } from "./loaded-manifest.ts";
import { isObject, quoted, type ReportProblem } from "./policy-problem.ts";

/** A statement's Condition: {operator: {key: value or list of values}}. */
export function checkCondition(condition: unknown, path: readonly PathPart[], report: ReportProblem): void {
  if (!isObject(condition)) {
    const message = `Condition is an object of operators, not ${quoted(condition)}`;
    report("policy-type", path, message, 'write it as {"StringEquals": {"aws:key": "value"}}');
    return;
  }
  if (Object.keys(condition).length === 0) report("policy-empty-condition", path, "The Condition is empty");
  for (const [operator, block] of Object.entries(condition)) {
    checkOperator(operator, [...path, operator], report);
    checkBlock(operator, block, [...path, operator], report);
  }
}

function checkOperator(operator: string, path: readonly PathPart[], report: ReportProblem): void {
  const [, quantifier = "", bare = "", suffix = ""] =
    /^(ForAnyValue:|ForAllValues:)?(.*?)(IfExists)?$/s.exec(operator) ?? [];
  if (operators.includes(bare) && !(bare === "Null" && suffix !== "")) return;
  const meant = bare === "Null" ? "Null" : closestName(bare, operators);
  const spelling = meant === undefined ? undefined : `${quantifier}${meant}${meant === "Null" ? "" : suffix}`;
  const hint =
    spelling === undefined
      ? "operators are StringEquals, ArnLike, Bool and the like, with ForAnyValue: or ForAllValues: before and IfExists after"
      : `did you mean ${spelling}?`;
  report("policy-operator", path, `${quoted(operator)} is no condition operator`, hint);
}

function checkBlock(
  operator: string,
  block: unknown,
  path: readonly PathPart[],
  report: ReportProblem,
): void {
  if (!isObject(block)) {
    report("policy-type", path, `${operator} holds condition keys and their values, not ${quoted(block)}`);
    return;
  }
  if (Object.keys(block).length === 0) report("policy-empty-condition", path, `${operator} tests no key`);
  const seen = new Set<string>();
  for (const [key, value] of Object.entries(block)) {
    const place = [...path, key];
    if (!/^[^:\s]+:\S/.test(key)) {
      const hint = "a condition key is written with its service, such as aws:SourceIp or s3:prefix";
      report("policy-condition-key", place, `${quoted(key)} is no condition key`, hint);
    }
    if (seen.has(key.toLowerCase())) {
      report("policy-duplicate-item", place, `${quoted(key)} stands twice in ${operator}, case aside`);
    }
    seen.add(key.toLowerCase());
    checkValues(key, value, place, report);
  }
}

function checkValues(key: string, value: unknown, path: readonly PathPart[], report: ReportProblem): void {
  const values: unknown[] = Array.isArray(value) ? value : [value];
  if (values.length === 0) report("policy-empty", path, `${key} has an empty list of values`);
  const seen = new Set<string>();
  for (const [index, item] of values.entries()) {
    const place = Array.isArray(value) ? [...path, index] : path;
    if (typeof item !== "string" && typeof item !== "number" && typeof item !== "boolean") {
      report(
        "policy-type",
        place,
        `${key} is compared with text, numbers or true and false, not ${quoted(item)}`,
      );
    } else if (seen.has(String(item))) {
      report("policy-duplicate-item", place, `${quoted(item)} stands twice in the values of ${key}`);
    } else {
      seen.add(String(item));
    }
  }
}

const operators = [
  "StringEquals",
  "StringNotEquals",
  "StringEqualsIgnoreCase",
  "StringNotEqualsIgnoreCase",
  "StringLike",
  "StringNotLike",
  "NumericEquals",
  "NumericNotEquals",
  "NumericLessThan",
  "NumericLessThanEquals",
  "NumericGreaterThan",
  "NumericGreaterThanEquals",
  "DateEquals",
  "DateNotEquals",
  "DateLessThan",
  "DateLessThanEquals",
  "DateGreaterThan",
  "DateGreaterThanEquals",
  "Bool",
  "BinaryEquals",
  "IpAddress",
  "NotIpAddress",
  "ArnEquals",
  "ArnNotEquals",
  "ArnLike",
  "ArnNotLike",
  "Null",
];
