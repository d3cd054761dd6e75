import { type EstateSize, makeEstate } from "./estate.ts";
import { callsByQuota, planOf, secondsOf } from "./on-estate.ts";
import { type Benchmark, type Row, row } from "./row.ts";

const size: EstateSize = {
  accounts: 60,
  permissionSets: 30,
  setsInEachAccount: 8,
  groups: 60,
  users: 300,
  membersOfEachGroup: 8,
};

/** Calls a second that AWS answers to sso-admin, and to each operation of the identity store. */
const quota = 20;

export const readSpeed: Benchmark = {
  name: "read",
  title: "Time of a full reading at AWS's speed, against the busiest quota",
  run: async () => [
    ...(await reading("at --rps 20", ["--rps", "20"], 1.05)),
    // 18 calls a second of 20: two are left for others.
    ...(await reading("by default (18/s)", [], 1.05 * (quota / 18))),
  ],
};

const reading = async (how: string, args: readonly string[], target: number): Promise<readonly Row[]> => {
  const { requests } = await planOf(makeEstate(size, "everything"), "real", args);
  const [busiest = ["none", 0]] = [...callsByQuota(requests)]
    .filter(([name]) => !name.startsWith("organizations"))
    .sort(([, a], [, b]) => b - a);
  const seconds = secondsOf(requests);
  const bound = busiest[1] / quota;
  const throttled = requests.filter(({ outcome }) => outcome === "throttled").length;
  return [
    row(
      `${how}: time ÷ (busiest calls ÷ quota)`,
      "ratio",
      { target, measured: seconds / bound },
      `${seconds.toFixed(1)} s ÷ (${busiest[1]} calls of ${busiest[0]} ÷ ${quota}/s)`,
    ),
    row(
      `${how}: throttled replies`,
      "share",
      { target: 0.01, measured: throttled / requests.length },
      `${throttled} of ${requests.length} calls`,
    ),
  ];
};
