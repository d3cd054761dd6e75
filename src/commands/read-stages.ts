import { chooseInstance } from "../live/choose-instance.ts";
import { readOrganization } from "../live/organization.ts";
import { readOwners } from "../live/owners.ts";
import { readLiveState } from "../live/read-live-state.ts";
import { loadManifest } from "../manifest/load.ts";
import type { LoadedManifest } from "../manifest/loaded-manifest.ts";
import { requirements, resolve } from "../manifest/resolve.ts";
import type { DesiredState } from "../model/desired-state.ts";
import { UsageError } from "../model/errors.ts";
import { type Finding, hasErrors } from "../model/finding.ts";
import type { CallerIdentity, Instance, LiveState } from "../model/live-state.ts";
import type { AwsDirectory, InstanceReader } from "../model/ports.ts";
import type { OnProgress } from "../model/progress.ts";
import { checkAllowances } from "../plan/guards/evaluate.ts";
import { makePlan } from "../plan/make-plan.ts";
import { permissionSetsChanged, permissionSetsUndeclared } from "../plan/owners.ts";
import type { Plan } from "../plan/plan.ts";
import { renderFindings } from "../report/findings.ts";
import { announce } from "./announce.ts";
import type { CommandContext } from "./context.ts";
import { unlessInterrupted } from "./interruption.ts";
import { bothNeeds, loadEarlier, resolveEarlier } from "./since.ts";

/** What every command that reads AWS starts from. Nothing in here can write. */
export interface Planned {
  readonly plan: Plan;
  readonly desired: DesiredState;
  readonly live: LiveState;
  readonly manifest: LoadedManifest;
  /** Text of the manifest's files, by name as shown. */
  readonly sources: ReadonlyMap<string, string>;
  readonly caller: CallerIdentity;
  /** Epoch milliseconds, from before anything was read: what AWS holds is at least as new. */
  readonly readAt: number;
}

/** What is talked to. */
export interface Target {
  readonly reader: InstanceReader;
  readonly instance: Instance;
  readonly caller: CallerIdentity;
  readonly manifest: LoadedManifest;
}

/** Of a run that may not come to a plan. */
export interface KnownOfRun {
  readonly manifestName: string | null;
  readonly identityStoreId: string | null;
  /** Those that were found last. */
  readonly findings: readonly Finding[];
  /** Text of the manifest's files, by name as shown. */
  readonly sources: ReadonlyMap<string, string>;
}

/** Gathers what becomes known of a run. */
export const followRun = (): {
  readonly known: () => KnownOfRun;
  readonly onKnown: (more: Partial<KnownOfRun>) => void;
} => {
  let all: KnownOfRun = { manifestName: null, identityStoreId: null, findings: [], sources: new Map() };
  return {
    known: () => all,
    onKnown: (more) => {
      all = { ...all, ...more };
    },
  };
};

interface PlanOptions {
  readonly allow: ReadonlyMap<string, string>;
  /** Address globs; empty: everything. */
  readonly only: readonly string[];
  /** A commit: what the manifest there would change as well is left out. */
  readonly since?: string;
  /** Nobody sees the plan before it is applied. */
  readonly unattended?: boolean;
  /** This run has said before what it talks to. */
  readonly again?: boolean;
  readonly strategy: "auto" | "pairs" | "principals";
  /** Also asks whose the permission sets are that are not declared, where the manifest has no name: one call each. */
  readonly ownersOfUndeclared?: boolean;
  /** Runs when it is known what is talked to, before what stands there is read. */
  readonly beforeReading?: (target: Target) => Promise<void>;
  /** Told what is known as soon as it is: for whoever has to say why there is no plan. */
  readonly onKnown?: (known: Partial<KnownOfRun>) => void;
  readonly onProgress: OnProgress;
  /** Takes the moving line away before something is printed. */
  readonly finish: () => void;
}

/**
 * manifest → resolved → compared with what is live → plan. null: the manifest is not valid, and the findings have
 * been printed; what is only a warning about what is live is in the plan. AWS is opened only for a valid one. Rejects
 * with AwsError, UsageError or Interrupted.
 */
export const planStages: typeof stages = (path, open, options, context) =>
  unlessInterrupted(stages(path, open, options, context), context.signal);

