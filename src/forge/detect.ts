import { readFileSync } from "node:fs";
import type { Environment, ForgeDescription } from "./description.ts";
import { detectGitHub } from "./detect-github.ts";
import { detectGitLab } from "./detect-gitlab.ts";

/**
 * null outside of GitHub Actions and GitLab CI. Throws UsageError where a piece is missing or wrong; its hint says
 * which variable to set.
 */
export const detectForge = (
  env: Environment,
  readText: (file: string) => string = (file) => readFileSync(file, "utf8"),
): ForgeDescription | null => {
  if (env.GITHUB_ACTIONS === "true") return detectGitHub(env, readText);
  if (env.GITLAB_CI === "true") return detectGitLab(env);
  return null;
};
