import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { createResult, exitCodeOf } from "../../../src/apply/result.ts";
import type { Outcome, Remaining } from "../../../src/apply/result.ts";

const outcome = (status: Outcome["status"], action: Outcome["action"] = "create"): Outcome => ({
  address: "user/jane.doe",
  action,
  status,
});
const remaining: Remaining = { address: "user/jane.doe", problem: "missing", detail: "It is not there" };

test.each([
  ["done", [outcome("done")], [], 0],
  ["nothing to do", [], [], 0],
  ["failed", [outcome("done"), outcome("failed")], [], 6],
  ["skipped", [outcome("skipped")], [], 6],
  ["not converged", [outcome("done")], [remaining], 7],
  ["failed and not converged", [outcome("failed")], [remaining], 6],
  ["interrupted", [outcome("failed"), outcome("not-started")], [], 130],
] as const)("exit code: %s", (_, outcomes, left, code) => {
  expect(exitCodeOf(createResult("d", outcomes, left))).toBe(code);
});

test("what could not be verified is an interruption, and no finding", () => {
  expect(exitCodeOf(createResult("d", [outcome("done")], [remaining], { isUnverified: true }))).toBe(130);
});

test("counts what was done by what it was", () => {
  const outcomes = [
    outcome("done"),
    outcome("done", "update"),
    outcome("done", "delete"),
    outcome("done", "delete"),
    outcome("done", "provision"),
    outcome("failed", "delete"),
    outcome("skipped"),
    outcome("not-started"),
  ];
  expect(createResult("d", outcomes, [remaining]).counts).toEqual({
    created: 1,
    updated: 1,
    deleted: 2,
    provisioned: 1,
    failed: 1,
    skipped: 1,
    notStarted: 1,
    remaining: 1,
  });
});

const schema: unknown = JSON.parse(
  readFileSync(new URL("../../../schemas/apply-result.schema.json", import.meta.url), "utf8"),
);
const validate = new Ajv2020({ strict: true, allErrors: true }).compile(schema as object);

test("the schema takes what is printed", () => {
  const full = createResult(
    "d".repeat(64),
    [{ ...outcome("failed"), detail: "x", failureReason: "y", hint: "z" }, outcome("not-started")],
    [remaining],
  );
  expect(validate(JSON.parse(JSON.stringify(full))) ? [] : validate.errors).toEqual([]);
});

test.each([
  ["a later format", { formatVersion: 2 }],
  ["an unknown property", { extra: 1 }],
  ["an unknown status", { outcomes: [{ ...outcome("done"), status: "maybe" }] }],
  ["an outcome without address", { outcomes: [{ action: "create", status: "done" }] }],
  ["a negative count", { counts: { ...createResult("d", [], []).counts, failed: -1 } }],
])("the schema refuses %s", (_, change) => {
  expect(validate({ ...createResult("d", [], []), ...change })).toBe(false);
});
