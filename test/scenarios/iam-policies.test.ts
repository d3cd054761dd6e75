/**
 * examples/iam: the policies of the roles that plan and apply run with. Every call in src/aws must be allowed, and the
 * role that plans must not be able to write.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { root } from "../support/reconcile.ts";

const actionsOf = (file: string): readonly string[] => {
  const text = readFileSync(join(root, "examples/iam", file), "utf8");
  const { Statement } = JSON.parse(text) as { readonly Statement: readonly { readonly Action: string[] }[] };
  return Statement.flatMap(({ Action }) => Action);
};

/** What src/aws calls, as IAM actions. GetCallerIdentity needs no permission. */
const called = (): readonly string[] => {
  const folder = join(root, "src/aws");
  const calls = readdirSync(folder).flatMap((file) => [
    ...readFileSync(join(folder, file), "utf8").matchAll(
      /\b(sso|identityStore|organizations)\s*\.\s*((?:list|describe|get|create|update|delete|put|attach|detach|tag|untag|provision)\w*)\(/g,
    ),
  ]);
  return [
    ...new Set(
      calls.map(
        ([, service = "", name = ""]) =>
          `${service.toLowerCase()}:${name.slice(0, 1).toUpperCase()}${name.slice(1)}`,
      ),
    ),
  ];
};

const isRead = (action: string): boolean => /:(List|Describe|Get)/.test(action);
/** What happened to asynchronous writes: only who writes needs to know. */
const isStatus = (action: string): boolean => action.endsWith("Status");
const isOfOtherService = (action: string): boolean => action.startsWith("iam:");

it("the read policy allows each call of a plan, and nothing that writes", () => {
  const needed = called().filter((action) => isRead(action) && !isStatus(action));
  expect(needed.length).toBeGreaterThan(20);
  expect(actionsOf("read-policy.json")).toEqual(expect.arrayContaining(needed));
  expect(actionsOf("read-policy.json").filter((action) => !isRead(action))).toEqual([]);
});

it("the write policy allows each call of an apply", () => {
  const needed = called();
  expect(needed.filter((action) => !isRead(action)).length).toBeGreaterThan(20);
  expect(actionsOf("write-policy.json")).toEqual(expect.arrayContaining([...needed]));
});

it("the write policy allows no write that is never made", () => {
  const needed = called();
  const extra = actionsOf("write-policy.json").filter(
    (action) => !isRead(action) && !isOfOtherService(action) && !needed.includes(action),
  );
  expect(extra).toEqual([]);
});
