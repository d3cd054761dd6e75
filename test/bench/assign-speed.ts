import { makeEstate } from "./estate.ts";
import { type AsyncEndEntry, onEstate, type RequestEntry } from "./on-estate.ts";
import { type Benchmark, row } from "./row.ts";

/** 60 assignments, three in each account. */
const estate = makeEstate(
  { accounts: 20, permissionSets: 5, setsInEachAccount: 3, groups: 6, users: 12, membersOfEachGroup: 4 },
  "no assignments",
);

export const assignSpeed: Benchmark = {
  name: "assign",
  title: "Creating 60 assignments over 20 accounts at AWS's speed, against what quota and limits allow",
  run: async () => {
    const { requests, ends } = await onEstate(estate, "real", ["apply", "--auto-approve", "--rps", "20"]);
    const creations = requests.filter(({ operation }) => operation === "CreateAccountAssignment");
    const started = creations.filter(({ outcome }) => outcome === "ok");
    const polls = requests.filter(({ operation }) => operation.endsWith("Status"));
    const seconds = (Math.max(...polls.map(timeOf)) - Math.min(...creations.map(timeOf))) / 1000;
    const { floor, bound } = leastSeconds(started, ends);
    return [
      row(
        "time ÷ bound",
        "ratio",
        { target: 1.1, measured: seconds / bound },
        `${seconds.toFixed(1)} s ÷ ${bound.toFixed(1)} s; no schedule at all could be below ${floor.toFixed(1)} s`,
      ),
      row(
        "polls among all calls of the run",
        "share",
        { target: 0.1, measured: polls.length / requests.length },
        `${polls.length} of ${requests.length} calls; ${count(requests, "throttled")} throttled, ${creations.length - started.length} creations refused`,
      ),
    ];
  },
};

/**
 * `floor`: no schedule is faster, with 15 outstanding, one at a time in an account, 20 calls a second. Reaching it would
 * take knowing how long each request is going to last. `bound`: who does not know, never waits for an answer and always
 * takes the account with the most left to do.
 */
const leastSeconds = (started: readonly RequestEntry[], ends: readonly AsyncEndEntry[]) => {
  const endOf = new Map(ends.map((entry) => [entry.requestId, timeOf(entry)]));
  const inAccount = new Map<string, number[]>();
  for (const entry of started) {
    const seconds = ((endOf.get(entry.requestId ?? "") ?? timeOf(entry)) - timeOf(entry)) / 1000;
    const account = entry.accountId ?? "";
    inAccount.set(account, [...(inAccount.get(account) ?? []), seconds]);
  }
  const queues = [...inAccount.values()];
  const floor = Math.max(...queues.map(sum), sum(queues.flat()) / outstanding, started.length / quota);
  return { floor, bound: Math.max(floor, secondsOfSchedule(queues)) };
};

const outstanding = 15;
/** Calls a second. */
const quota = 20;

const secondsOfSchedule = (durations: readonly (readonly number[])[]): number => {
  const waiting = durations.map((queue) => [...queue]);
  const endsAt = new Map<number, number>();
  let now = 0;
  for (;;) {
    while (endsAt.size < outstanding) {
      const free = [...waiting.keys()].filter(
        (account) => !endsAt.has(account) && left(waiting, account) > 0,
      );
      const [next] = free.sort((a, b) => left(waiting, b) - left(waiting, a));
      if (next === undefined) break;
      endsAt.set(next, now + (waiting[next]?.shift() ?? 0));
    }
    const [first] = [...endsAt].sort(([, a], [, b]) => a - b);
    if (first === undefined) return now;
    endsAt.delete(first[0]);
    now = first[1];
  }
};

const left = (waiting: readonly (readonly number[])[], account: number): number =>
  waiting[account]?.length ?? 0;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const timeOf = ({ time }: { readonly time: string }): number => Date.parse(time);

const count = (requests: readonly RequestEntry[], outcome: string): number =>
  requests.filter((entry) => entry.outcome === outcome).length;
