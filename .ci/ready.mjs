#!/usr/bin/env node
// Brings a bare clone to the state that a script needs: packages installed, files generated from the
// JSON Schemas, the command built. Each step is skipped when its inputs are older than its result, so that
// `npm run demo` and `npm test` are one command each on a machine that has only Node.js.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const [stage = "install", ...flags] = process.argv.slice(2);
const force = flags.includes("--force");

const newest = (path) => {
  const full = join(root, path);
  if (!existsSync(full)) return 0;
  const stat = statSync(full);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(0, ...readdirSync(full).map((name) => newest(join(path, name))));
};

const run = (command, args) => {
  // stdout belongs to the script that was asked for; preparation speaks on stderr.
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
  });
  if (result.status !== 0) process.exit(result.status ?? 1);
};

if (newest("node_modules/.package-lock.json") < newest("package-lock.json")) {
  console.error("Installing packages (once) ...");
  // Not `npm ci`: it refuses a lockfile that lacks the binaries of another platform, which a registry may not offer.
  // What the lockfile names is installed as it says, by its hash.
  run("npm", ["install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error", "--ignore-scripts"]);
}

const generated = newest("src/generated/manifest.ts");
if (stage !== "install" && (force || generated < Math.max(newest("schemas"), newest(".ci/generate.mjs")))) {
  console.error("Generating types and validators from schemas/ ...");
  run(process.execPath, [".ci/generate.mjs"]);
}

if (
  stage === "build" &&
  (force || newest("dist/reconcile.js") < Math.max(newest("src"), newest(".ci"), newest("package.json")))
) {
  console.error("Building dist/ ...");
  run(process.execPath, [".ci/build.mjs"]);
}
