#!/usr/bin/env node
// Builds the package: one self-contained ESM file for the command (start-up time is the reason: no module
// resolution at run time), the library with its packages left outside, and the declarations.
import { spawnSync } from "node:child_process";
import { chmodSync, readFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const { version } = JSON.parse(readFileSync(`${root}/package.json`, "utf8"));
rmSync(`${root}/dist`, { recursive: true, force: true });

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
};

await build({
  ...common,
  entryPoints: { reconcile: "src/cli.ts" },
  outdir: "dist",
  minify: true,
  keepNames: true,
  legalComments: "none",
  banner: {
    js: '#!/usr/bin/env node\nimport { createRequire as __createRequire } from "node:module";\nconst require = __createRequire(import.meta.url);',
  },
});
await build({ ...common, entryPoints: { index: "src/index.ts" }, outdir: "dist", packages: "external" });
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
