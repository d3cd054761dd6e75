/** What needs no AWS at all: help, mistakes in the command line, mistakes in the manifest, and what stdout is for. */
import { mkdtemp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseFindings } from "../support/findings-json.ts";
import { type Run, reconcile, root } from "../support/reconcile.ts";

const manifest = "version: 1\ngroups: { Team: { description: A team } }\n";
const mistake = "version: 1\ngroups:\n  Team: { descripton: A team }\n";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "reconcile-usage-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const write = async (path: string, text: string): Promise<void> => {
  await mkdir(join(folder, path, ".."), { recursive: true });
  await writeFile(join(folder, path), text);
};
const run = (...args: string[]): Promise<Run> => reconcile(args, { cwd: folder });

describe("help", () => {
  it("lists every command, each of which has help of its own, on stdout", async () => {
    const { stdout, stderr, exitCode } = await run("--help");
    expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
    const listed = [...stdout.matchAll(/^ {2}([a-z]+) .*$/gm)].map(([, name = ""]) => name);
    expect(listed).toEqual(
      expect.arrayContaining(["validate", "plan", "apply", "sandbox", "demo", "schema"]),
    );

    const helps = await Promise.all(
      listed.filter((name) => name !== "help" && name !== "reconcile").map((name) => run(name, "--help")),
    );
    for (const help of helps) {
      expect(help).toMatchObject({ exitCode: 0, stderr: "" });
      expect(help.stdout).toMatch(/^Usage: reconcile [a-z]+ /);
      expect(help.stdout).toContain("--help");
    }
  });

  it("names all exit codes", async () => {
    const { stdout } = await run("--help");
    for (const code of [0, 1, 2, 3, 4, 5, 6, 7, 130]) expect(stdout).toMatch(new RegExp(`\\b${code} [a-z]`));
  });

  it("prints the version, by each of its names", async () => {
    const runs = await Promise.all(["version", "--version", "-V"].map((name) => run(name)));
    for (const { stdout, exitCode } of runs) {
      expect(exitCode).toBe(0);
      expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    }
  });
});

describe("a mistake in the command line", () => {
  it.each([
    ["no command", [], "Usage: reconcile"],
    ["an unknown command", ["plam"], "Did you mean plan?"],
    ["an unknown option", ["plan", "--frmat", "json"], "Did you mean --format?"],
    ["an unknown format", ["plan", "--format", "yaml"], "text, json"],
    ["two manifests", ["plan", "a", "b"], "too many arguments"],
    ["a rate that is none", ["plan", "--rps", "fast"], "Expected a number above 0"],
    ["an allowance without a value", ["plan", "--allow", "max-removals"], "Expected GUARD=VALUE"],
    ["an allowance that is no number", ["plan", "--allow", "max-removals=30%"], "Expected a whole number"],
    ["an empty allowance", ["plan", "--allow", "approval="], "Expected a whole number"],
    ["a digest that is none", ["apply", "--expect", "abc"], "error[bad-digest]"],
    ["a plan that is not there", ["apply", "--plan", "nowhere.json"], "error[cannot-read]"],
    ["no approval and no terminal", ["apply"], "error[no-approval]"],
  ])("%s: exit code 3, nothing on stdout", async (_what, args, message) => {
    await write("access.yaml", manifest);
    const { stdout, stderr, exitCode } = await run(...args);
    expect(stderr).toContain(message);
    expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 3 });
  });
});

describe("the manifest", () => {
  it("is access.yaml without an argument", async () => {
    await write("access.yaml", manifest);
    await write("access/other.yaml", mistake);
    expect(await run("validate")).toEqual({
      stdout: "Valid. 0 users, 1 group, 0 permission sets, 0 assignment entries in 1 file.\n",
      stderr: "",
      exitCode: 0,
    });
  });

  it("else the folder access, with all its files", async () => {
    await write("access/groups.yaml", manifest);
    await write("access/deep/users.yaml", "version: 1\nusers: { ann: { external: true } }\n");
    expect((await run("validate")).stdout).toContain("1 user, 1 group");
  });

  it("is said to be missing where neither is there", async () => {
    const { stderr, exitCode } = await run("plan");
    expect(stderr).toContain("error[file-not-found]: There is no access.yaml here, nor a folder access");
    expect(exitCode).toBe(3);
  });

  it.each(["validate", "plan"])("with a mistake, %s shows the place and exits with 3", async (command) => {
    await write("access.yaml", mistake);
    const { stdout, stderr, exitCode } = await run(command);
    expect(stderr).toBe(
      [
        "access.yaml:3:11: error[unknown-property]: 'descripton' is not a property of a group",
        "  3 |   Team: { descripton: A team }",
        "    |           ^^^^^^^^^^",
        "    = did you mean 'description'?",
        "",
        "1 error.",
        "",
      ].join("\n"),
    );
    expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 3 });
  });

  it("with a mistake, as JSON: on stdout, nothing on stderr", async () => {
    await write("access.yaml", mistake);
    const { stdout, stderr, exitCode } = await run("validate", "--format", "json");
    expect(parseFindings(stdout).findings).toEqual([
      expect.objectContaining({ code: "unknown-property", position: expect.objectContaining({ line: 3 }) }),
    ]);
    expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 3 });
  });
});

describe("output that is not for a terminal", () => {
  it.each([{}, { NO_COLOR: "1" }, { NO_COLOR: "" }, { FORCE_COLOR: "1" }])(
    "holds no escape codes, with %o",
    async (env) => {
      await write("access.yaml", mistake);
      const { stdout, stderr } = await reconcile(["validate"], { cwd: folder, env });
      expect(stderr).toContain("error[");
      expect(stdout + stderr).not.toContain("\u001b");
    },
  );
});

describe("schema", () => {
  it("prints the manifest's, and nothing else", async () => {
    const { stdout, stderr, exitCode } = await run("schema");
    const file = await readFile(join(root, "schemas/access-manifest.schema.json"), "utf8");
    expect(JSON.parse(stdout)).toEqual(JSON.parse(file));
    expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
    expect(await run("schema", "manifest")).toEqual({ stdout, stderr, exitCode });
  });

  it("prints every one that there is, by its name", async () => {
    for (const file of await readdir(join(root, "schemas"))) {
      const name = file.replace(/^access-|\.schema\.json$/g, "");
      const { stdout, exitCode } = await run("schema", name);
      expect(exitCode).toBe(0);
      expect(JSON.parse(stdout)).toEqual(JSON.parse(await readFile(join(root, "schemas", file), "utf8")));
    }
  });

  it("names them where there is none of the name", async () => {
    const { stdout, stderr, exitCode } = await run("schema", "plans");
    expect(stderr).toContain("manifest, plan, apply-result, drift, findings");
    expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 3 });
  });
});
