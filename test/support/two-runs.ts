import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe } from "vitest";
import { stringify } from "yaml";
import { type Gate, startGate } from "./gate.ts";
import { dynamoDbLockPlace, type LockPlace, s3LockPlace } from "./lock-places.ts";
import { type Run, type Running, sandboxEnvironment, startReconcile } from "./reconcile.ts";
import { createWorld, type World } from "./world.ts";

export type Who = "first" | "second";

/**
 * Two applies at once, for each test of a file. The first is held at its third write until the gate opens; each signs
 * with a key of its own, so that the sandbox's log tells whose call it was.
 */
export const useTwoRuns = () => {
  let world: World;
  let gate: Gate;
  let folders: string[];
  beforeEach(async () => {
    folders = [];
    world = await createWorld();
    gate = await startGate(world.sandbox.url, 3);
  });
  afterEach(async () => {
    gate.open();
    await gate.close();
    await world.close();
    for (const folder of folders) await rm(folder, { recursive: true, force: true });
  });
  /** A folder of its own, with a manifest of groups, a set and assignments of its own. */
  const prepare = async (who: Who) => {
    const folder = await mkdtemp(join(tmpdir(), `reconcile-${who}-`));
    folders.push(folder);
    await writeFile(join(folder, "access.yaml"), stringify(manifestOf(who)));
    const env = {
      ...sandboxEnvironment(who === "first" ? gate.url : world.sandbox.url),
      AWS_ACCESS_KEY_ID: who,
      GITHUB_ACTOR: `${who}-person`,
      GITHUB_SERVER_URL: "https://github.example",
      GITHUB_REPOSITORY: "acme/access",
      GITHUB_RUN_ID: `${who}-run`,
    };
    return { folder, env };
  };
  return {
    world: () => world,
    gate: () => gate,
    /** Holds the first one at another of its writes. To be called before it starts. */
    holdAt: async (write: number): Promise<void> => {
      gate.open();
      await gate.close();
      gate = await startGate(world.sandbox.url, write);
    },
    prepare,
    apply: async (who: Who, env: Record<string, string>, ...args: string[]): Promise<Running> => {
      const prepared = await prepare(who);
      return startReconcile(["apply", "--auto-approve", "--rps", "1000", ...args], {
        cwd: prepared.folder,
        env: { ...prepared.env, ...env },
      });
    },
    turns: () => turnsIn(world),
    groupsOf: (who: Who): number =>
      world.instance.groups.filter(({ DisplayName }) => DisplayName.startsWith(who)).length,
    lastFolder: (): string => folders.at(-1) ?? "",
  };
};

export type TwoRuns = ReturnType<typeof useTwoRuns>;

/** The same tests under a lock in each kind of store. */
export const describeUnderLock = (
  { apply, world }: Pick<TwoRuns, "apply" | "world">,
  tests: (lock: {
    readonly place: () => LockPlace;
    readonly locked: (who: Who, ...args: string[]) => Promise<Running>;
    /** Takes it from whoever has it. */
    readonly unlock: () => Promise<Run>;
    /** Nothing answers there until this is called again. */
    readonly vanish: () => Promise<() => Promise<void>>;
  }) => void,
): void => {
  describe.each([
    ["S3", s3LockPlace],
    ["DynamoDB", dynamoDbLockPlace],
  ])("under a lock in %s", (_, openPlace) => {
    let place: LockPlace;
    beforeEach(async () => {
      place = await openPlace();
    });
    afterEach(() => place.close());
    tests({
      place: () => place,
      locked: (who, ...args) => apply(who, place.env, "--lock", place.url, ...args),
      unlock: async () => {
        const env = { ...sandboxEnvironment(world().sandbox.url), ...place.env };
        const asked = await startReconcile(["unlock", place.url], { env }).ended;
        const [, id = ""] = /--force-unlock (\S+)/.exec(asked.stderr) ?? [];
        return await startReconcile(["unlock", place.url, "--force-unlock", id], { env }).ended;
      },
      vanish: async () => {
        await place.close();
        return async () => {
          place = await openPlace();
        };
      },
    });
  });
};

/** Four groups, a set and four assignments, one after the other in their account. */
export const lastWrite = 9;

const manifestOf = (who: Who) => {
  const groups = [1, 2, 3, 4].map((number) => `${who}-${number}`);
  return {
    version: 1,
    groups: Object.fromEntries(groups.map((name) => [name, {}])),
    permissionSets: { [`Set-${who}`]: {} },
    assignments: [{ groups, permissionSets: [`Set-${who}`], accounts: ["development"] }],
  };
};

/** Whose writes they were, in the order of the log; the end of asynchronous work counts as its beginner's. */
const turnsIn = ({ log }: World): string[] => {
  const beginners = new Map<string, string>();
  const all = log.flatMap((entry) => {
    if (entry.event === "async-end") return beginners.get(entry.requestId) ?? [];
    if (/^(List|Describe|Get)/.test(entry.operation)) return [];
    if (entry.requestId !== undefined) beginners.set(entry.requestId, entry.accessKeyId ?? "");
    return entry.accessKeyId ?? [];
  });
  return all.filter((who, index) => who !== all[index - 1]);
};
