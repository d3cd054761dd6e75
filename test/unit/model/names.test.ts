import { describe, expect, it } from "vitest";
import { closestName, foldName } from "../../../src/model/names.ts";

describe("closestName", () => {
  it.each([
    ["sesionDuration", ["description", "sessionDuration"], "sessionDuration"],
    ["jane.deo", ["joe", "jane.doe"], "jane.doe"],
    ["PLATFORM-ADMINS", ["Platform-Admin", "Platform-Admins"], "Platform-Admins"],
    ["mial", ["mail", "mode"], "mail"],
    ["abc", ["xyz"], undefined],
    ["a", ["b"], undefined],
    ["Dev", ["Developers"], undefined],
    ["", ["x"], undefined],
    ["x", [], undefined],
  ])("%s of %j: %s", (name, candidates, expected) => {
    expect(closestName(name, candidates)).toBe(expected);
  });

  it("takes the first of equally close ones", () => {
    expect(closestName("admim", ["admin", "admit"])).toBe("admin");
  });

  it("is not slowed down by endless names", () => {
    expect(closestName("a".repeat(100_000), ["a".repeat(100_001)])).toBeUndefined();
  });
});

describe("foldName", () => {
  it("makes twins in case and in Unicode form equal", () => {
    expect(foldName("ADMINS")).toBe(foldName("admins"));
    expect(foldName("Zoe\u0308")).toBe(foldName("zo\u00eb"));
    expect(foldName("Ａdmins")).toBe("admins");
  });
});
