import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { mkdir } from "node:fs/promises";
import { IdentitystoreClient } from "@aws-sdk/client-identitystore";
import { SSOAdminClient } from "@aws-sdk/client-sso-admin";
import { stringify } from "yaml";
import type { LogEntry } from "../../src/sandbox/log.ts";
import { type RunningSandbox, type SandboxOptions, startSandbox } from "../../src/sandbox/server.ts";
import type { SandboxInstance, SandboxState } from "../../src/sandbox/state.ts";
import { type Run, reconcile, sandboxEnvironment } from "./reconcile.ts";

/**
 * A sandbox, real AWS clients that change it behind the product's back, and a folder for manifests. Tests look at
 * `instance`: what the sandbox holds.
 */
export interface World {
  readonly sandbox: RunningSandbox;
  readonly log: LogEntry[];
  readonly state: SandboxState;
  readonly instance: SandboxInstance;
  readonly sso: SSOAdminClient;
  readonly store: IdentitystoreClient;
  readonly folder: string;
  /** Writes a file below the folder; objects become YAML. */
  write(path: string, content: string | object): Promise<string>;
  /** Runs the built command in the folder, against the sandbox. */
  run(...args: string[]): Promise<Run>;
  close(): Promise<void>;
}

export const createWorld = async (options: SandboxOptions = {}): Promise<World> => {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
  const log: LogEntry[] = [];
  const sandbox = await startSandbox({ log: (entry) => log.push(entry), ...options });
  const folder = await mkdtemp(join(tmpdir(), "reconcile-test-"));
  const client = {
    endpoint: sandbox.url,
    region: "us-east-1",
    credentials: { accessKeyId: "by-hand", secretAccessKey: "by-hand" },
  };
  const sso = new SSOAdminClient(client);
  const store = new IdentitystoreClient(client);
  const [instance] = sandbox.state.instances;
  if (instance === undefined) throw new Error("The seed has no instance.");
  return {
    sandbox,
    log,
    state: sandbox.state,
    instance,
    sso,
    store,
    folder,
    write: async (path, content) => {
      const file = join(folder, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, typeof content === "string" ? content : stringify(content));
      return file;
    },
    run: (...args) => reconcile(args, { cwd: folder, env: sandboxEnvironment(sandbox.url) }),
    close: async () => {
      sso.destroy();
      store.destroy();
      await sandbox.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
