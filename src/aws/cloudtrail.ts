import type { CloudTrail, Event } from "@aws-sdk/client-cloudtrail";
import type { AuditEvent, AuditTrail } from "../model/audit-event.ts";
import { checkReply, checkReplyPlace } from "./check-reply.ts";
import type { AwsClock } from "./clients.ts";
import { call } from "./errors.ts";
import { createLimits } from "./limits.ts";
import { limiter, limiterPlace } from "./limiter.ts";
import { createRetryStrategy, maxAttempts } from "./retry-strategy.ts";

/**
 * CloudTrail's event history of one Region. Events are looked up by the name of the call: by source, thousands of reads
 * (our own among them) would come with every write, at 50 a page and 2 pages a second. `signal` ends the waiting.
 */
export const openAuditTrail = async (
  region: string,
  clock: AwsClock,
  signal: AbortSignal,
): Promise<AuditTrail> => {
  const { CloudTrail: Client } = await import("@aws-sdk/client-cloudtrail");
  const client = new Client({
    region,
    maxAttempts,
    retryStrategy: createRetryStrategy(clock),
    requestHandler: { connectionTimeout: 5000, requestTimeout: answerTimeout, throwOnRequestTimeout: true },
  });
  const limits = createLimits({ rps: callsPerSecond, now: clock.now, sleep: clock.sleep });
  client.middlewareStack.addRelativeTo(
    limiter("cloudtrail", { limits, onAnswered: () => {}, closed: signal }),
    limiterPlace,
  );
  client.middlewareStack.add(checkReply("json", { answerTimeout }), checkReplyPlace);
  return {
    lookUp: (eventName, since) => lookUp(client, eventName, since, signal),
    close: () => client.destroy(),
  };
};

/** Milliseconds. */
const answerTimeout = 30_000;

/** AWS allows 2, in one account and Region. */
const callsPerSecond = 1.8;

/** Names such as TagResource are shared by every service of AWS: somewhere there has to be an end. */
const mostPages = 20;

const lookUp = async (
  client: CloudTrail,
  eventName: string,
  since: number,
  signal: AbortSignal,
): Promise<{ readonly events: readonly AuditEvent[]; readonly complete: boolean }> => {
  const events: AuditEvent[] = [];
  let token: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    signal.throwIfAborted();
    const reply = await call("cloudtrail:LookupEvents", eventName, () =>
      client.lookupEvents({
        LookupAttributes: [{ AttributeKey: "EventName", AttributeValue: eventName }],
        StartTime: new Date(since),
        MaxResults: 50,
        ...(token === undefined ? {} : { NextToken: token }),
      }),
    );
    for (const event of reply.Events ?? []) {
      const known = toAuditEvent(event);
      if (known !== null) events.push(known);
    }
    token = reply.NextToken;
    if (!token) return { events, complete: true };
  }
  return { events, complete: false };
};

/** null: an event of another service, or one that can not be read. */
const toAuditEvent = ({
  EventId,
  EventName,
  EventSource,
  EventTime,
  CloudTrailEvent,
}: Event): AuditEvent | null => {
  if (EventSource === undefined || !sources.has(EventSource) || EventTime === undefined) return null;
  const record = parse(CloudTrailEvent);
  if (record === null) return null;
  const mentions = new Set<string>();
  collectTexts(record.requestParameters, mentions);
  collectTexts(record.responseElements, mentions);
  return {
    id: EventId ?? "",
    time: EventTime.getTime(),
    name: EventName ?? "",
    source: EventSource,
    actor: actorOf(record.userIdentity),
    from: text(record.sourceIPAddress),
    failed: text(record.errorCode) !== null,
    mentions,
  };
};

const sources: ReadonlySet<string> = new Set([
  "sso.amazonaws.com",
  "identitystore.amazonaws.com",
  // The console and SCIM.
  "sso-directory.amazonaws.com",
]);

const parse = (json: string | undefined): Readonly<Record<string, unknown>> | null => {
  try {
    const value: unknown = JSON.parse(json ?? "");
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
};

/** An ARN where there is one; a session of an Identity Center user carries only ids. */
const actorOf = (identity: unknown): string => {
  if (!isObject(identity)) return "unknown";
  const onBehalfOf = isObject(identity.onBehalfOf) ? text(identity.onBehalfOf.userId) : null;
  return (
    text(identity.arn) ??
    (onBehalfOf === null ? null : `Identity Center user ${onBehalfOf}`) ??
    text(identity.userName) ??
    text(identity.invokedBy) ??
    text(identity.principalId) ??
    text(identity.type) ??
    "unknown"
  );
};

const collectTexts = (value: unknown, into: Set<string>): void => {
  if (typeof value === "string") into.add(value);
  else if (Array.isArray(value)) for (const item of value) collectTexts(item, into);
  else if (isObject(value)) for (const item of Object.values(value)) collectTexts(item, into);
};

const text = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
