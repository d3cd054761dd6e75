import { orForbidden } from "./errors.ts";
import type { Forge } from "./forge.ts";
import { isOurs, readAnyMarker } from "./marker.ts";

/**
 * The environment of the sticky comments on this pull request, for a run that came to an end before it knew its own.
 * null: there is none, or more than one. Rejects with UsageError where the run belongs to no pull request.
 */
export const onlyCommentKey = async (forge: Forge): Promise<string | null> => {
  const viewer = await forge.viewer();
  const listed = (await orForbidden(forge.commentsOn({ kind: "pull-request" }).list())) ?? [];
  const keys = new Set(
    listed
      .filter((comment) => isOurs(comment, viewer))
      .flatMap(({ body }) => readAnyMarker("comment", body)?.fields.key ?? []),
  );
  const [only] = keys;
  return keys.size === 1 && only !== undefined ? only : null;
};
