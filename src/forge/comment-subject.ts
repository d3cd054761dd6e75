import { orForbidden } from "./errors.ts";
import type { Forge } from "./forge.ts";
import { digestOf, isOurs, readAnyMarker } from "./marker.ts";

/**
 * What a sticky comment is about: an environment that somebody gave a name, or a manifest and its instance. Several
 * manifests in one repository, or one manifest for several instances, have a comment each; one that gets another name
 * keeps its own.
 */
export type CommentSubject =
  | { readonly environment: string }
  | {
      /** Where the manifest is in the repository. */
      readonly manifest: string;
      /** Id of the identity store; null: the run came to an end before it knew. */
      readonly instance: string | null;
    };

/** What a marker says of a subject. */
export const subjectFields = (subject: CommentSubject): Readonly<Record<string, string>> => {
  if ("environment" in subject) return { key: subject.environment.toWellFormed() };
  const { manifest, instance } = subject;
  // A path is of any length, and a marker has little room.
  return { manifest: digestOf(manifest), ...(instance === null ? {} : { instance }) };
};

/** Whether a marker is of this subject. What was written before the instance was known is of whichever it is. */
export const isAbout = (found: Readonly<Record<string, string>>, subject: CommentSubject): boolean => {
  const wanted = subjectFields(subject);
  if (found.key !== wanted.key || found.manifest !== wanted.manifest) return false;
  return found.instance === undefined || wanted.instance === undefined || found.instance === wanted.instance;
};

/**
 * The subject of a run that came to an end before it knew its instance: that of the manifest's comment on this pull
 * request. null: there are several, each of an instance of its own. Rejects with UsageError where the run belongs to no
 * pull request.
 */
export const subjectOfManifest = async (forge: Forge, manifest: string): Promise<CommentSubject | null> => {
  const unknown = { manifest, instance: null };
  const viewer = await orForbidden(forge.viewer());
  const listed = (await orForbidden(forge.commentsOn({ kind: "pull-request" }).list())) ?? [];
  const instances = new Set(
    listed
      .filter((comment) => isOurs(comment, viewer))
      .map(({ body }) => readAnyMarker("comment", body)?.fields)
      .filter((fields) => fields !== undefined && isAbout(fields, unknown))
      .map((fields) => fields?.instance ?? null),
  );
  const [instance = null] = instances;
  return instances.size > 1 ? null : { manifest, instance };
};
