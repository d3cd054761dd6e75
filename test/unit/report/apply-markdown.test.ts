import { describe, expect, it } from "vitest";
import { createResult, type Outcome } from "../../../src/apply/result.ts";
import { applyAnnotations, applyMarkdown } from "../../../src/report/apply-markdown.ts";
import { mixedResult } from "./mixed-result.ts";

const outcome = (address: string, more: Partial<Outcome> = {}): Outcome => ({
  address,
  action: "create",
  status: "done",
  ...more,
});
const hostile = "group/@all <img src=x> `code` |";
const failed = outcome(hostile, {
  status: "failed",
  failureReason: "Denied for @all\n<script>",
  hint: "Ask somebody",
});
const result = createResult(
  "d".repeat(64),
  [
    outcome("group/A"),
    failed,
    outcome("assignment/1/A/group:B", { status: "skipped", detail: "Its set failed" }),
  ],
  [{ address: "group/A", problem: "differs", detail: "Its description differs" }],
);

describe("as Markdown", () => {
  it("golden file: an apply in which everything happened", async () => {
    await expect(applyMarkdown(mixedResult())).toMatchFileSnapshot("golden/apply.golden.md");
  });

  it("says first what failed, and what came of it", () => {
    const text = applyMarkdown(result);
    const places = [
      "## Apply incomplete",
      "Failed: 1 change",
      "Read back",
      "Not attempted: 1",
      "Done: 1",
    ].map((part) => text.indexOf(part));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(text).toContain("Ask somebody");
  });

  it("names and AWS's words are no mention, no HTML and end no code", () => {
    const prose = applyMarkdown(result).replaceAll(/(`+)(?!`)[^]*?[^`]\1(?!`)/g, "");
    expect(prose).not.toMatch(/@all|<script>|<img/);
    expect(applyMarkdown(result)).toContain("``group/@all <img src=x> `code` |``");
  });

  it("is never longer than it may be, and says how much is missing", () => {
    const many = Array.from({ length: 5000 }, (_, index) => outcome(`group/Team-${index}`));
    const text = applyMarkdown(createResult("d".repeat(64), [...many, failed], []), 20_000);
    expect(text.length).toBeLessThanOrEqual(20_000);
    const shown = [...text.matchAll(/^- created/gm)].length;
    expect(text).toContain(`**${5000 - shown} more changes left out**`);
    expect(text).toContain("Failed: 1 change");
  });
});

it("annotates each change that failed, and each that does not stand", () => {
  expect(applyAnnotations(result)).toEqual([
    {
      level: "error",
      title: `Not created: ${hostile}`,
      message: "AWS: Denied for @all\nAWS: <script>\nAsk somebody",
    },
    { level: "warning", title: "Not as planned: group/A", message: "Its description differs" },
  ]);
});
