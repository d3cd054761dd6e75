import { describe, expect, it } from "vitest";
import type { Finding } from "../../../src/model/finding.ts";
import type { Plan } from "../../../src/plan/plan.ts";
import { driftSarif } from "../../../src/report/drift-sarif.ts";
import { findingsSarif, noResultSarif, planSarif } from "../../../src/report/sarif.ts";
import { sarifErrors } from "../../support/sarif-schema.ts";
import { allow, permissionSet, plan, policy, position } from "../plan/builders.ts";
import { policiesPlan } from "./policies-plan.ts";
import { driftOf, richDrift } from "./rich-drift.ts";
import { accountNames, removalPlan, richPlan } from "./rich-plan.ts";
import { hostileAccounts, hostileNames, hostilePlan } from "./support/hostile-plan.ts";

const options = { placeOf: (file: string) => file, manifestFile: "access.yaml" };

interface Log {
  readonly runs: readonly [
    {
      readonly tool: {
        readonly driver: {
          readonly rules: readonly { id: string; help: { text: string } }[];
          readonly notifications?: readonly { id: string }[];
        };
      };
      readonly invocations: readonly [
        {
          executionSuccessful: boolean;
          toolExecutionNotifications?: {
            descriptor?: { id: string; index: number };
            level: string;
            message: { text: string };
          }[];
        },
      ];
      readonly results: readonly {
        ruleId: string;
        ruleIndex: number;
        level: string;
        message: { text: string };
        locations: readonly [
          {
            physicalLocation?: { artifactLocation: { uri: string }; region: Record<string, number> };
            logicalLocations: readonly [{ fullyQualifiedName: string }];
          },
        ];
        partialFingerprints: Record<string, string>;
      }[];
    },
  ];
}

const parse = (text: string): Log["runs"][0] => {
  const log: unknown = JSON.parse(text);
  expect(sarifErrors(log)).toEqual([]);
  return (log as Log).runs[0];
};
const render = (made: Plan, more = {}) => parse(planSarif(made, accountNames, { ...options, ...more }));
const resultAt = (run: Log["runs"][0], address: string) =>
  run.results.find(({ locations }) => locations[0].logicalLocations[0].fullyQualifiedName === address);

it("golden file: a plan with a change of each kind", async () => {
  await expect(planSarif(richPlan(), accountNames, options)).toMatchFileSnapshot(
    "golden/rich-plan.golden.sarif",
  );
});

it("the schema finds what does not belong there", () => {
  const [run] = (JSON.parse(planSarif(richPlan(), accountNames, options)) as Log).runs;
  const wrong = { version: "2.1.0", runs: [{ ...run, results: [{ level: "fatal" }] }] };
  expect(sarifErrors(wrong).join("\n")).toContain("/runs/0/results/0/level");
});

