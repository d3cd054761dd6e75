#!/usr/bin/env node
// Builds the package: one self-contained ESM file for the command (start-up time is the reason: no module
// resolution at run time), the library with its packages left outside, and the declarations.
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { builtinModules } from "node:module";
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

// esbuild lifts `import "node:http"` to the top of an ESM bundle, out of the lazily initialised module that it stands
// in, so that every command would load every module of Node.js that any command needs. As CommonJS it stays inside.
const lazyBuiltins = {
  name: "lazy-builtins",
  setup: ({ onResolve, onLoad }) => {
    const builtins = new Set(builtinModules.flatMap((name) => [name, `node:${name}`]));
    onResolve({ filter: /^[a-z_/:]+$/ }, ({ path, kind, namespace }) => {
      if (!builtins.has(path)) return null;
      if (namespace === "lazy-builtin" || kind === "require-call") return { path, external: true };
      return { path, namespace: "lazy-builtin" };
    });
    onLoad({ filter: /.*/, namespace: "lazy-builtin" }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(path)});`,
    }));
  },
};

const command = await build({
  ...common,
  entryPoints: { reconcile: "src/cli.ts" },
  minify: true,
  keepNames: true,
  legalComments: "none",
  plugins: [lazyBuiltins],
  banner: {
    js: '#!/usr/bin/env node\nimport { createRequire as __createRequire } from "node:module";\nconst require = __createRequire(import.meta.url);',
  },
});
const library = await build({ ...common, entryPoints: { index: "src/index.ts" }, packages: "external" });

// Not before both are there: a source that does not build leaves the last build to work with.
rmSync(`${root}/dist`, { recursive: true, force: true });
mkdirSync(`${root}/dist`);
for (const { path, contents } of [...command.outputFiles, ...library.outputFiles])
  writeFileSync(path, contents);
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
