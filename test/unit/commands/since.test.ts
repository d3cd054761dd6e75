/** The manifest of a commit, read from real repositories. */
import { writeFileSync } from "node:fs";
import { mkdir, mkdtemp, readdir, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadEarlier } from "../../../src/commands/since.ts";
import type { ReconcileError } from "../../../src/model/errors.ts";
import { createRepository, type GitRepository, runGit } from "../../support/git-repository.ts";

let repository: GitRepository;
beforeEach(async () => {
  repository = await createRepository();
});
afterEach(() => repository.close());

const env = { PATH: process.env.PATH };
const load = (ref: string, path?: string, cwd = repository.folder, environment: NodeJS.ProcessEnv = env) =>
  loadEarlier(ref, path, 0, { cwd, env: environment, signal: new AbortController().signal });
const groups = async (...args: Parameters<typeof load>) => {
  const { manifest } = await load(...args);
  return manifest === null ? null : Object.keys(manifest.value.groups ?? {});
};
const refusal = (...args: Parameters<typeof load>): Promise<ReconcileError> =>
  load(...args).then(
    () => {
      throw new Error("It was loaded.");
    },
    (error: ReconcileError) => error,
  );
const manifest = (...names: string[]): string =>
  `version: 1\ngroups: {${names.map((name) => `${name}: {}`).join(", ")}}\n`;

const makeTree = (entries: readonly (readonly [string, string, string])[]): string => {
  const bytes = entries.flatMap(([mode, name, id]) => [
    Buffer.from(`${mode} ${name}\0`),
    Buffer.from(id, "hex"),
  ]);
  const file = join(repository.folder, ".git", "made-by-hand");
  writeFileSync(file, Buffer.concat(bytes));
  return repository.git("hash-object", "-t", "tree", "-w", "--literally", file);
};
const commitTree = (tree: string): string => repository.git("commit-tree", tree, "-m", "evil");

describe("what it loads", () => {
  it("is the commit's, whatever the work tree holds, and leaves that alone", async () => {
    await repository.write("access.yaml", manifest("Old"));
    const commit = repository.commit();
    await repository.write("access.yaml", manifest("New"));
    const before = await readdir(repository.folder);
    expect(await groups("HEAD")).toEqual(["Old"]);
    expect(await groups("main")).toEqual(["Old"]);
    expect(await groups(commit.slice(0, 10))).toEqual(["Old"]);
    expect((await load("main")).label).toBe(`main (${commit.slice(0, 12)})`);
    expect(repository.git("status", "--porcelain")).toBe("M access.yaml");
    expect(await readdir(repository.folder)).toEqual(before);
  });

  it("takes tags and earlier commits", async () => {
    await repository.write("access.yaml", manifest("First"));
    repository.commit();
    repository.git("tag", "--annotate", "--message", "v1", "v1");
    await repository.write("access.yaml", manifest("Second"));
    repository.commit();
    expect(await groups("v1")).toEqual(["First"]);
    expect(await groups("HEAD~1")).toEqual(["First"]);
    expect(await groups("HEAD@{0}")).toEqual(["Second"]);
  });

  it("reads folders with their policies, below the top and named from elsewhere", async () => {
    const set = "version: 1\npermissionSets:\n  Read: {inlinePolicy: ../policies/read.json}\n";
    const policy = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "s3:*", Resource: "*" }] };
    await repository.write("prod/access/people/groups.yaml", manifest("A"));
    await repository.write("prod/access/sets/sets.yaml", set);
    await repository.write("prod/access/policies/read.json", JSON.stringify(policy));
    await repository.write("prod/access/.hidden.yaml", "no: manifest\n");
    repository.commit();
    await repository.write("prod/access/policies/read.json", "{}");
    const below = await load("HEAD", undefined, join(repository.folder, "prod"));
    expect(below.manifest?.policies.get("Read")?.document).toEqual(policy);
    expect(below.manifest?.files).toEqual([
      "access/people/groups.yaml",
      "access/policies/read.json",
      "access/sets/sets.yaml",
    ]);
    expect(await groups("HEAD", "prod/access")).toEqual(["A"]);
    const elsewhere = await realpath(await mkdtemp(join(tmpdir(), "reconcile-cwd-")));
    expect(await groups("HEAD", join(repository.folder, "prod/access"), elsewhere)).toEqual(["A"]);
    await rm(elsewhere, { recursive: true });
  });

  it("finds the file that has become a folder since", async () => {
    await repository.write("access.yaml", manifest("Old"));
    repository.commit();
    repository.git("rm", "--quiet", "access.yaml");
    await repository.write("access/groups.yaml", manifest("New"));
    expect(await groups("HEAD")).toEqual(["Old"]);
  });

  it("is none where there was none", async () => {
    await repository.write("README", "nothing");
    await repository.write("empty/README", "nothing");
    repository.commit();
    await repository.write("access.yaml", manifest("New"));
    await repository.write("empty/access.yaml", manifest("New"));
    expect((await load("HEAD")).manifest).toBeNull();
    expect((await load("HEAD", "access.yaml")).manifest).toBeNull();
    expect((await load("HEAD", "empty")).manifest).toBeNull();
  });

  it("works where the repository is reached through a link", async () => {
    await repository.write("access.yaml", manifest("Old"));
    repository.commit();
    const link = join(repository.folder, "..", `link-${process.pid}-${Date.now()}`);
    await symlink(repository.folder, link);
    expect(await groups("HEAD", undefined, link)).toEqual(["Old"]);
    expect(await groups("HEAD", join(link, "access.yaml"), tmpdir())).toEqual(["Old"]);
    await rm(link);
  });

  it("reads objects of SHA-256 and large files", async () => {
    const folder = await realpath(await mkdtemp(join(tmpdir(), "reconcile-sha256-")));
    runGit(folder, "init", "--quiet", "--object-format=sha256", "--initial-branch=main");
    await writeFile(join(folder, "access.yaml"), `${manifest("Old")}# ${"x".repeat(1_000_000)}\n`);
    runGit(folder, "add", "--all");
    runGit(folder, "commit", "--quiet", "--message", "one");
    expect(await groups("main", undefined, folder)).toEqual(["Old"]);
    await rm(folder, { recursive: true });
  });
});

