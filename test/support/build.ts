import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Tests that spawn the command must never meet an old build. */
export const setup = (): void => {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const result = spawnSync(process.execPath, [".ci/ready.mjs", "build"], { cwd: root, encoding: "utf8" });
  if (result.status !== 0) throw new Error(`The build failed:\n${result.stdout}${result.stderr}`);
};
