#!/usr/bin/env node
// Builds the package: the command, self-contained, as one ESM file to start from and a chunk for whatever is loaded on
// demand (start-up time is the reason: Node.js parses only what a command needs), the library with its packages left
// outside, and the declarations.
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const { version } = JSON.parse(readFileSync(`${root}/package.json`, "utf8"));

const common = {
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  target: "node20.19",
  format: "esm",
  mainFields: ["module", "main"],
  define: { RECONCILE_VERSION: JSON.stringify(version) },
  loader: { ".json": "json" },
  logLevel: "warning",
  outdir: "dist",
  write: false,
};

const command = await build({
  ...common,
  entryPoints: { reconcile: "src/cli.ts" },
  minify: true,
  keepNames: true,
  legalComments: "none",
  splitting: true,
  chunkNames: "chunks/[name]-[hash]",
  banner: {
    js: '#!/usr/bin/env node\nimport { createRequire as __createRequire } from "node:module";\nconst require = __createRequire(import.meta.url);',
  },
});
const library = await build({ ...common, entryPoints: { index: "src/index.ts" }, packages: "external" });

// Not before both are there: a source that does not build leaves the last build to work with. What is new comes before
// what is old goes, since a command that runs may still load a chunk.
const files = [...command.outputFiles, ...library.outputFiles];
for (const { path, contents } of files) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, contents);
}
const kept = new Set(files.map(({ path }) => path));
for (const entry of readdirSync(`${root}/dist`, { recursive: true, withFileTypes: true })) {
  const path = join(entry.parentPath, entry.name);
  if (entry.isFile() && !kept.has(path)) rmSync(path);
}
chmodSync(`${root}/dist/reconcile.js`, 0o755);

const tsc = spawnSync(
  process.execPath,
  ["node_modules/typescript/bin/tsc", "-p", ".ci/tsconfig.declarations.json"],
  {
    cwd: root,
    stdio: ["ignore", 2, 2],
  },
);
process.exit(tsc.status ?? 1);
