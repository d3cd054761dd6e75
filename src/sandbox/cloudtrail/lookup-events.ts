import { operation } from "../operation.ts";
import { page } from "../pages.ts";
import { ServiceError } from "../service.ts";
import type { StoredEvent } from "../state.ts";

/** Events of the last 90 days, newest first. Only calls that write are recorded. */
export const lookupEvents = operation(
  {
    LookupAttributes: {
      type: "list",
      of: {
        type: "structure",
        fields: {
          AttributeKey: {
            type: "string",
            required: true,
            enum: [
              "EventId",
              "EventName",
              "ReadOnly",
              "Username",
              "ResourceType",
              "ResourceName",
              "EventSource",
              "AccessKeyId",
            ],
          },
          AttributeValue: { type: "string", required: true, min: 1, max: 2000 },
        },
      },
    },
    // Epoch seconds, with or without a fraction.
    StartTime: { type: "document" },
    EndTime: { type: "document" },
    EventCategory: { type: "string", enum: ["insight"] },
    MaxResults: { type: "integer" },
    NextToken: { type: "string" },
  },
  (input, context) => {
    const attributes = input.LookupAttributes ?? [];
    if (attributes.length > 1) {
      throw new ServiceError(
        "InvalidLookupAttributesException",
        "You can specify only one lookup attribute at a time.",
      );
    }
    const { MaxResults = largestPage } = input;
    if (MaxResults < 1 || MaxResults > largestPage) {
      throw new ServiceError("InvalidMaxResultsException", "A maximum results value must be 1 to 50.");
    }
    const from = Math.max(timeOf(input.StartTime) ?? 0, context.now - retention);
    const until = timeOf(input.EndTime) ?? context.now;
    if (from > until) {
      throw new ServiceError("InvalidTimeRangeException", "The start time must be before the end time.");
    }
    const [attribute] = attributes;
    const events = (context.state.events ?? []).filter(
      (event) =>
        event.EventTime >= Math.floor(from / 1000) * 1000 &&
        event.EventTime <= until &&
        (attribute === undefined || matches(event, attribute.AttributeKey, attribute.AttributeValue)),
    );
    const { items, next } = page(context, { ...input, MaxResults }, events, {
      key: ({ EventTime, EventId }) => `${String(endOfTime - EventTime).padStart(16, "0")} ${EventId}`,
      tokenError: () => new ServiceError("InvalidNextTokenException", "The next token is not valid."),
    });
    return { Events: items.map((event) => toApi(event, context.state.caller.Account)), ...next };
  },
);

const largestPage = 50;
const retention = 90 * 24 * 60 * 60 * 1000;
/** Later than any event: keys of pages grow, times are to fall. */
const endOfTime = 10 ** 15;

function timeOf(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "number") return value * 1000;
  throw new ServiceError("SerializationException", "A time must be a number of seconds.");
}

function matches(event: StoredEvent, key: string, value: string): boolean {
  switch (key) {
    case "EventId":
    case "EventName":
    case "Username":
    case "EventSource":
      return event[key] === value;
    case "ReadOnly":
      return value === "false";
    default:
      return false;
  }
}

function toApi(event: StoredEvent, account: string): Record<string, unknown> {
  const { EventId, EventName, EventSource, EventTime, Username, region, requestId, ...record } = event;
  return {
    EventId,
    EventName,
    EventSource,
    EventTime: EventTime / 1000,
    Username,
    ReadOnly: "false",
    Resources: [],
    CloudTrailEvent: JSON.stringify({
      eventVersion: "1.09",
      ...record,
      eventTime: new Date(EventTime).toISOString().replace(".000Z", "Z"),
      eventSource: EventSource,
      eventName: EventName,
      awsRegion: region,
      sourceIPAddress: "127.0.0.1",
      requestID: requestId,
      eventID: EventId,
      readOnly: false,
      eventType: "AwsApiCall",
      managementEvent: true,
      recipientAccountId: account,
      eventCategory: "Management",
    }),
  };
}
