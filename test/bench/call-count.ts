import { type EstateSize, makeEstate } from "./estate.ts";
import { planOf } from "./on-estate.ts";
import { type Benchmark, row } from "./row.ts";

const sizes: Readonly<Record<string, EstateSize>> = {
  small: {
    accounts: 8,
    permissionSets: 3,
    setsInEachAccount: 2,
    groups: 3,
    users: 10,
    membersOfEachGroup: 3,
  },
  medium: {
    accounts: 60,
    permissionSets: 20,
    setsInEachAccount: 5,
    groups: 40,
    users: 250,
    membersOfEachGroup: 10,
  },
  // Fewer accounts than permission sets: where sets are provisioned is asked by account.
  "few accounts": {
    accounts: 10,
    permissionSets: 60,
    setsInEachAccount: 12,
    groups: 30,
    users: 120,
    membersOfEachGroup: 5,
  },
  // Fewer users than groups: memberships are asked by user.
  "many groups": {
    accounts: 30,
    permissionSets: 10,
    setsInEachAccount: 4,
    groups: 150,
    users: 40,
    membersOfEachGroup: 2,
  },
  large: {
    accounts: 300,
    permissionSets: 50,
    setsInEachAccount: 7,
    groups: 120,
    users: 900,
    membersOfEachGroup: 20,
  },
};

export const callCount: Benchmark = {
  name: "calls",
  title: "Calls of a full plan, against the fewest that a complete reading can take",
  run: async () => {
    const rows = [];
    for (const [name, size] of Object.entries(sizes)) {
      const { requests } = await planOf(makeEstate(size, "everything"), "fast", ["--rps", "1000"]);
      const least = fewestCalls(size);
      rows.push(
        row(
          `${name}: calls ÷ formula`,
          "ratio",
          { target: 1.02, measured: requests.length / least },
          `${requests.length} calls ÷ ${least}; ${size.accounts} accounts, ${size.permissionSets} sets, ${size.accounts * size.setsInEachAccount} pairs, ${size.groups} groups, ${size.users} users`,
        ),
      );
    }
    return rows;
  },
};

/**
 * A complete reading, orphans and stale roles included: the instance, the pages of permission sets, six calls a set,
 * where each is provisioned (twice: newest and stale), one call a pair; users, groups and memberships; accounts; and
 * who is calling.
 */
const fewestCalls = (size: EstateSize): number => {
  const { accounts, permissionSets, setsInEachAccount, groups, users, membersOfEachGroup } = size;
  const pairs = accounts * setsInEachAccount;
  const bySet = permissionSets * pages(pairs / permissionSets, 100);
  const byAccount = accounts * pages(setsInEachAccount, 100);
  const ssoAdmin =
    1 + pages(permissionSets, 100) + 6 * permissionSets + 2 * Math.min(bySet, byAccount) + pairs;
  const groupsOfEachUser = (groups * membersOfEachGroup) / users;
  const memberships = Math.min(groups * pages(membersOfEachGroup, 100), users * pages(groupsOfEachUser, 100));
  const identityStore = pages(users, 100) + pages(groups, 100) + memberships;
  return ssoAdmin + identityStore + pages(accounts, 20) + 1;
};

const pages = (items: number, size: number): number => Math.max(1, Math.ceil(items / size));
