/** A reviewed plan of which AWS refused a part, and then the same plan again: the rest is done, and nothing else. */
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { noFaults } from "../../src/sandbox/faults.ts";
import { estate, holdings } from "../support/estate.ts";
import { createHands } from "../support/hands.ts";
import { runInProcess } from "../support/in-process.ts";
import { useReviewedChange } from "../support/reviewed-change.ts";

const { world, open, again, digest, heldAtRest, expectDone, expectRefused } = useReviewedChange();

describe("applied in part, and again with the same plan", () => {
  const partly = async (faults: string): Promise<void> => {
    const options = { ...noFaults, rates: [] as { kind: "denied"; operation: string; rate: number }[] };
    await open({ faults: options });
    options.rates.push({ kind: "denied", operation: faults, rate: 1 });
    const run = await again();
    expect(run.exitCode).toBe(6);
    options.rates.length = 0;
  };

  it.each([
    "CreateGroupMembership",
    "PutInlinePolicyToPermissionSet",
    "AttachManagedPolicyToPermissionSet",
    "ProvisionPermissionSet",
    "CreateAccountAssignment",
    "DeletePermissionSet",
  ])("%s was denied: it converges", async (operation) => {
    await partly(operation);
    const run = await again();
    expect(run.stderr).toMatch(/\d+ of \d+ changes of this plan were done by an earlier run \(started 20/);
    await expectDone(run);
  });

  it("carries the reviewed digest in the result, too", async () => {
    await partly("CreateAccountAssignment");
    const run = await again("--format", "json");
    expect(JSON.parse(run.stdout)).toMatchObject({ planDigest: digest() });
    await expectDone(run);
    const none = await again("--format", "json");
    expect(JSON.parse(none.stdout)).toMatchObject({ planDigest: digest(), outcomes: [] });
  });

  it("a policy was denied, and somebody put another: refused, by name", async () => {
    await partly("PutInlinePolicyToPermissionSet");
    await createHands(world()).putInline("Operate", policy("iam:*"));
    const held = holdings(world());
    const run = await again();
    expectRefused(run, held);
    expect(run.stderr).toContain("permissionSet/Operate");
    expect(run.stderr).not.toContain("group/Operators");
  });

  it("what was refused was then done by hand: nobody's run did that, refused", async () => {
    await partly("CreateGroupMembership");
    await createHands(world()).addMember("Operators", "ann");
    const held = holdings(world());
    const run = await again();
    expectRefused(run, held);
    expect(run.stderr).toContain("+ membership/Operators/ann  (was not there, and is now)");
    expect(run.stderr).not.toContain("group/Operators");
  });

  it("what was done was undone by hand: refused, by name", async () => {
    await partly("CreateAccountAssignment");
    await createHands(world()).removeMember("Operators", "ann");
    const held = holdings(world());
    const run = await again();
    expectRefused(run, held);
    expect(run.stderr).toContain(
      "membership/Operators/ann  (was done by an earlier run of this plan, and is not so any more)",
    );
  });

  it("something else moved: refused, and only that is named", async () => {
    await partly("CreateAccountAssignment");
    await createHands(world()).assign("Read", "222222222222", "USER", "ann");
    const held = await heldAtRest();
    const run = await again();
    expectRefused(run, held);
    const named = run.stderr.slice(run.stderr.indexOf("error[stale-plan]")).split("\n");
    expect(named.filter((line) => /^ {2}[-+~] /.test(line))).toEqual([
      expect.stringContaining("assignment/222222222222/Read/user:ann"),
    ]);
    expect(run.stderr).toMatch(/\d+ of \d+ changes of this plan were done by an earlier run \([^)]*\)\.\n/);
  });

  it("the manifest changed: refused", async () => {
    await partly("CreateAccountAssignment");
    await world().write("after.yaml", { ...estate.after, name: "acme" });
    const held = holdings(world());
    const run = await again();
    expectRefused(run, held);
    expect(run.stderr).toContain("error[manifest-changed]");
  });

  it("the plan has expired: refused", async () => {
    await partly("CreateAccountAssignment");
    const held = holdings(world());
    const run = await runInProcess(["apply", "after.yaml", "--plan", "plan.json"], {
      cwd: world().folder,
      url: world().sandbox.url,
      now: () => Date.now() + 25 * 3_600_000,
    });
    expectRefused(run, held);
    expect(run.stderr).toContain("error[plan-expired]");
  });

  it("the trail holds lines that a crash or a person has spoilt: they say nothing, and harm nothing", async () => {
    await partly("CreateAccountAssignment");
    const reviewed = digest();
    appendFileSync(
      join(world().folder, ".reconcile/audit.jsonl"),
      `not JSON ${reviewed}\nnull\n[]\n{"planDigest":"${reviewed}","calls":7,"outcome":"failed"}\n{"planDigest":"${reviewed}","addr`,
    );
    await expectDone(await again());
  });
});

const policy = (Action: string): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action, Resource: "*" }] });
