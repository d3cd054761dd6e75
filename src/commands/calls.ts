import type { JournalEntry } from "../apply/journal.ts";

/** Calls that were sent for a change, and what became of them. */
export interface SentCall {
  /** Such as createGroup. */
  readonly call: string;
  /**
   * ok; failed: AWS took it and could not carry it out; pending: AWS took it, and its end is not known; unknown: no
   * answer came; otherwise the code of an AwsError.
   */
  readonly answer: string;
  readonly times: number;
}

/** Follows the calls of one run through the entries of its journal. */
export interface CallLog {
  take(entry: JournalEntry): void;
  of(address: string): readonly SentCall[];
  /** Addresses of the changes that have not ended, in the order of their first calls. */
  open(): readonly string[];
}

export const createCallLog = (): CallLog => {
  interface Sent {
    readonly call: string;
    answer: string;
  }
  const byAddress = new Map<string, Sent[]>();
  const byId = new Map<number, Sent>();
  const byRequest = new Map<string, Sent>();
  const answered = (sent: Sent | undefined, answer: string): void => {
    if (sent !== undefined) sent.answer = answer;
  };
  return {
    take: (entry) => {
      switch (entry.event) {
        case "write": {
          const sent = { call: entry.call, answer: "unknown" };
          byId.set(entry.id, sent);
          const ofChange = byAddress.get(entry.address);
          if (ofChange === undefined) byAddress.set(entry.address, [sent]);
          else ofChange.push(sent);
          break;
        }
        case "answer":
          answered(byId.get(entry.id), entry.error ?? "ok");
          break;
        case "request": {
          const sent = byId.get(entry.id);
          answered(sent, "pending");
          if (sent !== undefined) byRequest.set(entry.requestId, sent);
          break;
        }
        case "settled":
          answered(byRequest.get(entry.requestId), ends[entry.status]);
          break;
        case "change":
          byAddress.delete(entry.address);
          break;
      }
    },
    of: (address) => counted(byAddress.get(address) ?? []),
    open: () => [...byAddress.keys()],
  };
};

const ends = { succeeded: "ok", failed: "failed", unknown: "pending", unfinished: "pending" } as const;

/**
 * Whether AWS may have done something of it. Where it says no, it has not: but a call whose reply was lost is sent again
 * by the SDK, and then a creation meets what it has made itself, and a deletion finds nothing.
 */
export const mayStand = (calls: readonly Pick<SentCall, "call" | "answer">[]): boolean =>
  calls.some(
    ({ call, answer }) =>
      withEffect.has(answer) ||
      (answer === "conflict" && call.startsWith("create")) ||
      // Synchronous, or told as the end of a request.
      ((answer === "not-found" || answer === "failed") && call.startsWith("delete")),
  );

const withEffect: ReadonlySet<string> = new Set([
  "ok",
  "pending",
  "unknown",
  "malformed-reply",
  "service-error",
  "unreachable",
]);

/** One entry for each call and answer, in the order in which they first came. */
const counted = (
  sent: readonly { readonly call: string; readonly answer: string }[],
): readonly SentCall[] => {
  const counts = new Map<string, SentCall>();
  for (const { call, answer } of sent) {
    const key = `${call} ${answer}`;
    counts.set(key, { call, answer, times: (counts.get(key)?.times ?? 0) + 1 });
  }
  return [...counts.values()];
};
