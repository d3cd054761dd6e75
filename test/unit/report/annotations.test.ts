import { expect, it } from "vitest";
import { annotationLines } from "../../../src/forge/workflow-commands.ts";
import { findingAnnotations, planAnnotations } from "../../../src/report/annotations.ts";
import { permissionSet, plan, position } from "../plan/builders.ts";
import { policiesPlan } from "./policies-plan.ts";
import { accountNames, richPlan } from "./rich-plan.ts";

const infra = (file: string): string => `infra/${file}`;

it.each([
  ["rich-plan", richPlan],
  ["policies", policiesPlan],
])("golden file: %s", async (name, make) => {
  const lines = annotationLines(planAnnotations(make(), accountNames, infra));
  await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot(`golden/${name}.golden.annotations.txt`);
});

it("refusals are errors, what was not read and what gives most is a warning, and nothing else of the changes is told", () => {
  const annotations = planAnnotations(richPlan(), accountNames, infra);
  const titles = annotations.map(({ level, title }) => `${level} ${title}`);
  expect(titles).toEqual([
    "error Guard max-removals",
    "error Guard protected",
    "warning Not checked",
    ...Array.from({ length: 5 }, () => "warning Look at this first"),
    "warning overlapping-assignments",
  ]);
  expect(annotations[0]?.message).toMatch(/3 of 8 assignments[^]*\n.*--allow max-removals=assignments:3/);
  expect(annotations[0]).not.toHaveProperty("file");
});

it("a change stands at its place in the manifest, seen from the repository", () => {
  const admin = permissionSet({
    name: "Admin",
    managedPolicies: ["arn:aws:iam::aws:policy/AdministratorAccess"],
  });
  const address = "111111111111/Admin/group:Team";
  const made = plan(
    {
      groups: ["Team"],
      managedMembers: ["Team"],
      permissionSets: [admin],
      assignments: [address],
      origins: { [`assignment/${address}`]: { position: position(31) } },
    },
    { groups: ["Team"], permissionSets: [admin] },
  );
  expect(planAnnotations(made, accountNames, infra)).toEqual([
    {
      level: "warning",
      title: "Look at this first",
      message:
        "Assigns Admin to group Team in production (111111111111): group Team gets administrator access to production (111111111111) through Admin, with no access there before",
      file: "infra/access.yaml",
      line: 31,
      column: 3,
    },
  ]);
});

it("what a guard was allowed, or asks for, is no error", () => {
  const [verdict] = richPlan().guards;
  if (verdict === undefined) throw new Error("no guard");
  const guards = [
    { ...verdict, verdict: "allowed" } as const,
    { ...verdict, verdict: "needs-review" } as const,
  ];
  const annotations = planAnnotations(
    { ...richPlan(), changes: [], unchecked: [], warnings: [], guards },
    accountNames,
    infra,
  );
  expect(annotations.map(({ level }) => level)).toEqual(["warning", "notice"]);
});

it("findings keep their code, hint and place", () => {
  expect(
    findingAnnotations(
      [
        { code: "a", severity: "error", message: "wrong", hint: "do this", position: position(3) },
        { code: "b", severity: "warning", message: "doubtful" },
      ],
      infra,
    ),
  ).toEqual([
    { level: "error", title: "a", message: "wrong\ndo this", file: "infra/access.yaml", line: 3, column: 3 },
    { level: "warning", title: "b", message: "doubtful" },
  ]);
});
