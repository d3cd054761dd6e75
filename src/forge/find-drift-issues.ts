import type { Forge, ForgeIssue } from "./forge.ts";
import { digestOf, isOurs, readAnyMarker } from "./marker.ts";

export interface DriftIssueKey {
  readonly subject: DriftSubject;
  /** The first one is what the issue is found by; at least that one is needed. */
  readonly labels: readonly [string, ...string[]];
}

/**
 * What an issue is about: an environment that somebody gave a name, or a manifest. A manifest that gets another name
 * keeps its issue, and so does one with a name that is moved; several manifests in one repository, or one manifest for
 * several instances, have one each.
 */
export type DriftSubject =
  | { readonly environment: string }
  | {
      /** Id of the identity store. */
      readonly instance: string;
      /** Where the manifest is in the repository. */
      readonly manifest: string;
      readonly name: string | null;
    };

/** The issues about it, open and closed: the best match first, then the oldest. `viewer` as the forge tells it. */
export const findDriftIssues = async (
  forge: Forge,
  { subject, labels }: DriftIssueKey,
  viewer: string | null,
): Promise<readonly ForgeIssue[]> =>
  (await forge.issues.list(labels[0]))
    .filter((issue) => isOurs(issue, viewer))
    .map((issue) => ({ issue, rank: rankOf(issue, fieldsOf(subject)) }))
    .filter(({ rank }) => rank < noMatch)
    .sort((a, b) => a.rank - b.rank || a.issue.number - b.issue.number)
    .map(({ issue }) => issue);

/** What its marker says of an issue; null: it has none. */
export const markedOf = ({ body }: ForgeIssue) => readAnyMarker("drift", body);

/** What a marker says of a subject. */
export const fieldsOf = (subject: DriftSubject): Readonly<Record<string, string>> =>
  "environment" in subject
    ? { key: subject.environment.toWellFormed() }
    : {
        instance: subject.instance,
        // Of any length, where a marker has little room.
        manifest: digestOf(subject.manifest),
        ...(subject.name === null ? {} : { name: subject.name }),
      };

/** Whether the issue's marker says just that. */
export const isMarkedAs = (issue: ForgeIssue, subject: DriftSubject): boolean => {
  const wanted = fieldsOf(subject);
  const found = markedOf(issue)?.fields ?? {};
  return ["key", "instance", "manifest", "name"].every((field) => found[field] === wanted[field]);
};

const rankOf = (issue: ForgeIssue, wanted: Readonly<Record<string, string>>): number => {
  const found = markedOf(issue)?.fields;
  if (found === undefined || found.key !== wanted.key || found.instance !== wanted.instance) return noMatch;
  if (wanted.key !== undefined) return 0;
  const isNamesake = wanted.name !== undefined && found.name === wanted.name;
  if (found.manifest === wanted.manifest) return isNamesake ? 0 : 2;
  return isNamesake ? 1 : noMatch;
};

const noMatch = 3;
