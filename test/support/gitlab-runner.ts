import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cleanEnvironment, root, type Run } from "./reconcile.ts";

/** As much of a job as the example has. */
export interface Job {
  readonly stage: string;
  readonly rules: readonly { readonly if: string; readonly when?: "manual" }[];
  readonly variables: Readonly<Record<string, string>>;
  readonly script: readonly string[];
  readonly artifacts?: { readonly paths: readonly string[]; readonly when?: "always" };
  readonly cache?: { readonly key: string; readonly paths: readonly string[]; readonly when: "always" };
  readonly resource_group?: string;
  readonly allow_failure?: { readonly exit_codes: number };
}

export interface PipelineFile {
  readonly stages: readonly string[];
  readonly default: {
    readonly id_tokens: Readonly<Record<string, { readonly aud: string }>>;
    readonly before_script: readonly string[];
  };
  readonly jobs: Readonly<Record<string, Job>>;
}

export type Variables = Readonly<Record<string, string>>;

export type Event = "merge_request_event" | "push" | "schedule" | "web";

/** What GitLab sets in every job of a pipeline, for project 42 with merge request 7; and the project's own variable. */
export const variablesOf = (event: Event, apiUrl: string, sha: string): Variables => ({
  CI: "true",
  GITLAB_CI: "true",
  CI_API_V4_URL: apiUrl,
  CI_SERVER_URL: "https://gitlab.example",
  CI_SERVER_HOST: "gitlab.example",
  CI_PROJECT_ID: "42",
  CI_PROJECT_PATH: "acme/access",
  CI_PROJECT_URL: "https://gitlab.example/acme/access",
  CI_REPOSITORY_URL: "https://gitlab-ci-token:token-that-may-not-write-notes@gitlab.example/acme/access.git",
  CI_DEFAULT_BRANCH: "main",
  CI_PIPELINE_ID: "9",
  CI_PIPELINE_SOURCE: event,
  CI_PIPELINE_URL: "https://gitlab.example/acme/access/-/pipelines/9",
  CI_JOB_TOKEN: "token-that-may-not-write-notes",
  CI_COMMIT_SHA: sha,
  GITLAB_USER_LOGIN: "alice",
  GITLAB_TOKEN: "glpat-project",
  ...(event === "merge_request_event"
    ? {
        CI_COMMIT_REF_NAME: "feature",
        CI_MERGE_REQUEST_ID: "7007",
        CI_MERGE_REQUEST_IID: "7",
        CI_MERGE_REQUEST_EVENT_TYPE: "detached",
        CI_MERGE_REQUEST_PROJECT_ID: "42",
        CI_MERGE_REQUEST_PROJECT_URL: "https://gitlab.example/acme/access",
        CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "42",
        CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: "",
      }
    : { CI_COMMIT_REF_NAME: "main", CI_COMMIT_BRANCH: "main" }),
});

/**
 * A pipeline of this event, whose jobs are run as GitLab's runner would: each in a new clone of the repository, with the
 * artifacts of the other jobs and its own cache, all lines in one shell that ends at the first failure.
 */
export interface Pipeline {
  /** Of the jobs that the rules give this event, in the order of their stages. */
  readonly jobs: readonly string[];
  run(job: string, more?: Variables): Promise<Run>;
  /** The folder with what a job has left to others. */
  artifactsOf(job: string): string;
  close(): Promise<void>;
}

