/**
 * examples/iam: the policies of the roles that plan and apply run with. Every call in src/aws must be allowed, and the
 * role that plans must not be able to write.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { calledActions, isRead, isStatus } from "../support/called-actions.ts";
import { root } from "../support/reconcile.ts";

const actionsOf = (file: string): readonly string[] => {
  const text = readFileSync(join(root, "examples/iam", file), "utf8");
  const { Statement } = JSON.parse(text) as { readonly Statement: readonly { readonly Action: string[] }[] };
  return Statement.flatMap(({ Action }) => Action);
};

const isOfOtherService = (action: string): boolean => action.startsWith("iam:");

it("the read policy allows each call of a plan, and nothing that writes", () => {
  const needed = calledActions().filter((action) => isRead(action) && !isStatus(action));
  expect(needed.length).toBeGreaterThan(20);
  expect(actionsOf("read-policy.json")).toEqual(expect.arrayContaining(needed));
  expect(actionsOf("read-policy.json").filter((action) => !isRead(action))).toEqual([]);
});

it("the write policy allows each call of an apply", () => {
  const needed = calledActions();
  expect(needed.filter((action) => !isRead(action)).length).toBeGreaterThan(20);
  expect(actionsOf("write-policy.json")).toEqual(expect.arrayContaining([...needed]));
});

it("the write policy allows no write that is never made", () => {
  const needed = calledActions();
  const extra = actionsOf("write-policy.json").filter(
    (action) => !isRead(action) && !isOfOtherService(action) && !needed.includes(action),
  );
  expect(extra).toEqual([]);
});
