/** What is published, and that the command runs by what is in it alone, from an empty folder. */
import { execFile, spawn } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cleanEnvironment, root } from "../support/reconcile.ts";

const execute = promisify(execFile);
let home: string;
let empty: string;
let script: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "reconcile-package-"));
  empty = join(home, "empty");
  const installed = join(home, "identity-center-reconciler");
  // No node_modules: nothing that is not in the package can be loaded.
  for (const part of ["dist", "schemas", "examples", "package.json"]) {
    await cp(join(root, part), join(installed, part), { recursive: true });
  }
  await cp(join(root, "examples/getting-started"), empty, { recursive: true });
  script = join(installed, "dist/reconcile.js");
});
afterAll(() => rm(home, { recursive: true, force: true }));

const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  execute(process.execPath, [script, ...args], { cwd: empty, env: { ...cleanEnvironment(), ...env } });

it("holds what it needs and nothing else", async () => {
  const { stdout } = await execute("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
    cwd: root,
    env: { ...cleanEnvironment(), npm_config_update_notifier: "false" },
    maxBuffer: 10_000_000,
  });
  const [{ files }] = JSON.parse(stdout) as [{ readonly files: readonly { readonly path: string }[] }];
  const paths = files.map(({ path }) => path);
  const wanted = ["dist/reconcile.js", "dist/index.js", "dist/index.d.ts", "LICENSE", "package.json"];
  for (const schema of await readdir(join(root, "schemas"))) wanted.push(`schemas/${schema}`);
  expect(paths).toEqual(expect.arrayContaining(wanted));
  expect(paths).toContain("examples/getting-started/policies/developer.json");
  const top = new Set(paths.map((path) => path.split("/")[0]));
  for (const folder of ["src", "test", "node_modules", ".ci", ".github"])
    expect([...top]).not.toContain(folder);
});

describe("in an empty folder", () => {
  it("runs the demo to its end", async () => {
    const { stdout } = await run(["demo", "--fast"]);
    expect(stdout).toContain("Apply complete");
    expect(stdout.match(/^No changes\.$/gm)).toHaveLength(2);
    expect(stdout).toContain("That was the whole loop.");
    expect(stdout).not.toContain("it stops");
    expect(stdout).not.toContain("\u001b");
    expect(await readdir(empty)).toEqual(await readdir(join(root, "examples/getting-started")));
  });

  it("validates and plans", async () => {
    expect((await run(["validate"])).stdout).toMatch(/^Valid\. /);
    const { stdout, stderr } = await run(["sandbox", "--", "reconcile", "plan", "--rps", "1000"]);
    expect(stdout).toMatch(/^Plan: 10 to create/m);
    expect(stderr).not.toMatch(/warning/i);
  });
});

describe("the AWS SDK", () => {
  /** Text that stands in the SDK's own classes, and in nothing of ours. */
  const mark = '"SSOAdminServiceException"';

  /** Whether a run evaluated the SDK's code: what V8 counted at each place of the mark, in any file of dist. */
  const loadsSdk = async (args: readonly string[]): Promise<boolean> => {
    const folder = await mkdtemp(join(home, "coverage-"));
    await run(args, { NODE_V8_COVERAGE: folder });
    const reports = await Promise.all(
      (await readdir(folder)).map(async (name) => JSON.parse(await readFile(join(folder, name), "utf8"))),
    );
    const scripts = reports.flatMap(({ result }) => result as readonly Script[]);
    const ours = scripts.filter(({ url }) => url.includes("/identity-center-reconciler/dist/"));
    expect(ours).not.toEqual([]);
    for (const { url, functions } of ours) {
      const text = await readFile(new URL(url), "utf8");
      for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + 1)) {
        if (countAt(functions, at) > 0) return true;
      }
    }
    return false;
  };

  it("is loaded by plan", async () => {
    expect(await loadsSdk(["sandbox", "--", "reconcile", "plan", "--rps", "1000"])).toBe(true);
  });

  it.each([
    ["--help"],
    ["plan --help"],
    ["apply --help"],
    ["version"],
    ["schema"],
    ["validate"],
    ["validate --format json"],
  ])("is not loaded by %s", async (line) => {
    expect(await loadsSdk(line.split(" "))).toBe(false);
  });
});

interface Script {
  readonly url: string;
  readonly functions: readonly {
    readonly ranges: readonly { startOffset: number; endOffset: number; count: number }[];
  }[];
}

/** How often the innermost range around a place was run. */
const countAt = (functions: Script["functions"], place: number): number =>
  functions
    .flatMap(({ ranges }) => ranges)
    .filter(({ startOffset, endOffset }) => startOffset <= place && place < endOffset)
    .sort((a, b) => a.endOffset - a.startOffset - (b.endOffset - b.startOffset))[0]?.count ?? 0;

it("a reader that goes away early is no failure", async () => {
  // More than a pipe holds, so that it is still being written when nobody reads any more.
  const child = spawn(process.execPath, [script, "schema"], {
    cwd: empty,
    env: cleanEnvironment(),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const exit = new Promise<number | null>((resolve) => child.once("close", resolve));
  child.stdout.destroy();
  expect(await exit).toBe(0);
  expect(stderr).toBe("");
});
