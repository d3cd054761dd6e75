import { spawnSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { manifestCodes } from "../../../src/manifest/codes.ts";
import { loadManifest } from "../../../src/manifest/load.ts";
import type { LoadResult } from "../../../src/manifest/loaded-manifest.ts";
import { policyCodes } from "../../../src/manifest/policy-problem.ts";
import { renderFindings } from "../../../src/report/findings.ts";

const fixtures = fileURLToPath(new URL("../../fixtures/manifest", import.meta.url));
const now = Date.UTC(2026, 10, 24);
const codesOf = ({ findings }: LoadResult): string[] => findings.map(({ code }) => code);

describe("the fixtures", () => {
  // A folder is named for the code that it shows; what follows -- only tells several of one code apart.
  const names = readdirSync(fixtures);

  it.each(names)("%s", async (name) => {
    const result = await loadManifest(undefined, { cwd: join(fixtures, name), now });
    const text = renderFindings(result.findings, { sources: result.sources, colour: false });
    await expect(text).toMatchFileSnapshot(join(fixtures, name, "expected.golden.txt"));
    const [code] = name.split("--");
    if (code === "valid") expect(result.manifest).not.toBeNull();
    else expect(codesOf(result)).toContain(code);
  });

  it("show every code, but for those that no file in Git can show", () => {
    const shown = new Set(names.map((name) => name.split("--")[0]));
    const missing = Object.keys({ ...manifestCodes, ...policyCodes }).filter((code) => !shown.has(code));
    expect(missing.sort()).toEqual([
      "file-too-large",
      "file-unreadable",
      "not-a-regular-file",
      "too-many-files",
    ]);
  });
});

describe("on disk", () => {
  let cwd: string;
  beforeEach(() => {
    cwd = realpathSync(mkdtempSync(join(tmpdir(), "manifest-")));
  });
  afterEach(() => rmSync(cwd, { recursive: true, force: true }));

  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(cwd, path)), { recursive: true });
    writeFileSync(join(cwd, path), text);
  };
  const load = (path?: string): Promise<LoadResult> => loadManifest(path, { cwd, now });

  const group = (name: string): string => `version: 1\ngroups:\n  ${name}: {}\n`;

  it("takes access.yaml before access.yml before the folder access", async () => {
    write("access/a.yaml", group("Folder"));
    expect(Object.keys((await load()).manifest?.value.groups ?? {})).toEqual(["Folder"]);
    write("access.yml", group("Short"));
    expect(Object.keys((await load()).manifest?.value.groups ?? {})).toEqual(["Short"]);
    write("access.yaml", group("File"));
    expect(Object.keys((await load()).manifest?.value.groups ?? {})).toEqual(["File"]);
  });

  it("merges the files of a folder in the order of their names, hidden ones left out", async () => {
    write(
      "m/b.yml",
      "assignments:\n  - {users: [jane], permissionSets: [Dev], accounts: [b]}\nremoved: {groups: [Y]}\n",
    );
    write(
      "m/a/z.yaml",
      "version: 1\nusers: {jane: {external: true}}\npermissionSets: {Dev: {}}\nassignments:\n  - {users: [jane], permissionSets: [Dev], accounts: [a]}\nremoved: {groups: [X], users: [u]}\n",
    );
    write("m/c.yaml", "version: 1 # nothing in here yet\n");
    write("m/.hidden.yaml", "nonsense");
    write("m/.git/config.yaml", "nonsense");
    write("m/notes.txt", "nonsense");
    const { manifest, findings } = await load("m");
    expect(findings).toEqual([]);
    expect(manifest?.files).toEqual(["m/a/z.yaml", "m/b.yml", "m/c.yaml"]);
    expect(manifest?.value.assignments?.map(({ accounts }) => accounts)).toEqual([["a"], ["b"]]);
    expect(manifest?.value.removed).toEqual({ groups: ["X", "Y"], users: ["u"] });
    expect(manifest?.position(["assignments", 1, "accounts", 0])).toEqual({
      file: "m/b.yml",
      line: 2,
      column: 55,
      endColumn: 56,
    });
  });

  it("does not judge references while a file is unreadable: what is missing may stand there", async () => {
    write("m/a.yaml", "version: 1\ngroups: {A: {members: [jane], nonsense: 1}}\n");
    write("m/b.yaml", "users: [\n");
    expect(codesOf(await load("m"))).toEqual(["unknown-property", "yaml-syntax"]);
  });

  it("gives positions of keys and of values, and falls back to the nearest ancestor", async () => {
    write("access.yaml", "version: 1\r\ngroups:\r\n  Admins:\r\n    description: All\r\n");
    const { manifest } = await load();
    const at = (path: (string | number)[], part?: "key" | "value"): unknown[] => {
      const position = manifest?.position(path, part);
      return [position?.line, position?.column, position?.endColumn];
    };
    expect(at(["groups", "Admins"])).toEqual([3, 3, 9]);
    expect(at(["groups", "Admins"], "value")).toEqual([4, 5, 21]);
    expect(at(["groups", "Admins", "description"])).toEqual([4, 18, 21]);
    expect(at(["groups", "Admins", "description"], "key")).toEqual([4, 5, 16]);
    expect(at(["groups", "Admins", "members", 3])).toEqual([3, 3, 9]);
    expect(at(["users", "jane"])).toEqual([1, 1, 11]);
    expect(at([])).toEqual([1, 1, 11]);
  });

  it("reads policies from JSON, from YAML and in place, in the author's order of keys", async () => {
    const statement = { Effect: "Allow", Action: "s3:GetObject", Resource: "*" };
    write(
      "m/policies/a.json",
      `\uFEFF{\n\t"Statement": [${JSON.stringify(statement)}],\r\n\t"Version": "2012-10-17"\n}`,
    );
    write(
      "m/policies/b.yaml",
      'Version: "2012-10-17"\nStatement: {Effect: Allow, Action: "s3:*", Resource: "*"}\n',
    );
    write(
      "m/sets/x.yaml",
      'version: 1\npermissionSets:\n  A: {inlinePolicy: ../policies/a.json}\n  B: {inlinePolicy: ../policies/b.yaml}\n  B2: {inlinePolicy: ../policies/b.yaml}\n  C: {inlinePolicy: {Version: "2012-10-17", Statement: [{Effect: Deny, Action: "*", Resource: "*"}]}}\n  D: {inlinePolicy: null}\n',
    );
    const { manifest, findings } = await load("m");
    expect(findings).toEqual([]);
    expect(
      Object.fromEntries([...(manifest?.policies ?? [])].map(([name, { text }]) => [name, text])),
    ).toEqual({
      A: `{"Statement":[${JSON.stringify(statement)}],"Version":"2012-10-17"}`,
      B: '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}',
      B2: '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}',
      C: '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}',
    });
    expect(manifest?.policies.get("A")?.position).toMatchObject({
      file: "m/sets/x.yaml",
      line: 3,
      column: 21,
    });
    expect(manifest?.files).toEqual(["m/policies/a.json", "m/policies/b.yaml", "m/sets/x.yaml"]);
  });

  it("has one digest for one meaning, however it is spelled and spread over files", async () => {
    const digest = async (path: string): Promise<string | undefined> => (await load(path)).manifest?.digest;
    const policy =
      '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}';
    write(
      "one.yaml",
      "version: 1\nusers: {j: {external: true}}\npermissionSets: {D: {inlinePolicy: p.json}}\nassignments:\n  - {users: [j], permissionSets: [D], accounts: [a]}\n  - {users: [j], permissionSets: [D], accounts: [b]}\n",
    );
    write("p.json", policy);
    write(
      "two/z.yaml",
      "version: 1\nusers:\n  j:\n    external: true\nassignments:\n  - {accounts: [a], users: [j], permissionSets: [D]}\n",
    );
    write(
      "two/a.yaml",
      "permissionSets: {D: {inlinePolicy: p.json}}\nassignments:\n  - {users: [j], permissionSets: [D], accounts: [b]}\n",
    );
    write("two/p.json", policy.replaceAll(" ", "\n"));
    const first = await digest("one.yaml");
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    expect(await digest("two")).toBe(first);
    write("two/p.json", policy.replace("s3:*", "s3:Get*"));
    expect(await digest("two")).not.toBe(first);
  });

  it("names files relative to the working directory inside of it, and in full outside", async () => {
    write("inside/access.yaml", "version: 1\n");
    const inside = await loadManifest(join(cwd, "inside", "access.yaml"), { cwd, now });
    expect(inside.manifest?.files).toEqual(["inside/access.yaml"]);
    const outside = await loadManifest(join(cwd, "inside"), { cwd: join(cwd, "elsewhere"), now });
    expect(outside.manifest?.files).toEqual([`${cwd}/inside/access.yaml`.replaceAll("\\", "/")]);
  });

  describe("refuses without reading", () => {
    it("a pipe, where reading would wait for ever", async () => {
      spawnSync("mkfifo", [join(cwd, "access.yaml")]);
      expect(codesOf(await load())).toEqual(["not-a-regular-file"]);
    });

    it("a folder and a pipe in place of a policy", async () => {
      mkdirSync(join(cwd, "p.json"));
      spawnSync("mkfifo", [join(cwd, "q.json")]);
      write(
        "access.yaml",
        "version: 1\npermissionSets:\n  A: {inlinePolicy: p.json}\n  B: {inlinePolicy: q.json}\n",
      );
      const { findings } = await load();
      expect(findings.map(({ code, position }) => [code, position?.line])).toEqual([
        ["not-a-regular-file", 3],
        ["not-a-regular-file", 4],
      ]);
    });

    it("what its symbolic links lead out of the folder to", async () => {
      write("secret/access.yaml", "version: 1\n");
      write("secret/p.json", "{}");
      mkdirSync(join(cwd, "m"));
      symlinkSync("../secret/access.yaml", join(cwd, "m", "a.yaml"));
      symlinkSync("../secret/p.json", join(cwd, "m", "p.json"));
      symlinkSync("../secret", join(cwd, "m", "folder.yaml"));
      symlinkSync("../secret", join(cwd, "m", "folder"));
      write(
        "m/b.yaml",
        "version: 1\npermissionSets:\n  A: {inlinePolicy: p.json}\n  B: {inlinePolicy: folder/p.json}\n",
      );
      const result = await load("m");
      expect(codesOf(result)).toEqual(["outside-folder", "outside-folder", "outside-folder"]);
      expect([...result.sources.keys()]).toEqual(["m/b.yaml"]);
      expect(codesOf(await load("m/a.yaml"))).toEqual(["outside-folder"]);
    });

    it("a file over 5 MiB", async () => {
      write("access.yaml", `version: 1\n${"# filler\n".repeat(600_000)}`);
      expect(codesOf(await load())).toEqual(["file-too-large"]);
    });

    it("a file of more tokens than memory should be spent on", async () => {
      write("access.yaml", `version: 1\nx: [${"a,".repeat(2_500_000)}]\n`);
      expect(codesOf(await load())).toEqual(["file-too-large"]);
    });

    it("a file whose links lead in a circle, or whose name is impossible", async () => {
      symlinkSync("b.yaml", join(cwd, "a.yaml"));
      symlinkSync("a.yaml", join(cwd, "b.yaml"));
      expect(codesOf(await load("a.yaml"))).toEqual(["file-unreadable"]);
      expect(codesOf(await load("x".repeat(300)))).toEqual(["file-unreadable"]);
      expect(codesOf(await load("a\0b"))).toEqual(["file-unreadable"]);
      expect(codesOf(await load("/dev/null"))).toEqual(["not-a-regular-file"]);
    });

    it("a folder that cannot be one of manifests", async () => {
      const deep = Array.from({ length: 40 }, (_, index) => `d${index}`).join("/");
      write(`m/${deep}/a.yaml`, "version: 1\n");
      expect(codesOf(await load("m"))).toEqual(["too-many-files"]);
    });
  });

  it("follows links that stay in the folder, once for each file", async () => {
    write(
      "m/real/p.json",
      '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}',
    );
    write("m/a.yaml", "version: 1\npermissionSets:\n  A: {inlinePolicy: linked/p.json}\n");
    symlinkSync("real", join(cwd, "m", "linked"));
    const { manifest, findings } = await load("m");
    expect(findings).toEqual([]);
    expect([...(manifest?.policies.keys() ?? [])]).toEqual(["A"]);
  });

  it("reports a broken policy file once, however many sets name it", async () => {
    write("p.json", "{");
    write(
      "access.yaml",
      "version: 1\npermissionSets:\n  A: {inlinePolicy: p.json}\n  B: {inlinePolicy: p.json}\n",
    );
    expect(codesOf(await load())).toEqual(["json-syntax"]);
  });

  it("takes aliases for whole values, and says what is wrong in one of them once", async () => {
    write(
      "access.yaml",
      "version: 1\nusers: {jane: {external: true}}\ngroups:\n  A: {members: &team [jane, joe]}\n  B: {members: *team}\n",
    );
    expect(codesOf(await load())).toEqual(["unknown-reference"]);
  });

  it("answers an alias bomb at once", async () => {
    const levels = Array.from({ length: 30 }, (_, index) =>
      index === 0
        ? "x0: &x0 [a]"
        : `x${index}: &x${index} [${Array(100)
            .fill(`*x${index - 1}`)
            .join(", ")}]`,
    );
    write("access.yaml", `version: 1\n${levels.join("\n")}\n`);
    const start = performance.now();
    expect(codesOf(await load())).toContain("aliases-too-large");
    expect(performance.now() - start).toBeLessThan(5000);
  });

  it("takes a manifest of many names in a time that grows with their number", async () => {
    const users = Array.from({ length: 20_000 }, (_, index) => `  u${index}: {external: true}`);
    const members = Array.from({ length: 20_000 }, (_, index) => `      - v${index}`);
    write(
      "access.yaml",
      `version: 1\nusers:\n${users.join("\n")}\ngroups:\n  A:\n    members:\n${members.join("\n")}\n`,
    );
    const start = performance.now();
    const { findings } = await load();
    expect(findings).toHaveLength(20_000);
    expect(performance.now() - start).toBeLessThan(20_000);
  });
});
