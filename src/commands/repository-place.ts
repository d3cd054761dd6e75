import { isAbsolute, relative, resolve, sep } from "node:path";
import type { PlaceOf } from "../report/annotations.ts";
import type { CommandContext } from "./context.ts";

/** CI systems want files from the repository's root, positions have them from the working directory. */
export const repositoryPlace = ({ env, cwd }: Pick<CommandContext, "env" | "cwd">): PlaceOf => {
  const root = env.GITHUB_WORKSPACE ?? env.CI_PROJECT_DIR;
  if (root === undefined || root === "") return (file) => file;
  return (file) => {
    const path = relative(root, resolve(cwd, file)).split(sep).join("/");
    return path.startsWith("../") || isAbsolute(path) ? file : path;
  };
};
