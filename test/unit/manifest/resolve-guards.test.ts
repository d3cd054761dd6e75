import { expect, test } from "vitest";
import schema from "../../../schemas/access-manifest.schema.json" with { type: "json" };
import { requirements } from "../../../src/manifest/resolve.ts";
import { defaultGuards } from "../../../src/model/guards.ts";
import { at, brief, desiredOf, loaded, prod, resolveWith } from "./resolve-support.ts";

test("accounts of break-glass rules and of classes with a minimum of administrators are resolved", () => {
  const { guards } = desiredOf({
    guards: {
      breakGlass: [{ groups: ["Break-Glass"], accounts: ["production"] }],
      minAdministrators: [{ accounts: [prod], people: 2 }],
      approval: "broadening",
    },
  }).scope;
  expect(guards.breakGlass).toEqual([
    {
      users: [],
      groups: ["Break-Glass"],
      permissionSets: null,
      accounts: [prod],
      position: at("guards.breakGlass.0"),
    },
  ]);
  expect(guards.minAdministrators).toEqual([
    { accounts: [prod], people: 2, position: at("guards.minAdministrators.0") },
  ]);
  expect(guards.approval).toBe("broadening");
});

test("freeze windows: instants once, days and minutes every week", () => {
  const freeze = [
    { name: "a", reason: "r", from: "2026-12-19T00:00:00+01:00", to: "2026-12-20T00:00:00Z" },
    { name: "b", reason: "r", days: ["Sat" as const, "Sun" as const] },
    { name: "c", reason: "r", days: ["Mon" as const], from: "18:30", to: "06:00", timeZone: "Asia/Tokyo" },
  ];
  expect(desiredOf({ guards: { freeze } }).scope.guards.freeze.map(({ time }) => time)).toEqual([
    { kind: "once", from: Date.UTC(2026, 11, 18, 23), to: Date.UTC(2026, 11, 20) },
    { kind: "weekly", days: [6, 0], from: 0, to: 0, timeZone: "UTC" },
    { kind: "weekly", days: [1], from: 18 * 60 + 30, to: 6 * 60, timeZone: "Asia/Tokyo" },
  ]);
});

test("a selector that matches nothing would guard nothing: an error", () => {
  const { findings } = resolveWith({
    guards: { breakGlass: [{ groups: ["Break-Glass"], accounts: ["nowhere"] }] },
  });
  expect(brief(findings)).toEqual(["error unknown-account guards.breakGlass.0.accounts.0"]);
});

test("what their selectors need is read", () => {
  const needs = requirements(
    loaded({ guards: { minAdministrators: [{ accounts: { ou: "Prod" }, people: 2 }] } }),
  );
  expect(needs).toMatchObject({ organization: true, organizationalUnits: true });
});

test("the schema tells the defaults that apply, and describes every guard by its name", () => {
  const { properties } = schema.properties.guards;
  expect(Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, value.default]))).toEqual(
    defaultGuards,
  );
  for (const { description } of Object.values(properties)) expect(description).toMatch(/^Guards? [a-z-]+/);
});