describe("links and folders in the commit", () => {
  it("are followed inside of the manifest's folder, and only there", async () => {
    await repository.write("secret.yaml", manifest("Secret"));
    await repository.write("access/a.yaml", manifest("A"));
    await repository.write("access/.hidden/b.yaml", manifest("B"));
    await symlink(".hidden/b.yaml", join(repository.folder, "access/link.yaml"));
    repository.commit();
    expect(await groups("HEAD", "access")).toEqual(["A", "B"]);
    await symlink("../secret.yaml", join(repository.folder, "access/out.yaml"));
    repository.commit();
    expect((await refusal("HEAD", "access")).message).toContain("leads out of the manifest's folder");
    await rm(join(repository.folder, "access/out.yaml"));
    await symlink("/etc/passwd", join(repository.folder, "access/etc.yaml"));
    repository.commit();
    expect((await refusal("HEAD", "access")).message).toContain("leads out of the manifest's folder");
  });

  it("are the commit's own, not those of the work tree", async () => {
    await repository.write("v1/access.yaml", manifest("One"));
    await repository.write("v2/access.yaml", manifest("Two"));
    await symlink("v1", join(repository.folder, "current"));
    repository.commit();
    await rm(join(repository.folder, "current"));
    await symlink("v2", join(repository.folder, "current"));
    expect(await groups("HEAD", "current")).toEqual(["One"]);
    expect(await groups("HEAD", "current/access.yaml")).toEqual(["One"]);
  });

  it("that lead in a circle, or out of the repository, are no manifest that could be compared", async () => {
    await symlink("access.yml", join(repository.folder, "access.yaml"));
    await symlink("access.yaml", join(repository.folder, "access.yml"));
    await symlink("/etc", join(repository.folder, "etc"));
    repository.commit();
    await rm(join(repository.folder, "access.yaml"));
    await repository.write("access.yaml", manifest("A"));
    expect(await refusal("HEAD")).toMatchObject({
      code: "since-invalid",
      message: expect.stringContaining("its symbolic links lead in a circle"),
    });
    await rm(join(repository.folder, "etc"));
    await mkdir(join(repository.folder, "etc"));
    expect((await refusal("HEAD", "etc")).code).toBe("since-invalid");
  });

  it("that are submodules cannot be read", async () => {
    const inner = await createRepository();
    await inner.write("groups.yaml", manifest("A"));
    inner.commit();
    await repository.write("access/a.yaml", manifest("B"));
    repository.git(
      "-c",
      "protocol.file.allow=always",
      "submodule",
      "--quiet",
      "add",
      inner.folder,
      "access/sub",
    );
    repository.commit();
    expect((await refusal("HEAD", "access")).message).toContain("it is in a Git submodule");
    await inner.close();
  });
});

