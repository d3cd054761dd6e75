/**
 * The clock of the store, told by the Date of each reply. Everybody who uses the lock writes and judges its lease by
 * this one clock, so that a machine whose own clock is wrong neither takes a lock too early nor loses its own.
 */
export interface ServerClock {
  /** Epoch milliseconds; this machine's own until the first reply. */
  readonly now: () => number;
  /** For the innermost place of an SDK client's deserialize step, where every reply passes, refusals too. */
  readonly middleware: <Args, Result extends { response: unknown }>(
    next: (args: Args) => Promise<Result>,
  ) => (args: Args) => Promise<Result>;
}

export const createServerClock = (localNow: () => number): ServerClock => {
  let ahead = 0;
  return {
    now: () => localNow() + ahead,
    middleware: (next) => async (args) => {
      const result = await next(args);
      const date = dateOf(result.response);
      if (date !== null) ahead = date - localNow();
      return result;
    },
  };
};

export const serverClockPlace = { step: "deserialize", priority: "low", name: "serverClock" } as const;

const dateOf = (response: unknown): number | null => {
  const date = Date.parse(String(field(field(response, "headers"), "date")));
  return Number.isNaN(date) ? null : date;
};

const field = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
