import { spawn } from "node:child_process";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { type Context, evaluate, fillIn, isTrue, type Value } from "./github-expression.ts";
import type { Stores } from "./github-stores.ts";
import { root } from "./reconcile.ts";

export type Variables = Readonly<Record<string, string>>;

export interface Step {
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly shell?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, string | number | boolean>>;
  readonly "working-directory"?: string;
}

/** The folders of a machine on which one job runs; `folder` holds them and outlives it. */
export interface Place {
  readonly workspace: string;
  readonly temp: string;
  readonly folder: string;
}

export interface JobContext {
  readonly place: Place;
  readonly variables: Variables;
  readonly context: Context;
  readonly stores: Stores;
  readonly checkout: () => Promise<void>;
}

export interface StepsResult {
  readonly result: "success" | "failure";
  readonly log: string;
  /** As the context `steps` has them. */
  readonly steps: Context;
}

/** Runs steps one after the other: after one that fails only those that want to run even so. */
export const runSteps = async (list: readonly Step[], job: JobContext): Promise<StepsResult> => {
  let failed = false;
  let log = "";
  const steps: Record<string, Value> = {};
  const functions = { always: () => true, success: () => !failed, failure: () => failed };
  for (const step of list) {
    const context = { ...job.context, steps };
    const condition = step.if ?? "success()";
    const asked = /\b(always|success|failure)\(\)/.test(condition)
      ? condition
      : `success() && (${condition})`;
    if (!isTrue(evaluate(asked, context, functions))) continue;
    const done = await runStep(step, { ...job, context }).catch((error: unknown) => ({
      failed: true,
      log: String(error),
      outputs: {},
    }));
    log += done.log;
    failed ||= done.failed;
    if (step.id !== undefined) steps[step.id] = { outputs: done.outputs };
  }
  return { result: failed ? "failure" : "success", log, steps };
};

interface StepResult {
  readonly failed: boolean;
  readonly log: string;
  readonly outputs: Variables;
}

const runStep = async (step: Step, job: JobContext): Promise<StepResult> => {
  const filled = (texts: Step["with"] = {}): Record<string, string> =>
    Object.fromEntries(
      Object.entries(texts).map(([name, text]) => [name, fillIn(String(text), job.context)]),
    );
  if (step.run !== undefined) return shell(step, filled(step.env), job);
  const [action = ""] = (step.uses ?? "").split("@");
  if (action === ourAction) return composite(filled(step.with), job);
  const act = actions[action];
  if (act === undefined) throw new Error(`This runner does not know ${action}.`);
  await act(filled(step.with), job);
  return { failed: false, log: "", outputs: {} };
};

export const ourAction = "TOOL_OWNER/identity-center-reconciler/.github/actions/reconcile";
const actionFolder = join(root, ".github/actions/reconcile");

interface Action {
  readonly inputs: Readonly<Record<string, { readonly required: boolean; readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly steps: readonly Step[] };
}

/** Our own action, from its file. */
const composite = async (given: Variables, job: JobContext): Promise<StepResult> => {
  const action = parse(await readFile(join(actionFolder, "action.yml"), "utf8")) as Action;
  for (const name of Object.keys(given))
    if (action.inputs[name] === undefined) throw new Error(`The action has no input ${name}.`);
  const inputs = Object.entries(action.inputs).map(([name, { required, default: value = "" }]) => {
    if (required && given[name] === undefined) throw new Error(`The action needs the input ${name}.`);
    return [name, given[name] ?? fillIn(value, job.context)];
  });
  const context = { ...job.context, inputs: Object.fromEntries(inputs) as Context };
  const variables = { ...job.variables, GITHUB_ACTION_PATH: actionFolder };
  const done = await runSteps(action.runs.steps, { ...job, context, variables });
  const outputs = Object.entries(action.outputs).map(([name, { value }]) => [
    name,
    fillIn(value, { ...context, steps: done.steps }),
  ]);
  return {
    failed: done.result === "failure",
    log: done.log,
    outputs: Object.fromEntries(outputs) as Record<string, string>,
  };
};

/** What others' actions do, as far as the examples use them. */
const actions: Readonly<Record<string, (given: Variables, job: JobContext) => Promise<void>>> = {
  "actions/checkout": (_given, { checkout }) => checkout(),
  "actions/setup-node": async () => {},
  "actions/upload-artifact": (given, { place, stores }) => {
    const paths = (given.path ?? "").split("\n").filter((path) => path.trim() !== "");
    return stores.upload(given.name ?? "artifact", paths.map(below(place.workspace)), {
      overwrite: given.overwrite === "true",
      ifNone: (given["if-no-files-found"] ?? "warn") as "warn",
    });
  },
  "actions/download-artifact": (given, { place, stores }) =>
    stores.download(given.name ?? "", below(place.workspace)(given.path ?? "")),
  "actions/cache/restore": async (given, { place, stores }) => {
    for (const key of [given.key ?? "", ...(given["restore-keys"] ?? "").split("\n")])
      if (key !== "") await stores.restore(key, below(place.workspace)(given.path ?? ""));
  },
  "actions/cache/save": (given, { place, stores }) =>
    stores.save(given.key ?? "", below(place.workspace)(given.path ?? "")),
};

const below =
  (folder: string) =>
  (path: string): string =>
    path.startsWith("/") ? path : join(folder, path);

const shell = async (step: Step, env: Variables, job: JobContext): Promise<StepResult> => {
  const { place } = job;
  const bin = join(place.folder, "bin");
  await mkdir(bin, { recursive: true });
  await writeFile(join(bin, "node"), builtAlready);
  await chmod(join(bin, "node"), 0o755);
  const script = join(place.folder, "step.sh");
  await writeFile(script, fillIn(step.run ?? "", job.context));
  const outputFile = join(place.folder, "output.txt");
  await writeFile(outputFile, "");
  const directory = fillIn(step["working-directory"] ?? ".", job.context);
  const child = spawn("bash", ["--noprofile", "--norc", "-eo", "pipefail", script], {
    cwd: below(place.workspace)(directory),
    env: {
      HOME: place.folder,
      ...job.variables,
      ...env,
      PATH: `${bin}:${process.env.PATH ?? ""}`,
      GITHUB_OUTPUT: outputFile,
      GITHUB_STEP_SUMMARY: join(place.folder, "summary.md"),
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      log += text;
    });
  }
  const exitCode = await new Promise((resolve) => child.on("close", resolve));
  if (exitCode !== 0) log += `##[error]Process completed with exit code ${String(exitCode)}.\n`;
  return { failed: exitCode !== 0, log, outputs: outputsIn(await readFile(outputFile, "utf8")) };
};

/** In the place of what would build the command: that of this checkout is built. */
const builtAlready = `#!/bin/sh
case "$*" in *"/.ci/ready.mjs build") exit 0 ;; esac
exec ${process.execPath} "$@"
`;

const outputsIn = (text: string): Variables =>
  Object.fromEntries(
    [...text.matchAll(/^([\w-]+)<<(\S+)\n(.*?)\n?^\2$/gms)].map(([, name, , value = ""]) => [name, value]),
  ) as Record<string, string>;
