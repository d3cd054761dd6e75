import { build } from "esbuild";
import { expect, it } from "vitest";
import { root } from "../../support/reconcile.ts";

const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: ["src/cli.ts"],
  bundle: true,
  packages: "external",
  platform: "node",
  format: "esm",
  outdir: "unused",
  write: false,
  metafile: true,
});
/** Every import of the module, as "who how". */
const importsOf = (module: string): string[] =>
  Object.entries(metafile.inputs).flatMap(([from, { imports }]) =>
    imports.filter(({ path }) => path === module).map(({ kind }) => `${from} ${kind}`),
  );

it.each([
  ["@aws-sdk/client-s3", "src/lock/s3-store.ts"],
  ["@aws-sdk/client-dynamodb", "src/lock/dynamodb-store.ts"],
])("%s is loaded by the one kind of lock that needs it, when that is opened", (client, store) => {
  expect(importsOf(client)).toEqual([`${store} dynamic-import`]);
  expect(importsOf(store)).toEqual(["src/lock/open-lock.ts dynamic-import"]);
});
