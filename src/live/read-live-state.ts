import type { Instance, LiveState } from "../model/live-state.ts";
import type { Organization } from "../model/organization.ts";
import type { InstanceReader } from "../model/ports.ts";
import type { OnProgress } from "../model/progress.ts";
import { assembleLiveState } from "./assemble.ts";
import {
  type Pair,
  type ReadAssignments,
  readAssignmentsByPair,
  readAssignmentsByPrincipal,
} from "./assignments.ts";
import { readMemberships, type WantedMemberships, wantedGroups } from "./memberships.ts";
import { readPermissionSets } from "./permission-sets.ts";
import { type Principals, readPrincipals } from "./principals.ts";
import { accountsAreComplete, type ReadProvisioning, readProvisioning } from "./provisioning.ts";
import { createReading, type Reading } from "./reading.ts";
import {
  type AssignmentStrategy,
  chooseAssignmentStrategy,
  expectedCalls,
  type StrategyOption,
} from "./strategy.ts";

export interface ReadOptions {
  readonly needs: ReadNeeds;
  readonly strategy: StrategyOption;
  readonly onProgress: OnProgress;
  /** Calls in flight at a time; 40 unless given. The pace is kept by the reader. */
  readonly concurrency?: number;
}

interface ReadNeeds {
  /** Tags of permission sets, the owner mark among them: one call a set. */
  readonly tags: boolean;
  /** Groups (display names) whose members are wanted. Memberships of others are not read, and not listed as unread. */
  readonly memberships: WantedMemberships;
}

/**
 * Reads what stands in Identity Center. Rejects with AwsError where the lists that everything hangs on (permission
 * sets, users, groups) can not be read, a name is there twice, or nothing of a kind may be read at all; whatever else
 * could not be read is in `coverage`.
 */
export const readLiveState = async (
  reader: InstanceReader,
  instance: Instance,
  organization: Organization,
  options: ReadOptions,
): Promise<LiveState> => {
  const { needs, strategy, onProgress } = options;
  const reading = createReading(options.concurrency ?? 40);
  onProgress({ type: "phase", name: "Reading Identity Center" });

  const principals = readPrincipals(reader, reading);
  const store = principals.then(async (known) => ({
    principals: known,
    memberships: await readMemberships(reader, reading, known, needs.memberships),
  }));
  const access = reading
    .must(() => reader.listPermissionSets())
    .then(async (arns) => {
      // Everything of sso-admin shares one quota: what the next step waits for goes first, and no step waits idly.
      const provisioning = readProvisioning(reader, reading, arns, organization);
      const permissionSets = readPermissionSets(reader, reading, arns, needs);
      const assignments = Promise.all([provisioning, principals]).then(([where, known]) => {
        const pairs = pairsOf(where);
        const population = populationOf(arns, organization, known, pairs);
        const chosen = chooseAssignmentStrategy(strategy, population);
        tellExpected(population, chosen, known, organization, options);
        return readAssignments(reader, reading, known, pairs, chosen);
      });
      const [sets, where, found] = await Promise.all([permissionSets, provisioning, assignments]);
      return { permissionSets: sets, provisioning: where, assignments: found };
    });

  const [stored, accessed] = await Promise.all([store, access]);
  return assembleLiveState(reader, { instance, organization, ...stored, ...accessed });
};

const pairsOf = ({ provisioning }: ReadProvisioning): Pair[] =>
  [...provisioning].flatMap(([arn, { accounts }]) => accounts.map((accountId) => ({ accountId, arn })));

const readAssignments = async (
  reader: InstanceReader,
  reading: Reading,
  principals: Principals,
  pairs: readonly Pair[],
  chosen: AssignmentStrategy,
): Promise<ReadAssignments & { readonly orphansUnseen: string | null }> => {
  if (chosen.by === "principals") {
    const found = await readAssignmentsByPrincipal(reader, reading, principals);
    if (found !== null) return { ...found, orphansUnseen: chosen.explanation };
  }
  return { ...(await readAssignmentsByPair(reader, reading, pairs)), orphansUnseen: null };
};

const populationOf = (
  arns: readonly string[],
  organization: Organization,
  principals: Principals,
  pairs: readonly Pair[],
) => ({
  permissionSets: arns.length,
  accounts: organization.accounts.size,
  users: principals.users.size,
  groups: principals.groups.size,
  pairs: pairs.length,
});

const tellExpected = (
  population: ReturnType<typeof populationOf>,
  chosen: AssignmentStrategy,
  principals: Principals,
  organization: Organization,
  { needs, onProgress }: ReadOptions,
): void => {
  const { sso, identityStore } = expectedCalls(population, {
    tags: needs.tags,
    assignments: chosen.calls,
    memberships: Math.min(wantedGroups(principals, needs.memberships).length, population.users),
    accountsAreComplete: accountsAreComplete(organization),
  });
  if (chosen.calls >= worthTelling) onProgress({ type: "phase", name: chosen.explanation });
  onProgress({ type: "expected-calls", part: "identity center", expected: sso + identityStore });
};

/** Fewer calls are over in seconds, however they are made. */
const worthTelling = 100;
