// What CloudTrail keeps of a call that writes: who, what, when, with the parameters and the answer under their names
// in lower camel case. Names and other attributes of users and groups are left out, as AWS leaves them out.
import { uuidOf } from "../ids.ts";
import type { Service, ServiceError } from "../service.ts";
import type { SandboxState, StoredEvent } from "../state.ts";

export interface RecordedCall {
  readonly service: Service["name"];
  readonly operation: string;
  readonly region: string;
  readonly requestId: string;
  readonly input: unknown;
  readonly outcome: { readonly output: Readonly<Record<string, unknown>> } | { readonly error: ServiceError };
}

/** Appends the event; the oldest ones go when there are too many to keep. `now` in epoch milliseconds. */
export function recordEvent(state: SandboxState, call: RecordedCall, now: number): void {
  const source = eventSources[call.service];
  if (source === undefined) return;
  const events = (state.events ??= []);
  events.push(eventOf(state, call, source, now));
  if (events.length > mostEvents) events.splice(0, events.length - mostEvents);
}

const mostEvents = 5000;

const eventSources: Readonly<Partial<Record<Service["name"], string>>> = {
  "sso-admin": "sso.amazonaws.com",
  identitystore: "identitystore.amazonaws.com",
  organizations: "organizations.amazonaws.com",
};

function eventOf(
  { caller }: SandboxState,
  { service, operation, region, requestId, input, outcome }: RecordedCall,
  source: string,
  now: number,
): StoredEvent {
  const hide = service === "identitystore";
  const answer = "output" in outcome ? outcome.output : {};
  return {
    EventId: uuidOf(`event ${now} ${requestId}`),
    EventName: operation,
    EventSource: source,
    EventTime: Math.floor(now / 1000) * 1000,
    Username: caller.Arn.split("/").at(-1) ?? caller.UserId,
    region,
    requestId,
    userIdentity: {
      type: caller.Arn.includes(":assumed-role/") ? "AssumedRole" : "IAMUser",
      principalId: caller.UserId,
      arn: caller.Arn,
      accountId: caller.Account,
    },
    requestParameters: camel(input, hide),
    responseElements: Object.keys(answer).length === 0 ? null : camel(answer, hide),
    ...("error" in outcome ? { errorCode: outcome.error.code, errorMessage: outcome.error.message } : {}),
  };
}

const hidden = "HIDDEN_DUE_TO_SECURITY_REASONS";

/** What is about a person or a group and no id of it. */
const openMembers: ReadonlySet<string> = new Set([
  "IdentityStoreId",
  "UserId",
  "GroupId",
  "MemberId",
  "MembershipId",
  "Operations",
  "AttributePath",
]);

function camel(value: unknown, hide: boolean): unknown {
  if (Array.isArray(value)) return value.map((item) => camel(item, hide));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name.charAt(0).toLowerCase() + name.slice(1),
      hide && !openMembers.has(name) ? hidden : camel(member, hide),
    ]),
  );
}