describe("of a plan", () => {
  it("golden file: removals", async () => {
    render(removalPlan());
    await expect(planSarif(removalPlan(), accountNames, options)).toMatchFileSnapshot(
      "golden/removals.golden.sarif",
    );
  });

  it("golden file: policies", async () => {
    render(policiesPlan());
    await expect(planSarif(policiesPlan(), accountNames, options)).toMatchFileSnapshot(
      "golden/policies.golden.sarif",
    );
  });

  it("has a result for each guard, change and warning", () => {
    const made = richPlan();
    const { results } = render(made);
    expect(results).toHaveLength(made.guards.length + made.changes.length + made.warnings.length);
  });

  it("its levels are those of the risk, the worst first", () => {
    const run = render(richPlan());
    const order = ["error", "warning", "note"];
    const levels = run.results.map(({ level }) => order.indexOf(level));
    expect(levels).toEqual([...levels].sort((a, b) => a - b));
    expect(resultAt(run, "assignment/111111111111/AdministratorAccess/group:Platform-Admins")?.level).toBe(
      "error",
    );
    expect(resultAt(run, "permissionSet/LegacyAccess")?.level).toBe("warning");
    expect(resultAt(run, "user/jane.doe")?.level).toBe("note");
    expect(run.results.find(({ ruleId }) => ruleId === "guard-protected")?.level).toBe("error");
  });

  it("each result names a rule that has help", () => {
    const { tool, results } = render(richPlan());
    for (const { ruleId, ruleIndex } of results) {
      expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
      expect(tool.driver.rules[ruleIndex]?.help.text).toMatch(/\.$/);
    }
  });

  it("stands where the manifest says it, or at its start", () => {
    const made = plan(
      { groups: ["New"], removed: { groups: ["Old"] }, origins: { "group/New": { position: position(12) } } },
      { groups: ["Old"], users: [] },
    );
    const run = render(made, { placeOf: (file: string) => `infra/${file}` });
    expect(resultAt(run, "group/New")?.locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: "infra/access.yaml" },
      region: { startLine: 12, startColumn: 3, endColumn: 10 },
    });
    const undeclared = render(richPlan());
    expect(resultAt(undeclared, "permissionSet/LegacyAccess")?.locations[0].physicalLocation?.region).toEqual(
      {
        startLine: 1,
      },
    );
    const nowhere = render(richPlan(), { manifestFile: undefined });
    expect(resultAt(nowhere, "permissionSet/LegacyAccess")?.locations[0].physicalLocation).toBeUndefined();
  });

  it("fingerprints tell results apart and stay the same", () => {
    const prints = render(richPlan()).results.map(
      ({ partialFingerprints }) => partialFingerprints["reconcile/v1"],
    );
    expect(new Set(prints).size).toBe(prints.length);
    expect(
      render(richPlan()).results.map(({ partialFingerprints }) => partialFingerprints["reconcile/v1"]),
    ).toEqual(prints);
  });

  it("names make neither links nor placeholders of a message, and nothing invisible", () => {
    const { results } = parse(planSarif(hostilePlan(), hostileAccounts, options));
    const texts = results.map(({ message }) => message.text);
    expect(texts.join("\n")).not.toMatch(/[^\\]\[|[^{]\{0\}[^}]|[\u202A-\u202E\u200B\u0000\u001B]/);
    expect(texts).toContain(
      "Creates user \\[click\\](https://evil.example/x) !\\[p\\](https://evil.example/p.png)",
    );
    expect(texts.filter((text) => text.startsWith("Creates user"))).toHaveLength(hostileNames.length);
  });
});

describe("5,000 results are kept, as code scanning does", () => {
  const made = plan(
    {
      groups: [...Array.from({ length: 5100 }, (_, index) => `group-${index}`), "zz-Admins"],
      managedMembers: ["zz-Admins"],
      permissionSets: [
        { name: "Admin", inlinePolicy: policy({ Version: "2012-10-17", Statement: [allow("*")] }) },
      ],
      assignments: ["111111111111/Admin/group:zz-Admins"],
    },
    {
      permissionSets: [
        permissionSet({
          name: "Admin",
          inlinePolicy: policy({ Version: "2012-10-17", Statement: [allow("*")] }),
        }),
      ],
    },
  );

  it("the worst ones, and it says so", () => {
    const { results, invocations } = render(made);
    expect(made.changes).toHaveLength(5102);
    expect(results).toHaveLength(5000);
    expect(results[0]?.ruleId).toBe("change-assignment-create");
    expect(invocations[0].toolExecutionNotifications?.[0]?.message.text).toMatch(
      /^102 more results left out: these are the 5000 worst of 5102,/,
    );
  });

  it("and says nothing where nothing is left out", () => {
    expect(render(richPlan()).invocations[0].toolExecutionNotifications).toBeUndefined();
  });
});

describe("of findings", () => {
  const finding: Finding = {
    code: "unknown-property",
    severity: "error",
    message: "'sesionDuration' is not a property",
    hint: "did you mean 'sessionDuration'?",
    position: position(8, "acc ess/ä.yaml"),
  };

  it("keeps code, severity, place and hint", () => {
    const [result] = parse(findingsSarif([finding], "1.2.3", options)).results;
    expect(result).toMatchObject({
      ruleId: "unknown-property",
      level: "error",
      message: { text: "'sesionDuration' is not a property. did you mean 'sessionDuration'?" },
      locations: [{ physicalLocation: { artifactLocation: { uri: "acc%20ess/%C3%A4.yaml" } } }],
    });
  });

  it("is an empty run where there are none", () => {
    expect(parse(findingsSarif([], "1.2.3", options)).results).toEqual([]);
  });

  it("an absolute file is a file URI", () => {
    const [result] = parse(
      findingsSarif([{ ...finding, position: position(1, "/srv/a b.yaml") }], "1", options),
    ).results;
    expect(result?.locations[0].physicalLocation?.artifactLocation.uri).toBe("file:///srv/a%20b.yaml");
  });
});

