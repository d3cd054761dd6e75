/**
 * The README tells what the product does now: its samples are output of the built command, its files are the files,
 * its commands run, its tables are complete. `UPDATE_README=1 npx vitest run test/cli/readme` writes the samples anew.
 */
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import schema from "../../schemas/access-manifest.schema.json" with { type: "json" };
import { exitCodes } from "../../src/commands/exit-codes.ts";
import { createHands } from "../support/hands.ts";
import { reconcile, root } from "../support/reconcile.ts";
import { createWorld, type World } from "../support/world.ts";

const file = join(root, "README.md");
const update = process.env.UPDATE_README === "1";
let readme = await readFile(file, "utf8");
let world: World;

beforeAll(async () => {
  world = await createWorld();
  await cp(join(root, "examples"), join(world.folder, "examples"), { recursive: true });
});
afterAll(async () => {
  await world.close();
  if (update) await writeFile(file, readme);
});

/** The text between two marks, inside its code fence. */
const block = (kind: "sample" | "file", name: string): RegExp => {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`(<!-- ${kind}:${escaped} -->\\n\`\`\`\\w+\\n)([^]*?)(\`\`\`\\n<!-- /${kind} -->)`);
};

const expectBlock = (kind: "sample" | "file", name: string, text: string): void => {
  const pattern = block(kind, name);
  if (update)
    readme = readme.replace(pattern, (_all, head: string, _old, tail: string) => `${head}${text}${tail}`);
  expect(pattern.exec(readme)?.[2]).toBe(text);
};

describe("samples", () => {
  it("show the example as it is", async () => {
    const name = "examples/getting-started/access.yaml";
    const text = await readFile(join(root, name), "utf8");
    expectBlock("file", name, text.slice(text.indexOf("version: 1")));
  });

  it("show what plan prints when access was changed by hand", async () => {
    const manifest = "examples/getting-started";
    expect((await world.run("apply", manifest, "--auto-approve", "--rps", "1000")).exitCode).toBe(0);
    const hands = createHands(world);
    await hands.attach("DeveloperAccess", "arn:aws:iam::aws:policy/AdministratorAccess");
    await hands.assign("AdministratorAccess", "111111111111", "GROUP", "Developers");
    await hands.updateUser("jane.doe", { AttributePath: "name.familyName", AttributeValue: "Smith" });
    const { stdout } = await world.run("plan", manifest, "--rps", "1000");
    expectBlock("sample", "drift", stdout.slice(stdout.indexOf("\n\n") + 2));
  });

  it("show what validate prints for mistakes", async () => {
    const mistakes = [
      "version: 1",
      "accounts:",
      "  development: 012345678901",
      "groups:",
      "  Developers: { members: [] }",
      "permissionSets:",
      "  DeveloperAccess:",
      "    sesionDuration: PT4H",
      "assignments:",
      "  - groups: [Developer]",
      "    permissionSets: [DeveloperAccess]",
      "    accounts: [development]",
      "",
    ];
    await world.write("access.yaml", mistakes.join("\n"));
    const { exitCode, stderr } = await world.run("validate");
    expect(exitCode).toBe(exitCodes.invalid);
    expectBlock("sample", "findings", stderr);
  });
});

describe("commands", () => {
  const console = [...readme.matchAll(/^\$ (reconcile .*)$/gm)].map(([, command]) => command ?? "");
  it("are there", () => expect(console.length).toBeGreaterThan(1));
  it.each(console)("%s", async (command) => {
    const { exitCode, stderr } = await reconcile(command.split(" ").slice(1), { cwd: world.folder });
    expect(stderr).not.toContain("error");
    expect(exitCode).toBe(exitCodes.ok);
  });

  it("are all in the table", async () => {
    const { stdout } = await reconcile(["--help"]);
    const names = [...stdout.slice(stdout.indexOf("Commands:")).matchAll(/^ {2}([a-z]+) /gm)].map(
      ([, name]) => name ?? "",
    );
    expect(names).toContain("apply");
    for (const name of names) expect(readme).toMatch(new RegExp(`\`(reconcile )?${name}\\b`));
  });
});

describe("tables", () => {
  it("explain every exit code", () => {
    const listed = [...readme.matchAll(/^\| (\d+) \| /gm)].map(([, code]) => Number(code));
    expect(listed).toEqual(Object.values(exitCodes));
  });

  it("explain every key of the manifest", () => {
    for (const key of Object.keys(schema.properties)) expect(readme).toContain(`| \`${key}\` | `);
  });

  it("name only folders and files that are there", async () => {
    const links = [...readme.matchAll(/\]\(([^)#]+)\)/g)].map(([, path]) => path ?? "");
    for (const path of links)
      await expect(readFile(join(root, path)).catch((error) => error.code)).resolves.not.toBe("ENOENT");
  });
});
