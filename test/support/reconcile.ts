import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));
export const script = fileURLToPath(new URL("../../dist/reconcile.js", import.meta.url));

export interface Run {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** Default: the repository's root, so that `examples/...` reads as in the README. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

/** A command that runs. */
export interface Running {
  readonly ended: Promise<Run>;
  kill(signal: NodeJS.Signals): void;
  /** Resolves with stderr as soon as it holds the text; rejects when the command ends without it. */
  says(text: string): Promise<string>;
}

/** Spawns the built command, as a user would, with an environment that holds nothing of this machine's AWS set-up. */
export const reconcile = (args: readonly string[], options: RunOptions = {}): Promise<Run> =>
  startReconcile(args, options).ended;

export const startReconcile = (args: readonly string[], options: RunOptions = {}): Running => {
  const child = spawn(process.execPath, [script, ...args], {
    cwd: options.cwd ?? root,
    env: { ...cleanEnvironment(), ...options.env },
    stdio: "pipe",
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  child.stdin.end(options.input ?? "");
  const ended = new Promise<Run>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
  return {
    ended,
    kill: (signal) => void child.kill(signal),
    says: (text) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (stderr.includes(text)) resolve(stderr);
        };
        look();
        child.stderr.on("data", look);
        child.on("close", () => reject(new Error(`It never said ${text}:\n${stderr}`)));
      }),
  };
};

export const cleanEnvironment = (): Record<string, string> => {
  const kept = ["PATH", "HOME", "SystemRoot", "TMPDIR", "TEMP"];
  const environment: Record<string, string> = { TZ: "UTC", AWS_EC2_METADATA_DISABLED: "true" };
  for (const name of kept) {
    const value = process.env[name];
    if (value !== undefined) environment[name] = value;
  }
  return environment;
};

/** What `reconcile sandbox -- COMMAND` sets, for a sandbox that a test started itself. */
export const sandboxEnvironment = (url: string): Record<string, string> => ({
  AWS_ENDPOINT_URL: url,
  AWS_REGION: "us-east-1",
  AWS_DEFAULT_REGION: "us-east-1",
  AWS_ACCESS_KEY_ID: "sandbox",
  AWS_SECRET_ACCESS_KEY: "sandbox",
});