export const startPipeline = async (
  file: PipelineFile,
  { repository, variables }: { readonly repository: string; readonly variables: Variables },
): Promise<Pipeline> => {
  const folder = await mkdtemp(join(tmpdir(), "reconcile-gitlab-"));
  const artifacts = join(folder, "artifacts");
  const caches = join(folder, "caches");
  const bin = join(folder, "bin");
  await mkdir(artifacts);
  await mkdir(bin);
  for (const [name, text] of Object.entries(tools(bin))) {
    await writeFile(join(bin, name), text);
    await chmod(join(bin, name), 0o755);
  }
  const jobs = Object.entries(file.jobs)
    .filter(([, { rules }]) => rules.some((rule) => holds(rule.if, variables)))
    .sort(([, a], [, b]) => file.stages.indexOf(a.stage) - file.stages.indexOf(b.stage))
    .map(([name]) => name);
  let count = 0;
  const run = async (name: string, more: Variables = {}): Promise<Run> => {
    const job = file.jobs[name];
    if (job === undefined || !jobs.includes(name)) throw new Error(`This pipeline has no job ${name}.`);
    count += 1;
    const clone = join(folder, `clone-${count}`);
    await cp(repository, clone, { recursive: true });
    const others = Object.keys(file.jobs).filter((other) => other !== name);
    for (const from of [...others.map((other) => join(artifacts, other)), join(caches, name)])
      if (existsSync(from)) await cp(from, clone, { recursive: true });
    const tokens = Object.entries(file.default.id_tokens).map(([id, { aud }]) => [id, `${aud} ${name}`]);
    const done = await shell([...file.default.before_script, ...job.script], clone, {
      ...cleanEnvironment(),
      ...variables,
      ...Object.fromEntries(tokens),
      ...job.variables,
      CI_PROJECT_DIR: clone,
      CI_JOB_ID: String(100 + count),
      CI_JOB_NAME: name,
      CI_JOB_STAGE: job.stage,
      CI_JOB_URL: `https://gitlab.example/acme/access/-/jobs/${100 + count}`,
      PATH: `${bin}:${process.env.PATH ?? ""}`,
      TMPDIR: folder,
      ...more,
    });
    if (done.exitCode === 0 || job.artifacts?.when === "always")
      await keep(clone, job.artifacts?.paths ?? [], join(artifacts, name));
    await keep(clone, job.cache?.paths ?? [], join(caches, name));
    return done;
  };
  return {
    jobs,
    run,
    artifactsOf: (job) => join(artifacts, job),
    close: () => rm(folder, { recursive: true, force: true }),
  };
};

const keep = async (from: string, paths: readonly string[], to: string): Promise<void> => {
  for (const path of paths.filter((each) => existsSync(join(from, each))))
    await cp(join(from, path), join(to, path), { recursive: true });
};

/**
 * In the place of what would fetch, build and install this package at a pinned commit, with the command of this checkout
 * for the one that is built. Whatever else they are asked for the real ones do.
 */
const tools = (bin: string): Readonly<Record<string, string>> => {
  const real = `PATH='${process.env.PATH ?? ""}'; export PATH; exec`;
  return {
    git: `#!/bin/sh
case "$*" in
  "clone --quiet https://gitlab.com/TOOL_OWNER/identity-center-reconciler.git /opt/reconcile") exit 0 ;;
  "-C /opt/reconcile checkout --quiet TOOL_COMMIT") exit 0 ;;
  "ls-remote $CI_REPOSITORY_URL refs/heads/main") printf '%s\\trefs/heads/main\\n' "\${LATEST_COMMIT:-$CI_COMMIT_SHA}"; exit 0 ;;
esac
${real} git "$@"
`,
    node: `#!/bin/sh
if [ "$*" = "/opt/reconcile/.ci/ready.mjs build" ]; then test -f ${join(root, ".ci/ready.mjs")}; exit; fi
${real} ${process.execPath} "$@"
`,
    ln: `#!/bin/sh
[ "$*" = "-s /opt/reconcile/dist/reconcile.js /usr/local/bin/reconcile" ] || { ${real} ln "$@"; }
printf '#!/bin/sh\nexec ${process.execPath} ${join(root, "dist/reconcile.js")} "$@"\n' > ${bin}/reconcile
chmod +x ${bin}/reconcile
`,
  };
};

const shell = async (lines: readonly string[], cwd: string, env: Variables): Promise<Run> => {
  const child = spawn("sh", ["-e", "-c", lines.join("\n")], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const texts = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      texts[name] += text;
    });
  }
  const exitCode = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { exitCode, ...texts };
};

/** The conditions that the example uses: comparisons of variables and texts, joined by &&. */
const holds = (condition: string, variables: Variables): boolean =>
  condition.split("&&").every((part) => {
    const [, left = "", right = ""] = /^\s*(\S+)\s*==\s*(\S+)\s*$/.exec(part) ?? [];
    if (left === "" || right === "") throw new Error(`Not understood: ${part}`);
    return valueOf(left, variables) === valueOf(right, variables);
  });

const valueOf = (operand: string, variables: Variables): string | null =>
  operand.startsWith("$") ? (variables[operand.slice(1)] ?? null) : operand.replace(/^"(.*)"$/, "$1");
