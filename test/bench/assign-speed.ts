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
    const bound = leastSeconds(started, ends);
    const detail = `${bound.byAccount.toFixed(1)} s in the slowest account, ${bound.byOutstanding.toFixed(1)} s with 15 outstanding, ${bound.byQuota.toFixed(1)} s of calls`;
    return [
      row(
        "time ÷ bound",
        "ratio",
        { target: 1.1, measured: seconds / bound.seconds },
        `${seconds.toFixed(1)} s ÷ ${bound.seconds.toFixed(1)} s (${detail})`,
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

/** No schedule is faster: one request at a time in an account, 15 at a time in all, 20 calls a second. */
const leastSeconds = (started: readonly RequestEntry[], ends: readonly AsyncEndEntry[]) => {
  const endOf = new Map(ends.map((entry) => [entry.requestId, timeOf(entry)]));
  const inAccount = new Map<string, number>();
  let total = 0;
  for (const entry of started) {
    const account = entry.accountId ?? "";
    const seconds = ((endOf.get(entry.requestId ?? "") ?? timeOf(entry)) - timeOf(entry)) / 1000;
    total += seconds;
    inAccount.set(account, (inAccount.get(account) ?? 0) + seconds);
  }
  const byAccount = Math.max(...inAccount.values());
  const byOutstanding = total / 15;
  const byQuota = started.length / 20;
  return { byAccount, byOutstanding, byQuota, seconds: Math.max(byAccount, byOutstanding, byQuota) };
};

const timeOf = ({ time }: { readonly time: string }): number => Date.parse(time);

const count = (requests: readonly RequestEntry[], outcome: string): number =>
  requests.filter((entry) => entry.outcome === outcome).length;
