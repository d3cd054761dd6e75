import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { build, type Metafile } from "esbuild";
import { expect, it } from "vitest";
import { root } from "../support/reconcile.ts";

const script = fileURLToPath(new URL("../../dist/reconcile.js", import.meta.url));

/** Modules of Node.js that the built command had loaded when it ended. The AWS SDK cannot be without https. */
const builtinsLoadedBy = (command: string): string[] => {
  const tell = `
    import { writeSync } from "node:fs";
    process.on("exit", () => writeSync(3, JSON.stringify(process.moduleLoadList)));`;
  const { output } = spawnSync(
    process.execPath,
    ["--import", `data:text/javascript,${encodeURIComponent(tell)}`, script, ...command.split(" ")],
    // No Region and no file that could have one: plan gives up as soon as the SDK has looked for it.
    {
      cwd: root,
      encoding: "utf8",
      env: { PATH: process.env["PATH"], AWS_CONFIG_FILE: "none", AWS_SHARED_CREDENTIALS_FILE: "none" },
      stdio: ["ignore", "pipe", "pipe", "pipe"],
    },
  );
  return (JSON.parse(output[3] ?? "[]") as string[]).map((entry) => entry.replace("NativeModule ", ""));
};

it.each(["--help", "help plan", "plan --help", "version", "schema", "validate examples/getting-started"])(
  "%s ends without https, which the AWS SDK loads",
  (command) => {
    const loaded = builtinsLoadedBy(command);
    expect(loaded).toContain("fs");
    expect(loaded).not.toContain("https");
    expect(loaded).not.toContain("http");
  },
);

it("plan does load https: the look above would see it", () => {
  expect(builtinsLoadedBy("plan examples/getting-started")).toContain("https");
});

it("nothing that these commands import leads to the AWS SDK but by a dynamic import", async () => {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ["src/cli.ts", "src/commands/validate.ts", "src/commands/schema.ts", "src/commands/plan.ts"],
    bundle: true,
    platform: "node",
    format: "esm",
    mainFields: ["module", "main"],
    outdir: "unused",
    write: false,
    metafile: true,
  });
  for (const entry of ["src/cli.ts", "src/commands/validate.ts", "src/commands/schema.ts"]) {
    expect([...reachedStatically(entry, metafile)].filter(isSdk)).toEqual([]);
  }
  expect(Object.keys(metafile.inputs).some(isSdk)).toBe(true);
});

const reachedStatically = (entry: string, { inputs }: Metafile): ReadonlySet<string> => {
  const reached = new Set([entry]);
  for (const path of reached) {
    for (const { path: next, kind, external } of inputs[path]?.imports ?? []) {
      if (kind !== "dynamic-import" && external !== true) reached.add(next);
    }
  }
  return reached;
};

const isSdk = (path: string): boolean => /node_modules\/@(aws-sdk|smithy)\//.test(path);
