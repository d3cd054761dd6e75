/** Under a plain sh, in no pipeline that is known: the Markdown is what a reviewer gets, and it is said why. */
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cleanEnvironment, root, type Run, sandboxEnvironment } from "../support/reconcile.ts";
import { createWorld, type World } from "../support/world.ts";

let world: World;
beforeEach(async () => {
  world = await createWorld();
  await world.write("access.yaml", {
    version: 1,
    groups: { Team: { description: "@all <b>" } },
    permissionSets: { Reader: { managedPolicies: ["ReadOnlyAccess"] } },
    assignments: [{ groups: ["Team"], permissionSets: ["Reader"], accounts: ["development"] }],
  });
});
afterEach(() => world.close());

/** Runs a script with sh, in which `reconcile` is the built command. */
const sh = async (script: string): Promise<Run> => {
  const command = `reconcile() { ${process.execPath} ${join(root, "dist/reconcile.js")} "$@"; }`;
  const child = spawn("sh", ["-eu", "-c", `${command}\n${script}`], {
    cwd: world.folder,
    env: { ...cleanEnvironment(), ...sandboxEnvironment(world.sandbox.url) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const texts = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      texts[name] += text;
    });
  }
  const exitCode = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { exitCode, ...texts };
};

describe("comment", () => {
  it("writes its Markdown to stdout, and nothing but that, for a file or another forge", async () => {
    const { stdout, stderr, exitCode } = await sh(
      "reconcile plan --rps 1000 --out plan.json > plan.txt\nreconcile comment --plan plan.json > plan.md",
    );
    expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 0 });
    expect(stderr).toContain(
      "No comment: this is neither GitHub Actions nor GitLab CI. Its Markdown is on stdout.\n",
    );
    const markdown = await readFile(join(world.folder, "plan.md"), "utf8");
    expect(markdown).toMatch(/^## .*\n[^]*development \(222222222222\)[^]*AWS as of [^]*<\/sub>\n$/);
    expect(markdown).toContain("reconcile apply --expect");
    expect(markdown.replace(/^(\s*)(`{3,})[^]*?^\1\2\s*$/gm, "")).not.toMatch(/@all|<b>/);
  });

  it.each([
    ["is not there", ""],
    ["is no plan", "echo '{}' > plan.json"],
    [
      "was changed",
      "reconcile plan --rps 1000 --out plan.json > plan.txt; sed -i.bak s/Reader/Writer/ plan.json",
    ],
  ])("refuses a plan file that %s, as a mistake of the command line", async (_, before) => {
    const { stdout, stderr, exitCode } = await sh(`${before}\nreconcile comment --plan plan.json`);
    expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 3 });
    expect(stderr).toMatch(/error\[[a-z-]+\]/);
  });
});

describe("what only a forge can do is refused before anything is read", () => {
  it.each([
    ["plan --comment", "--format markdown=FILE"],
    ["drift --issue", "--format markdown"],
  ])("%s, with what to use instead", async (command, instead) => {
    const { stdout, stderr, exitCode } = await sh(`reconcile ${command} --rps 1000`);
    expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 3 });
    expect(stderr).toContain("error[no-forge]");
    expect(stderr.replace(/\s+/g, " ")).toContain(instead);
    expect(world.log.filter(({ event }) => event === "request")).toEqual([]);
  });

  it("and the script goes on by exit codes alone", async () => {
    const script = [
      "code=0; reconcile plan --rps 1000 --detailed-exitcode --format markdown=plan.md > plan.txt || code=$?",
      '[ "$code" -eq 2 ] || exit 99',
      "reconcile apply --rps 1000 --auto-approve > apply.txt",
      "reconcile drift --rps 1000",
    ].join("\n");
    const { stdout, stderr, exitCode } = await sh(script);
    expect(exitCode, stderr).toBe(0);
    expect(stdout + stderr).not.toMatch(/\u001b|::group::|\r/);
    expect(world.instance.assignments).toHaveLength(1);
  });
});
