import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command, CommanderError } from "commander";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type Destination,
  type FormatTarget,
  formatsOption,
  writeFormats,
} from "../../../src/commands/formats.ts";

const parse = (...args: string[]): readonly FormatTarget<string>[] => {
  const command = new Command().exitOverride().configureOutput({ writeErr: () => {} });
  command.addOption(formatsOption(["text", "json", "markdown"]));
  return command.parse(args, { from: "user" }).opts<{ format: readonly FormatTarget<string>[] }>().format;
};

describe("--format", () => {
  it.each([
    [[], []],
    [["--format", "json"], [{ format: "json", file: null }]],
    [["--format=json=plan.json"], [{ format: "json", file: "plan.json" }]],
    [["--format", "json=a=b.json"], [{ format: "json", file: "a=b.json" }]],
    [
      ["--format", "markdown=plan.md", "--format", "json=plan.json", "--format", "text"],
      [
        { format: "markdown", file: "plan.md" },
        { format: "json", file: "plan.json" },
        { format: "text", file: null },
      ],
    ],
    [
      ["--format", "json=a", "--format", "json=b"],
      [
        { format: "json", file: "a" },
        { format: "json", file: "b" },
      ],
    ],
  ])("%j", (args, targets) => expect(parse(...args)).toEqual(targets));

  it.each([
    [["yaml"], "Expected text, json, markdown"],
    [["yaml=plan.yaml"], "Expected text, json, markdown"],
    [["json="], "Expected a file after json="],
    [["json", "markdown"], "stdout gets json already"],
    [["json", "json"], "stdout gets json already"],
    [["json=plan", "markdown=plan"], "plan gets json already"],
  ])("%j is a mistake of usage", (values, message) => {
    const args = values.flatMap((value) => ["--format", value]);
    expect(() => parse(...args)).toThrow(CommanderError);
    expect(() => parse(...args)).toThrow(message);
  });
});

describe("writeFormats", () => {
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "reconcile-formats-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const write = async (...targets: FormatTarget<string>[]): Promise<string> => {
    let printed = "";
    const stdout = {
      write: (text: string) => void (printed += text),
      writeExactly: (text: string) => void (printed += text),
      isTTY: true,
      columns: 60,
      colour: true,
    };
    const render = (format: string, { colour, columns, isFile }: Destination): string =>
      `${format} ${colour} ${columns} ${isFile}\n`;
    await writeFormats(targets, "text", render, { stdout, cwd: folder, env: {} });
    return printed;
  };

  it("stdout gets the standard where nothing else goes there, as its terminal wants it", async () => {
    expect(await write()).toBe("text true 60 false\n");
    expect(await write({ format: "json", file: null })).toBe("json true 60 false\n");
  });

  it("files are plain, and leave nothing else behind", async () => {
    expect(await write({ format: "markdown", file: "plan.md" }, { format: "json", file: "plan.json" })).toBe(
      "text true 60 false\n",
    );
    expect(await readFile(join(folder, "plan.md"), "utf8")).toBe("markdown false 100 true\n");
    expect((await readdir(folder)).sort()).toEqual(["plan.json", "plan.md"]);
  });

  it("a file that cannot be written is told before anything is printed", async () => {
    let printed = "";
    const stdout = {
      write: (text: string) => void (printed += text),
      writeExactly: (text: string) => void (printed += text),
      isTTY: false,
      columns: 100,
      colour: false,
    };
    const target = { format: "text", file: "no/such/folder/plan.txt" };
    await expect(
      writeFormats([target], "text", () => "", { stdout, cwd: folder, env: {} }),
    ).rejects.toMatchObject({
      code: "cannot-write",
    });
    expect(printed).toBe("");
  });
});
