import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { Plan } from "../../../src/plan/plan.ts";
import { planMarkdown } from "../../../src/report/plan-markdown.ts";
import { plan } from "../plan/builders.ts";
import { accountNames, richPlan } from "./rich-plan.ts";

const render = (made: Plan, options = {}): string => planMarkdown(made, accountNames, options);
const small = (): Plan => plan({ groups: ["Team"] }, {});

describe("the next step", () => {
  it("in a run after the merge is to approve the deployment, and no command", () => {
    const note = { request: "#12", url: null, why: null };
    const asks = render(small(), { approveBy: "deployment", review: { ...note, same: false } });
    expect(asks).toContain("press **Review deployments** on the page of this run");
    const goes = render(small(), { approveBy: "deployment", review: { ...note, same: true } });
    expect(goes).toContain("**Next step:** none. The pipeline now does exactly this");
    for (const text of [asks, goes]) {
      expect(text).toContain(`(digest \`${small().digest}\`)`);
      expect(text).not.toContain("reconcile apply");
    }
    expect(goes).not.toContain("Review deployments");
  });

  it("of a refused plan is to let it pass in the pipeline: a reviewer has no command line", () => {
    const overrides = richPlan().guards.map(({ override }) => override);
    expect(overrides.length).toBeGreaterThan(1);
    expect(render(richPlan(), { pipeline: "gitlab" })).toContain(`\`\`\`sh\n${overrides.join(" ")}\n\`\`\``);
    const text = render(richPlan(), { pipeline: "github" });
    expect(text).toContain("in this pull request, and take it out again in the next:");
    const [, yaml = ""] = /```yaml\n(.*?)```/s.exec(text) ?? [];
    const { allow } = parse(yaml) as { readonly allow: string };
    expect(allow.split(" ").map((word) => `--allow ${word}`)).toEqual(overrides);
    const after = render(richPlan(), { pipeline: "github", approveBy: "deployment" });
    expect(after).toContain("in a pull request, and take it out again in the next:");
  });
});
