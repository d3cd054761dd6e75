import { describe, expect, it } from "vitest";
import type { Finding } from "../../../src/model/finding.ts";
import { UsageError } from "../../../src/model/errors.ts";
import { errorFinding } from "../../../src/report/error-finding.ts";
import { noPlanMarkdown } from "../../../src/report/no-plan-markdown.ts";
import { githubHtml, textOf } from "./support/github-markdown.ts";

const position = { file: "access.yaml", line: 3, column: 5, endColumn: 9 };
const error: Finding = {
  code: "duplicate-name",
  severity: "error",
  message: "There are two groups called '@everyone <img src=x>'",
  hint: "keep one | of `them`",
  position,
  related: { message: "first here", position: { ...position, line: 2 } },
};
const severalInstances = new UsageError("several", "Several instances are visible:\n  <b>@a</b>", {
  hint: "Say *which*",
});
const options = { placeOf: (file: string) => `infra/${file}`, toolVersion: "1.2.3" };
const sources = new Map([["access.yaml", "version: 1\ngroups:\n\t  ```\u001b[31m <b>@a\n"]]);
const render = (findings: readonly Finding[], more: { limit?: number; sources?: typeof sources } = {}) =>
  noPlanMarkdown({ kind: "invalid", findings, sources: new Map(), ...more }, { ...options, ...more });

describe("instead of a plan", () => {
  it("stands what is wrong with the manifest, where, and what to do; errors first", () => {
    const warning: Finding = { code: "unused", severity: "warning", message: "Nothing uses it" };
    const text = render([warning, error]);
    expect(text).toBe(`## The manifest is not valid: 1 error

**There is no plan for this commit.** What an earlier one would have changed is not shown any more.

- **infra/access.yaml:&#8203;3:5** There are two groups called '@&#8203;everyone &lt;img src=x&gt;' (\`duplicate-name\`)<br>→ first here: infra/access.yaml:&#8203;2:5<br>→ keep one \\| of \\\`them\\\`
- warning: Nothing uses it (\`unused\`)

---

**Next step:** Correct the manifest and push. The plan then takes the place of this comment.

<sub>reconcile 1.2.3</sub>
`);
  });

  it("stands no more than there is room for, and how much is missing", () => {
    const many = Array.from({ length: 3000 }, () => error);
    const text = render(many, { limit: 10_000 });
    expect(text.length).toBeLessThanOrEqual(10_000);
    expect(text.length).toBeGreaterThan(9000);
    expect(text).toContain("## The manifest is not valid: 3000 errors");
    const shown = text.match(/^- /gm)?.length ?? 0;
    expect(text).toContain(`**${3000 - shown} more findings** have no room here.`);
    expect(render(many).length).toBeLessThanOrEqual(65_536);
  });

  it("stands the line of the manifest with a caret, in a block that it cannot end", () => {
    const text = render([error], { sources });
    expect(text).toContain(
      [
        "<br>→ keep one \\| of \\`them\\`",
        "  ````",
        "  3 |       ```\\u001b[31m <b>@a",
        "    |        ^^^^^^^^^",
        "  ````",
        "\n---",
      ].join("\n"),
    );
    expect(githubHtml(text)).toContain("<li>");
    expect(textOf(githubHtml(text))).toContain("```\\u001b[31m <b>@a");
  });

  it("stands why AWS let none be made, line by line, as text", () => {
    const text = noPlanMarkdown(
      { kind: "failed", findings: [errorFinding(severalInstances)], sources: new Map() },
      {
        ...options,
        validAt: Date.UTC(2026, 0, 2, 3, 4),
        commit: "c".repeat(40),
        runUrl: "https://ci.example/1",
      },
    );
    expect(text).toContain(
      "- Several instances are visible: (`several`)<br>&#32;&#32;&lt;b&gt;@&#8203;a&lt;/b&gt;<br>→ Say \\*which\\*\n",
    );
    expect(text).toContain(
      `<sub>commit ${"c".repeat(40)} · 2026-01-02 03:04 UTC · [run](<https://ci.example/1>) · reconcile 1.2.3</sub>`,
    );
  });
});