const stages = async (
  path: string | undefined,
  open: () => Promise<AwsDirectory>,
  options: PlanOptions,
  context: CommandContext,
): Promise<Planned | null> => {
  const { onProgress } = options;
  const readAt = context.now();
  const loaded = await loadManifest(path, { cwd: context.cwd, now: readAt });
  const { manifest, name, sources } = loaded;
  const findings = [...checkAllowances(options.allow), ...loaded.findings];
  options.onKnown?.({ manifestName: name });
  const tell = (found: readonly Finding[]): void => {
    options.finish();
    options.onKnown?.({ findings: found, sources });
    context.stderr.write(renderFindings(found, { sources, colour: context.stderr.colour }));
  };
  /** Whether it ends the run. Warnings alone are told by the plan, which has them. */
  const stops = (found: readonly Finding[]): boolean => {
    if (hasErrors(found)) tell(found);
    return hasErrors(found);
  };
  tell(findings);
  if (hasErrors(findings) || manifest === null) return null;

  const { since } = options;
  const earlier = since === undefined ? null : await loadEarlier(since, path, readAt, context);
  const directory = await withRegionHint(open, manifest)();
  const { instance, caller } = await connect(directory, manifest, options.again === true, context);
  options.onKnown?.({ identityStoreId: instance.identityStoreId });
  await options.beforeReading?.({ reader: directory.reader(instance), instance, caller, manifest });
  const needs = bothNeeds(requirements(manifest), earlier?.manifest ?? null);
  const organization = await readOrganization(directory.organizations, {
    needs,
    manifestAccounts: manifest.value.accounts ?? {},
    managementAccountId: instance.ownerAccountId,
    onProgress,
  });
  const now = context.now();
  const { desired, findings: unresolved } = resolve(manifest, organization, { now });
  if (stops(unresolved) || desired === null) return null;
  const before = earlier && resolveEarlier(earlier, organization, now);

  const reader = directory.reader(instance);
  const found = await readLiveState(reader, instance, organization, {
    needs: { tags: needs.permissionSetTags, memberships: "all" },
    strategy: options.strategy,
    onProgress,
  });
  const planFor = (live: LiveState) =>
    makePlan(desired, live, {
      toolVersion: context.version,
      allow: options.allow,
      only: options.only,
      ...(before === null ? {} : { since: before }),
      caller,
      now: context.now(),
      unattended: options.unattended === true,
    });
  const first = planFor(found);
  // Without a name tags are read only of what would change, or be told: of most sets nobody needs to know whose they are.
  const changed = first.plan === null ? [] : permissionSetsChanged(desired, first.plan.changes);
  const undeclared = options.ownersOfUndeclared === true ? permissionSetsUndeclared(desired, found) : [];
  const unowned =
    first.plan === null || needs.permissionSetTags ? [] : [...new Set([...changed, ...undeclared])];
  const live = unowned.length === 0 ? found : await readOwners(reader, found, unowned);
  const { plan, findings: unplanned } = live === found ? first : planFor(live);
  options.finish();
  if (stops(unplanned) || plan === null) return null;
  return { plan, desired, live, manifest, sources, caller, readAt };
};

const connect = async (
  directory: AwsDirectory,
  manifest: LoadedManifest,
  again: boolean,
  context: CommandContext,
): Promise<{ readonly instance: Instance; readonly caller: CallerIdentity }> => {
  const [instances, caller] = await Promise.all([directory.listInstances(), directory.getCallerIdentity()]);
  const instance = chooseInstance(instances, {
    ...manifest.value.instance,
    configuredRegion: directory.region,
  });
  if (!again) announce(context.stderr, { instance, caller, endpoint: directory.endpoint });
  return { instance, caller };
};

/** Names of accounts by id, for output: the manifest's own, else those of AWS Organizations. */
export const accountNames = ({
  live,
  manifest,
}: Pick<Planned, "live" | "manifest">): ReadonlyMap<string, string> =>
  new Map([
    ...[...live.organization.accounts.values()].flatMap(({ id, name }) =>
      name === null ? [] : [[id, name] as const],
    ),
    ...Object.entries(manifest.value.accounts ?? {}).map(([name, id]) => [id, name] as const),
  ]);

/** Where no Region is configured, the manifest may say which one it should be. */
const withRegionHint = (open: () => Promise<AwsDirectory>, manifest: LoadedManifest) => async () => {
  try {
    return await open();
  } catch (error) {
    const region = manifest.value.instance?.region;
    if (!(error instanceof UsageError) || error.code !== "region-missing" || region === undefined)
      throw error;
    throw new UsageError(error.code, error.message, {
      hint: `Set AWS_REGION=${region}: the manifest says that its instance is there`,
      cause: error,
    });
  }
};
