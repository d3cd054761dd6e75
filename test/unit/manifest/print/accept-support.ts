import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { loadManifest } from "../../../../src/manifest/load.ts";
import { acceptPatch } from "../../../../src/manifest/print/accept-patch.ts";
import type { Accepted } from "../../../../src/manifest/print/accepted.ts";
import type { Assignment, PermissionSet, User } from "../../../../src/model/access-state.ts";
import type { Organization } from "../../../../src/model/organization.ts";

const organization: Organization = {
  source: "manifest",
  unavailable: null,
  managementAccountId: null,
  accounts: new Map(
    ["111111111111", "222222222222"].map((id) => [
      id,
      { id, name: null, state: "ACTIVE", organizationalUnits: null, tags: null },
    ]),
  ),
  tagsRead: false,
  organizationalUnitsRead: false,
};

/** Writes the files, accepts, applies the patch with git, and answers the files and what was not covered. */
export const take = async (
  files: Readonly<Record<string, string>>,
  findings: readonly Accepted[],
  path = "access.yaml",
) => {
  const folder = mkdtempSync(join(tmpdir(), "reconcile-accept-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const load = async () => loadManifest(path, { cwd: folder, now: 0 });
  const { manifest, sources, findings: problems } = await load();
  if (manifest === null) throw new Error(JSON.stringify(problems));
  const patch = acceptPatch(findings, { manifest, sources, organization });
  writeFileSync(join(folder, "accept.patch"), patch.text);
  if (patch.text.includes("@@")) {
    const git = spawnSync("git", ["apply", "accept.patch"], { cwd: folder, encoding: "utf8" });
    expect(git.status, git.stderr + patch.text).toBe(0);
    expect((await load()).findings.filter(({ severity }) => severity === "error")).toEqual([]);
  }
  const after = Object.fromEntries(
    Object.keys(files).map((name) => {
      const file = join(folder, name);
      return [name, existsSync(file) ? readFileSync(file, "utf8") : null];
    }),
  );
  return { after, text: after[path] ?? "", notCovered: patch.notCovered, covered: patch.covered };
};

export const person = (userName: string, attributes: User["attributes"]): User => ({ userName, attributes });

export const userChanged = (differences: Readonly<Record<string, unknown>>): Accepted => ({
  kind: "user",
  bucket: "changed",
  address: "user/jane",
  reason: { code: "differs" },
  declared: person("jane", {}),
  live: person("jane", {}),
  differences: Object.entries(differences).map(([attribute, live]) => ({ attribute, live })),
});

export const setChanged = (live: PermissionSet, ...attributes: string[]): Accepted => ({
  kind: "permissionSet",
  bucket: "changed",
  address: `permissionSet/${live.name}`,
  reason: { code: "differs" },
  declared: live,
  live,
  differences: attributes.map((attribute) => ({
    attribute,
    live: (live as unknown as Record<string, unknown>)[attribute] ?? null,
  })),
});

export const member = (bucket: "missing" | "unmanaged", group: string, user: string): Accepted => ({
  kind: "membership",
  bucket,
  address: `membership/${group}/${user}`,
  reason: { code: bucket === "missing" ? "missing" : "not-declared" },
  declared: bucket === "missing" ? { group, user } : null,
  live: bucket === "missing" ? null : { group, user },
  differences: [],
});

export const access = (bucket: "missing" | "unmanaged", assignment: Assignment): Accepted => ({
  kind: "assignment",
  bucket,
  address: "assignment",
  reason: { code: bucket === "missing" ? "missing" : "not-declared" },
  declared: bucket === "missing" ? assignment : null,
  live: bucket === "missing" ? null : assignment,
  differences: [],
});

export const jane = "givenName: Jane, familyName: Doe, displayName: Jane Doe";