describe("of drift", () => {
  it("has a result for each finding and each part that was not read, by what it means for access", () => {
    const drift = richDrift();
    const { results, tool } = parse(driftSarif(drift, accountNames, options));
    expect(results).toHaveLength(drift.findings.length + drift.unchecked.length);
    const levelOf = (address: string) =>
      results.find(({ locations }) => locations[0].logicalLocations[0].fullyQualifiedName === address)?.level;
    expect(levelOf("permissionSet/Dev")).toBe("error");
    expect(levelOf("assignment/111111111111/Audit/group:Auditors")).toBe("warning");
    expect(levelOf("assignment/333333333333/*")).toBe("warning");
    expect(levelOf("user/jane")).toBe("note");
    for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
  });

  it("stands where the manifest declares it; fingerprints tell findings apart", () => {
    const { results } = parse(driftSarif(richDrift(), accountNames, options));
    expect(results[0]).toMatchObject({
      ruleId: "drift-changed-permissionSet",
      message: { text: "not as declared: permission set Dev  (declared at access.yaml:9:3)" },
      locations: [{ physicalLocation: { region: { startLine: 9 } } }],
    });
    const prints = results.map(({ partialFingerprints }) => partialFingerprints["reconcile/v1"]);
    expect(new Set(prints).size).toBe(prints.length);
  });

  it("is an empty success where there is none", () => {
    const { results, invocations } = parse(
      driftSarif(driftOf({ groups: ["A"] }, { groups: ["A"] }), accountNames, options),
    );
    expect(results).toEqual([]);
    expect(invocations[0].executionSuccessful).toBe(true);
  });
});

describe("of a run that came to no result", () => {
  const denied: Finding = {
    code: "access-denied",
    severity: "error",
    message: "AWS denies sso:ListInstances [x](https://evil.example)",
    hint: "Add it to the role's policy",
  };
  const noPlan = (kind: "failed" | "invalid", findings: readonly Finding[]) => {
    const why = { command: "plan", kind, findings, sources: new Map() } as const;
    return parse(noResultSarif(why, "1.2.3", options));
  };

  it("is no success; the error is a notification, and no finding about the files", () => {
    const { results, invocations, tool } = noPlan("failed", [denied]);
    expect(results).toEqual([]);
    expect(invocations[0].executionSuccessful).toBe(false);
    const [notification] = invocations[0].toolExecutionNotifications ?? [];
    expect(notification).toEqual({
      descriptor: { id: "access-denied", index: 0 },
      level: "error",
      message: {
        text: "AWS denies sso:ListInstances \\[x\\](https://evil.example). Add it to the role's policy",
      },
    });
    expect(tool.driver.notifications?.map(({ id }) => id)).toEqual(["access-denied"]);
  });

  it("has what is wrong with the manifest as results, too", () => {
    const found: Finding = { code: "wrong-type", severity: "error", message: "no", position: position(3) };
    const { results, invocations } = noPlan("invalid", [found]);
    expect(results).toMatchObject([
      { ruleId: "wrong-type", locations: [{ physicalLocation: { region: { startLine: 3 } } }] },
    ]);
    expect(invocations).toMatchObject([
      {
        executionSuccessful: false,
        toolExecutionNotifications: [
          { level: "error", message: { text: "The manifest is not valid: 1 error" } },
        ],
      },
    ]);
  });

  it("is a success where the findings are what was asked for", () => {
    const [invocation] = parse(findingsSarif([denied], "1.2.3", options)).invocations;
    expect(invocation).toEqual({ executionSuccessful: true });
  });
});
