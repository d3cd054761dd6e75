import { expect, test } from "vitest";
import { createResult } from "../../../src/apply/result.ts";
import type { Outcome, Remaining } from "../../../src/apply/result.ts";
import { applyAnnotations, applyMarkdown } from "../../../src/report/apply-markdown.ts";
import { applyResultJson, applyResultText } from "../../../src/report/apply-result.ts";
import { mixedResult } from "./mixed-result.ts";

const text = (outcomes: readonly Outcome[], remaining: readonly Remaining[] = []): string =>
  applyResultText(createResult("d".repeat(64), outcomes, remaining), { colour: false });

const done = (address: string, action: Outcome["action"]): Outcome => ({ address, action, status: "done" });

test("golden file: an apply in which everything happened", async () => {
  await expect(applyResultText(mixedResult(), { colour: false })).toMatchFileSnapshot(
    "golden/apply.golden.txt",
  );
});

test("a run that went well is a table and one stable line", () => {
  expect(
    text([
      done("group/Developers", "create"),
      done("permissionSet/Admins", "update"),
      done("assignment/111111111111/Admins/group:Old", "delete"),
    ]),
  ).toBe(
    [
      "  ✓ created         group/Developers",
      "  ✓ updated         permissionSet/Admins",
      "  ✓ deleted         assignment/111111111111/Admins/group:Old",
      "",
      "Apply complete: 1 created, 1 updated, 1 deleted.",
      "",
    ].join("\n"),
  );
});

test("what was not verified before an interruption is not told as what was found", () => {
  const detail = "Done, and it could not be verified: the run was interrupted first";
  const remaining: Remaining[] = [{ address: "group/Developers", problem: "unreadable", detail }];
  const result = createResult("d".repeat(64), [done("group/Developers", "create")], remaining, {
    isUnverified: true,
  });
  expect(applyResultText(result, { colour: false })).toBe(
    [
      "  ✓ created         group/Developers",
      "",
      "Not verified:",
      "  ! group/Developers",
      `      ${detail}`,
      "",
      "Apply interrupted: 1 created, 0 updated, 0 deleted; 1 not verified. Plan again to see what stands there.",
      "",
    ].join("\n"),
  );
  expect(applyMarkdown(result)).toContain("<summary>Not verified: 1 change</summary>");
  expect(applyAnnotations(result)).toMatchObject([{ title: "Not verified: group/Developers" }]);
});

test("a failure says why in AWS's words, and what to do", () => {
  expect(
    text([
      done("permissionSet/Admins", "provision"),
      {
        address: "permissionSet/Needy",
        action: "update",
        status: "failed",
        detail: "Not provisioned in 2 of 3 accounts: a (1), b (2)",
        failureReason: "a (1): Not supported policy\nb (2): Access denied",
        hint: "Create the policy",
      },
      { address: "group/A", action: "delete", status: "skipped", detail: "It needs group/B, which failed" },
    ]),
  ).toBe(
    [
      "  ✓ provisioned     permissionSet/Admins",
      "  ✗ not updated     permissionSet/Needy",
      "      Not provisioned in 2 of 3 accounts: a (1), b (2)",
      "      AWS: a (1): Not supported policy",
      "      AWS: b (2): Access denied",
      "      → Create the policy",
      "  - skipped         group/A",
      "      It needs group/B, which failed",
      "",
      "Apply incomplete: 1 done, 1 failed, 1 not attempted. Run it again: what is done is not done twice.",
      "",
    ].join("\n"),
  );
});

test("an interruption says what is left", () => {
  expect(
    text([done("group/A", "create"), { address: "group/B", action: "create", status: "not-started" }]),
  ).toBe(
    [
      "  ✓ created         group/A",
      "  · not started     group/B",
      "",
      "Apply interrupted: 1 done, 0 failed, 1 not attempted. Run it again: what is done is not done twice.",
      "",
    ].join("\n"),
  );
});

test("what was read back and is not as planned is told apart", () => {
  expect(
    text(
      [done("permissionSet/Admins", "provision"), done("group/A", "create")],
      [{ address: "group/A", problem: "missing", detail: "AWS reported success, and it is not there" }],
    ),
  ).toBe(
    [
      "  ✓ provisioned     permissionSet/Admins",
      "  ✓ created         group/A",
      "",
      "Read back, and not as planned:",
      "  ! group/A",
      "      AWS reported success, and it is not there",
      "",
      "Apply not converged: 1 created, 0 updated, 0 deleted, 1 provisioned; 1 not as planned. Plan again to see what differs.",
      "",
    ].join("\n"),
  );
});

test("new users are a reminder to invite them", () => {
  const reminder = "New users (jane.doe) get neither a password nor an e-mail";
  expect(text([done("user/jane.doe", "create")])).toContain(reminder);
  expect(text([done("user/jane.doe", "update")])).not.toContain(reminder);
  expect(text([{ ...done("user/jane.doe", "create"), status: "failed" }])).not.toContain(reminder);
});

test("what comes from names and from AWS cannot reach the terminal raw", () => {
  const out = text([
    {
      ...done("group/x", "create"),
      status: "failed",
      detail: "\u001b[2J",
      failureReason: "a\u0007b",
      hint: "\u202E",
    },
  ]);
  expect(out).not.toMatch(/[\u001b\u0007\u202E]/);
  expect(out).toContain("\\u001b[2J");
});

test("colour marks what happened, where it is wanted", () => {
  const result = createResult("d", [done("group/A", "create")], []);
  expect(applyResultText(result, { colour: true })).toContain("\u001b[32m  ✓ created");
});

test("JSON is the result itself", () => {
  const result = createResult("d", [done("group/A", "create")], []);
  const json = applyResultJson(result);
  expect(JSON.parse(json)).toEqual(result);
  expect(json.endsWith("}\n")).toBe(true);
});

test("nothing to do is complete", () => {
  expect(text([])).toBe("Apply complete: 0 created, 0 updated, 0 deleted.\n");
});