describe("what it refuses", () => {
  it("names that are no commit's", async () => {
    await repository.write("access.yaml", manifest("A"));
    repository.commit();
    for (const ref of ["--output=x", "-", "", "HEAD:access.yaml", "HEAD\nHEAD", "HEAD\u0000"]) {
      expect((await refusal(ref)).code, ref).toBe("since-bad-ref");
    }
    for (const ref of ["nope", "HEAD..main", "HEAD^{tree}", "0".repeat(40)]) {
      expect((await refusal(ref)).code, ref).toBe("since-unknown-ref");
    }
    expect(await readdir(repository.folder)).toEqual([".git", "access.yaml"]);
  });

  it("a commit that a shallow clone lacks, and says how to fetch it", async () => {
    await repository.write("access.yaml", manifest("A"));
    repository.commit();
    await repository.write("access.yaml", manifest("B"));
    repository.commit();
    const clone = join(repository.folder, "clone");
    repository.git("clone", "--quiet", "--depth=1", `file://${repository.folder}`, clone);
    const refused = await refusal("HEAD~1", undefined, clone);
    expect(refused.code).toBe("since-shallow");
    expect(refused.hint).toContain("fetch-depth: 0");
    expect(await groups("HEAD", undefined, clone)).toEqual(["B"]);
  });

  it("a manifest that is not valid there, and tells what is wrong", async () => {
    await repository.write("access.yaml", "version: 1\ngroup: {}\n");
    repository.commit();
    await repository.write("access.yaml", manifest("A"));
    const refused = await refusal("HEAD");
    expect(refused.code).toBe("since-invalid");
    expect(refused.message).toContain("access.yaml:2:1: ");
  });

  it("a manifest whose policy file was not there, or too large", async () => {
    const set = "version: 1\npermissionSets:\n  Read: {inlinePolicy: read.json}\n";
    await repository.write("access.yaml", set);
    repository.commit();
    await repository.write("read.json", "{}");
    expect((await refusal("HEAD")).message).toContain("read.json does not exist");
    await repository.write("read.json", " ".repeat(6_000_000));
    repository.commit();
    expect((await refusal("HEAD")).message).toContain("read.json is larger than");
  });

  it("a folder that is in no repository, and a machine without Git", async () => {
    await repository.write("access.yaml", manifest("A"));
    repository.commit();
    const outside = await realpath(await mkdtemp(join(tmpdir(), "reconcile-no-git-")));
    await writeFile(join(outside, "access.yaml"), manifest("A"));
    const ceiling = { ...env, GIT_CEILING_DIRECTORIES: join(outside, "..") };
    expect((await refusal("HEAD", undefined, outside, ceiling)).code).toBe("since-no-repository");
    await rm(outside, { recursive: true });
    expect((await refusal("HEAD", undefined, undefined, { PATH: outside })).code).toBe("since-no-git");
  });

  it("a Git that the clone itself brings, and the repository that a hook of another one names", async () => {
    await repository.write("access.yaml", manifest("A"));
    await writeFile(join(repository.folder, "git"), "#!/bin/sh\ntouch ran\n", { mode: 0o755 });
    repository.commit();
    const dotted = { PATH: `.:${process.env.PATH}`, GIT_DIR: "/nowhere", GIT_WORK_TREE: "/" };
    expect(await groups("HEAD", undefined, undefined, dotted)).toEqual(["A"]);
    expect(await readdir(repository.folder)).not.toContain("ran");
  });

  it("objects that are missing: what they hold does not pass for nothing", async () => {
    await repository.write("access/a.yaml", manifest("A"));
    await repository.write("access/below/b.yaml", manifest("B"));
    repository.commit();
    const id = repository.git("rev-parse", "HEAD:access/below");
    await rm(join(repository.folder, ".git/objects", id.slice(0, 2), id.slice(2)));
    expect((await refusal("HEAD", "access")).message).toContain("this clone does not hold it");
  });

  it("folders whose names lead elsewhere, which Git makes for nobody", async () => {
    await repository.write("access/a.yaml", manifest("A"));
    repository.commit();
    const blob = repository.git("rev-parse", "HEAD:access/a.yaml");
    const inner = makeTree([["100644", "..", blob]]);
    repository.git("update-ref", "refs/heads/evil", commitTree(makeTree([["40000", "access", inner]])));
    expect((await refusal("evil", "access")).message).toContain("its folder is damaged in Git");
  });

  it("to run what a clone's set-up names", async () => {
    await repository.write("access.yaml", manifest("A"));
    await repository.write(".gitattributes", "*.yaml diff=evil filter=evil\n");
    repository.commit();
    const mark = join(repository.folder, "ran");
    const script = join(repository.folder, ".git", "evil.sh");
    await writeFile(script, `#!/bin/sh\ntouch '${mark}'\ncat\n`, { mode: 0o755 });
    for (const key of ["core.fsmonitor", "diff.evil.textconv", "filter.evil.smudge", "diff.external"]) {
      repository.git("config", key, script);
    }
    await writeFile(
      join(repository.folder, ".git", "hooks", "post-index-change"),
      `#!/bin/sh\ntouch '${mark}'\n`,
      {
        mode: 0o755,
      },
    );
    expect(await groups("HEAD")).toEqual(["A"]);
    expect(await readdir(repository.folder)).not.toContain("ran");
  });
});
