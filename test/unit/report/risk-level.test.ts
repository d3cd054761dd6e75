import { describe, expect, it } from "vitest";
import type { Change, Risk } from "../../../src/plan/plan.ts";
import { riskLevel, worstLevel } from "../../../src/report/risk-level.ts";
import { plan } from "../plan/builders.ts";

const [group] = plan({ groups: ["Team"] }, {}).changes;
const level = (risk: Risk, action = "create"): string => riskLevel({ ...group, action, risk } as Change);

describe("riskLevel", () => {
  it.each<[string, Risk]>([
    [
      "administrator access",
      { direction: "broadening", reasons: [], administratorAccounts: ["111111111111"] },
    ],
    ["a set that becomes one of administrators", { direction: "broadening", reasons: ["administrator"] }],
    ["rights over identities", { direction: "broadening", reasons: ["identity-rights"] }],
    ["access to the management account", { direction: "broadening", reasons: ["management-account"] }],
    ["a boundary that goes", { direction: "broadening", reasons: ["boundary-removed"] }],
    ["something that is no longer denied", { direction: "broadening", reasons: ["deny-removed"] }],
  ])("high: %s", (_, risk) => expect(level(risk)).toBe("high"));

  it.each<[string, Risk]>([
    ["policies that are added", { direction: "broadening", reasons: ["policy-added"] }],
    ["access that goes", { direction: "narrowing", reasons: [] }],
    ["administrator access that goes", { direction: "narrowing", reasons: ["administrator"] }],
    ["roles of another name", { direction: "neutral", reasons: ["role-replaced"] }],
  ])("medium: %s", (_, risk) => expect(level(risk)).toBe("medium"));

  it.each<[string, Risk]>([
    ["an ordinary assignment", { direction: "broadening", reasons: [] }],
    ["and the first one in an account", { direction: "broadening", reasons: ["first-access"] }],
    ["what gives nobody anything", { direction: "neutral", reasons: [] }],
  ])("low: %s", (_, risk) => expect(level(risk)).toBe("low"));

  it("a deletion is never low", () => {
    expect(level({ direction: "neutral", reasons: [] }, "delete")).toBe("medium");
  });
});

it("the worst of several is found", () => {
  expect(worstLevel([])).toBe("low");
  expect(worstLevel(["low", "medium", "low"])).toBe("medium");
  expect(worstLevel(["medium", "high"])).toBe("high");
});
