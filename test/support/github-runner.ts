import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Context, evaluate, fillIn, isTrue } from "./github-expression.ts";
import { type Place, runSteps, type Step, type Variables } from "./github-steps.ts";
import { createStores } from "./github-stores.ts";
import type { Claims } from "./id-tokens.ts";

/** As much of a workflow as the examples have. */
export interface Workflow {
  readonly on: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}
interface Job {
  readonly needs?: string;
  readonly if?: string;
  readonly environment?: string;
  readonly permissions: Readonly<Record<string, string>>;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

/** What sets off a run, and GitHub around it. */
export interface Occasion {
  readonly event: "pull_request" | "push" | "schedule" | "workflow_dispatch";
  readonly ref: string;
  readonly sha: string;
  /** Of the event. */
  readonly payload?: object;
  readonly secrets: () => Readonly<Record<string, string>>;
  /** What is checked out. */
  readonly repository: string;
  /** By name, the refs whose jobs may name them; one that is not here has no protection. */
  readonly environments: () => Readonly<Record<string, readonly string[]>>;
  /** Gives the job a token with these rights. */
  readonly githubToken: (permissions: Readonly<Record<string, string>>) => string;
  /** The variables with which the job may ask for OpenID Connect tokens. */
  readonly idToken: (claims: Claims) => Variables;
  /** Of the machine, as they are when a job begins. */
  readonly variables: () => Variables;
}

export interface JobResult {
  readonly result: "success" | "failure" | "skipped";
  readonly environment: string | null;
  readonly outputs: Readonly<Record<string, string>>;
  readonly log: string;
}

/**
 * A run of a workflow, whose jobs are run step by step as GitHub's runner would: each on a clean machine, its actions
 * from their files, or (checkout, artifacts, caches, Node.js) as they say that they behave.
 */
export interface WorkflowRun {
  job(name: string): Promise<JobResult>;
  /** What the jobs do from now on they do in another attempt. */
  rerun(): void;
  /** RUNNER_TEMP of the job that ran last, with what it left there. */
  readonly temp: string;
  /** The files of an artifact, by their paths in it. */
  artifact(name: string): Promise<Readonly<Record<string, string>>>;
  close(): Promise<void>;
}

export const startWorkflow = async (workflow: Workflow, occasion: Occasion): Promise<WorkflowRun> => {
  const folder = await mkdtemp(join(tmpdir(), "reconcile-github-"));
  const stores = createStores(join(folder, "stores"), occasion.ref);
  const results = new Map<string, JobResult>();
  let attempt = 1;

  const contexts = (): Context => {
    const { event, ref, sha } = occasion;
    const needs = [...results].map(([name, { result, outputs }]) => [name, { result, outputs }]);
    return {
      github: { event_name: event, ref, sha, repository, run_id: runId, run_attempt: String(attempt) },
      needs: Object.fromEntries(needs) as Context,
    };
  };

  const run = async (job: Job): Promise<JobResult> => {
    const known = contexts();
    const skipped = { result: "skipped", environment: null, outputs: {}, log: "" } as const;
    const needed = job.needs === undefined ? undefined : results.get(job.needs)?.result;
    if (job.needs !== undefined && needed !== "success") return skipped;
    if (job.if !== undefined && !isTrue(evaluate(job.if, known))) return skipped;
    const environment = job.environment === undefined ? null : fillIn(job.environment, known);
    const branches = environment === null ? undefined : occasion.environments()[environment];
    if (branches !== undefined && !branches.includes(occasion.ref))
      return { ...skipped, result: "failure", environment, log: "not allowed to deploy to this environment" };

    const place = await cleanMachine(folder);
    await writeFile(join(folder, "event.json"), JSON.stringify(occasion.payload ?? {}));
    const token = occasion.githubToken(job.permissions);
    const variables = {
      ...occasion.variables(),
      ...variablesOf(occasion, place, attempt),
      ...(job.permissions["id-token"] === "write"
        ? occasion.idToken(claimsOf(occasion, environment))
        : undefined),
    };
    const github = { ...(known.github as Context), token, workspace: place.workspace };
    const context = { ...known, github, secrets: occasion.secrets(), runner: { temp: place.temp } };
    const clone = (): Promise<void> => cp(occasion.repository, place.workspace, { recursive: true });
    const done = await runSteps(job.steps, { place, variables, context, stores, checkout: clone });
    const outputs = Object.entries(job.outputs ?? {}).map(([name, text]) => [
      name,
      fillIn(text, { ...context, steps: done.steps }),
    ]);
    return { ...done, environment, outputs: Object.fromEntries(outputs) as Record<string, string> };
  };

  return {
    job: async (name) => {
      const job = workflow.jobs[name];
      if (job === undefined) throw new Error(`The workflow has no job ${name}.`);
      const result = await run(job);
      results.set(name, result);
      return result;
    },
    rerun: () => {
      attempt += 1;
    },
    temp: join(folder, "temp"),
    artifact: (name) => stores.artifact(name),
    close: () => rm(folder, { recursive: true, force: true }),
  };
};

const repository = "acme/access";
const runId = "9";

const cleanMachine = async (folder: string): Promise<Place> => {
  const place = { workspace: join(folder, "workspace"), temp: join(folder, "temp"), folder };
  for (const each of [place.workspace, place.temp]) {
    await rm(each, { recursive: true, force: true });
    await mkdir(each);
  }
  return place;
};

/** What GitHub tells of a job to others. */
const claimsOf = ({ event, ref }: Occasion, environment: string | null): Claims => {
  const [what, more] =
    environment !== null
      ? [`environment:${environment}`, { environment }]
      : [event === "pull_request" ? event : `ref:${ref}`, {}];
  return { sub: `repo:${repository}:${what}`, repository, ref, ...more };
};

const variablesOf = ({ event, ref, sha }: Occasion, place: Place, attempt: number): Variables => ({
  CI: "true",
  GITHUB_ACTIONS: "true",
  GITHUB_ACTOR: "alice",
  GITHUB_EVENT_NAME: event,
  GITHUB_EVENT_PATH: join(place.folder, "event.json"),
  GITHUB_REF: ref,
  GITHUB_REF_NAME: ref.replace(/^refs\/(heads|pull)\//, ""),
  GITHUB_REF_TYPE: "branch",
  GITHUB_REPOSITORY: repository,
  GITHUB_RUN_ATTEMPT: String(attempt),
  GITHUB_RUN_ID: runId,
  GITHUB_SERVER_URL: "https://github.com",
  GITHUB_SHA: sha,
  GITHUB_WORKSPACE: place.workspace,
  RUNNER_TEMP: place.temp,
});
