import { describe, expect, it } from "vitest";
import { createLimits, type Service } from "../../../src/aws/limits.ts";
import { fakeTime } from "./support/fake-time.ts";

const callsInTenSeconds = async (calls: readonly (readonly [Service, string])[], rps = 18) => {
  const time = fakeTime();
  const limits = createLimits({ rps, ...time });
  let count = 0;
  for (;;) {
    const [service, operation] = calls[count % calls.length]!;
    await limits.bucket(service, operation).take();
    if (time.now() > 10_000) return count;
    count += 1;
  }
};

describe("createLimits", () => {
  it("counts all of sso-admin together", async () => {
    expect(
      await callsInTenSeconds([
        ["sso", "ListPermissionSets"],
        ["sso", "DescribePermissionSet"],
      ]),
    ).toBeCloseTo(180, -1);
  });

  it("counts each operation of the identity store for itself", async () => {
    const count = await callsInTenSeconds([
      ["identitystore", "ListUsers"],
      ["identitystore", "ListGroups"],
    ]);
    expect(count).toBeCloseTo(360, -1);
  });

  it("takes another rate for both", async () => {
    expect(await callsInTenSeconds([["sso", "ListPermissionSets"]], 5)).toBeCloseTo(50, -1);
    expect(await callsInTenSeconds([["identitystore", "ListUsers"]], 5)).toBeCloseTo(50, -1);
  });

  it("keeps the rates of Organizations, whatever --rps says", async () => {
    expect(await callsInTenSeconds([["organizations", "ListAccounts"]], 100)).toBeLessThan(80);
    expect(await callsInTenSeconds([["organizations", "ListRoots"]], 100)).toBeLessThanOrEqual(12);
    expect(await callsInTenSeconds([["organizations", "SomethingNew"]], 100)).toBeLessThanOrEqual(12);
  });
});
