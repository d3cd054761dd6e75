import { compareText } from "../model/address.ts";
import type { AuditEvent, AuditTrail } from "../model/audit-event.ts";
import { ReconcileError } from "../model/errors.ts";
import type { LiveState } from "../model/live-state.ts";
import type { Deed, Drift, DriftFinding } from "./drift.ts";
import { addIdsOfTheGone, collectIds } from "./who-ids.ts";
import { callsFor, type Clue, cluesFor } from "./who-clues.ts";

/**
 * The same report with who did it. CloudTrail is asked once for each kind of call that can have brought a finding about;
 * an event belongs to a finding when it mentions every id that the finding is about. What CloudTrail may not be asked,
 * or does not tell, becomes a note. `now` in epoch milliseconds.
 */
export const findWho = async (
  drift: Drift,
  live: LiveState,
  trail: AuditTrail,
  now: number,
): Promise<Drift> => {
  const since = now - historyLength;
  const notes = new Set<string>();
  const names = [...new Set(drift.findings.flatMap(callsFor))].sort(compareText);
  const events = await lookUpAll(names, since, trail, notes);
  const ids = addIdsOfTheGone(collectIds(live), events);
  const findings = drift.findings.map((finding) => {
    const clues = cluesFor(finding, ids);
    const who = events.filter((event) => clues.some((clue) => fits(event, clue))).slice(0, mostDeeds);
    return who.length === 0 ? finding : { ...finding, who: who.map(deedOf) };
  });
  for (const note of nameless(findings, events)) notes.add(note);
  if (findings.some(({ who }) => who === undefined)) notes.add(delayNote);
  return { ...drift, findings, who: { since: isoTime(since), notes: [...notes] } };
};

/** CloudTrail keeps 90 days. */
const historyLength = 90 * 24 * 60 * 60 * 1000;

/** Of one object; older ones are in CloudTrail. */
const mostDeeds = 3;

const delayNote =
  "CloudTrail has nothing on some of these: it keeps 90 days, and the last 15 minutes may not be in it yet";

const lookUpAll = async (
  names: readonly string[],
  since: number,
  trail: AuditTrail,
  notes: Set<string>,
): Promise<readonly AuditEvent[]> => {
  const events: AuditEvent[] = [];
  for (const name of names) {
    try {
      const found = await trail.lookUp(name, since);
      events.push(...found.events.filter(({ failed }) => !failed));
      if (!found.complete)
        notes.add(`There are more ${name} calls than were looked through; older ones are left out`);
    } catch (error) {
      if (!(error instanceof ReconcileError)) throw error;
      // Whatever it is, the next question meets it too.
      notes.add(
        `CloudTrail could not be asked: ${error.message}${error.hint === undefined ? "" : `. ${error.hint}`}`,
      );
      break;
    }
  }
  return events.sort((a, b) => b.time - a.time || compareText(a.id, b.id));
};

const fits = ({ name, mentions }: AuditEvent, { calls, ids }: Clue): boolean =>
  calls.includes(name) && ids.every((id) => mentions.has(id));

const deedOf = ({ id, time, name, actor, from }: AuditEvent): Deed => ({
  time: isoTime(time),
  event: name,
  actor,
  from,
  eventId: id,
});

const isoTime = (time: number): string => new Date(time).toISOString().replace(/\.\d{3}Z$/, "Z");

/** CloudTrail leaves the names of users and groups out, so that nobody knows which of them a deleted id was. */
const nameless = (findings: readonly DriftFinding[], events: readonly AuditEvent[]): string[] =>
  (
    [
      ["user", "DeleteUser"],
      ["group", "DeleteGroup"],
    ] as const
  ).flatMap(([kind, call]) => {
    const gone = findings.some((finding) => finding.kind === kind && finding.bucket === "missing");
    const deletions = events.filter(({ name }) => name === call);
    if (!gone || deletions.length === 0) return [];
    const told = deletions.slice(0, 5).map(({ actor, time }) => `${isoTime(time)} by ${actor}`);
    const more = deletions.length > told.length ? ` and ${deletions.length - told.length} more` : "";
    return [
      `CloudTrail does not tell the names of deleted ${kind}s. Deletions of ${kind}s that it has: ${told.join("; ")}${more}`,
    ];
  });
