import type { CommandContext } from "./context.ts";
import { repositoryPlace } from "./repository-place.ts";

/**
 * Where the manifest is in the repository, without what may change while it stays the same one: a file that grows into a
 * folder. `path` as it was given; default: as the loader takes it.
 */
export const manifestPlace = (
  path: string | undefined,
  context: Pick<CommandContext, "env" | "cwd">,
): string => repositoryPlace(context)(path ?? "access").replace(/\.ya?ml$|\/+$/, "");
