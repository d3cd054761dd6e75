import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import type { Drift } from "../../src/drift/drift.ts";
import { validate } from "../../src/generated/validate-drift.js";
import { createHands, type Hands } from "./hands.ts";
import { runInProcess } from "./in-process.ts";
import type { Run } from "./reconcile.ts";
import { settled } from "./settled.ts";
import { createWorld, type World } from "./world.ts";

export const administrator = "arn:aws:iam::aws:policy/AdministratorAccess";
export const development = "222222222222";

/** Two people, two groups, two sets. */
export const driftManifest = {
  version: 1,
  users: {
    "jane.doe": { givenName: "Jane", familyName: "Doe", displayName: "Jane Doe", title: "Engineer" },
    "rob.roe": { givenName: "Rob", familyName: "Roe", displayName: "Rob Roe" },
  },
  groups: {
    Developers: { description: "Developers", members: ["jane.doe"] },
    Auditors: {},
  },
  permissionSets: {
    DeveloperAccess: {
      description: "For developers",
      managedPolicies: ["ReadOnlyAccess"],
      sessionDuration: "PT8H",
    },
    AuditAccess: { managedPolicies: ["SecurityAudit"] },
  },
  assignments: [
    { groups: ["Developers"], permissionSets: ["DeveloperAccess"], accounts: ["development", "staging"] },
    { groups: ["Auditors"], permissionSets: ["AuditAccess"], accounts: ["production"] },
  ],
};

export interface DriftWorld extends World {
  readonly hands: Hands;
  /** Runs a command in this process once nothing is under way. */
  command(...args: string[]): Promise<Run>;
  /** The report as JSON, which fits its schema. */
  look(...args: string[]): Promise<{ exitCode: number | null; drift: Drift; stderr: string }>;
  apply(): Promise<void>;
  /** Writes the patch that accepts, and applies it as people do. */
  accept(): Promise<{ readonly stderr: string; readonly patch: string }>;
}

/** A sandbox in which the manifest stands as declared. */
export const createDriftWorld = async (): Promise<DriftWorld> => {
  const world = await createWorld();
  const command = async (...args: string[]): Promise<Run> => {
    await settled(world);
    // The sandbox runs without quotas.
    return runInProcess([...args, "--rps", "1000"], { cwd: world.folder, url: world.sandbox.url });
  };
  const look = async (...args: string[]) => {
    const { exitCode, stdout, stderr } = await command("drift", "--format", "json", ...args);
    if (stdout === "") throw new Error(stderr);
    const drift: unknown = JSON.parse(stdout);
    expect(validate(drift), JSON.stringify(validate.errors)).toBe(true);
    return { exitCode, drift: drift as Drift, stderr };
  };
  const apply = async () => {
    const { exitCode, stderr, stdout } = await command("apply", "--auto-approve", "--audit", "audit.jsonl");
    expect(exitCode, stderr + stdout).toBe(0);
  };
  const accept = async () => {
    const { stderr } = await look("--accept", "accept.patch");
    const patch = await readFile(join(world.folder, "accept.patch"), "utf8");
    if (patch.includes("@@")) {
      const git = spawnSync("git", ["apply", "accept.patch"], { cwd: world.folder, encoding: "utf8" });
      expect(git.status, git.stderr + patch).toBe(0);
    }
    return { stderr, patch };
  };
  await world.write("access.yaml", driftManifest);
  await apply();
  return { ...world, hands: createHands(world), command, look, apply, accept };
};

/** Each finding in a few words, in the order of the report. */
export const told = ({ findings }: Drift): string[] =>
  findings.map(({ bucket, reason, address }) => `${bucket} ${reason.code} ${address}`);
