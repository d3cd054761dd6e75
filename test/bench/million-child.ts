import type { AccessState, Assignment } from "../../src/model/access-state.ts";
import { assignmentAddress } from "../../src/model/address.ts";
import type { Origin } from "../../src/model/desired-state.ts";
import { makePlan } from "../../src/plan/make-plan.ts";
import { desired, live, position } from "../unit/plan/builders.ts";
import type { MillionResult } from "./million.ts";

// 5,000 accounts, in each of them 200 groups with one of 100 permission sets. A thousand are missing, and as many are
// there that nobody declared.
const accounts = Array.from({ length: 5000 }, (_, index) => String(100_000_000_000 + index));
const groups = Array.from({ length: 200 }, (_, index) => `Group-${index}`);
const sets = Array.from({ length: 100 }, (_, index) => `Set-${index}`);

const withAssignments = (
  state: AccessState,
  groupOf: (slot: number, account: number) => number,
): AccessState => {
  const assignments = new Map<string, Assignment>();
  for (const [account, accountId] of accounts.entries()) {
    for (const slot of groups.keys()) {
      const permissionSet = sets[slot % sets.length] ?? "";
      const principal = groups[groupOf(slot, account)] ?? "";
      const assignment: Assignment = { accountId, permissionSet, principalType: "GROUP", principal };
      assignments.set(assignmentAddress(assignment), assignment);
    }
  }
  return { ...state, assignments };
};

const content = { groups, permissionSets: sets };
const wanted = desired(content);
const declared = withAssignments(wanted.state, (slot) => slot);
const there = live({ ...content, accounts: Object.fromEntries(accounts.map((id) => [id, "ACTIVE"])) });
// In every fifth account the first slot's set is given to another group.
const found = withAssignments(there.state, (slot, account) => (slot === 0 && account % 5 === 0 ? 1 : slot));

const entries = groups.map((_, index) => ({ position: position(index) }));
const origins = new Map<string, Origin>();
for (const address of declared.assignments.keys()) {
  const entry = entries[origins.size % entries.length];
  if (entry !== undefined) origins.set(address, entry);
}

const before = process.memoryUsage().rss;
const start = performance.now();
const { plan } = makePlan(
  { ...wanted, state: declared, origins },
  { ...there, state: found },
  { toolVersion: "0.0.0-bench" },
);
const seconds = (performance.now() - start) / 1000;
if (plan === null) throw new Error("There is no plan.");
// Kilobytes on Linux and macOS alike: Node.js makes them so.
const result: MillionResult = {
  seconds,
  bytes: process.resourceUsage().maxRSS * 1024,
  inputBytes: before,
  changes: plan.changes.length,
};
process.stdout.write(JSON.stringify(result));
