import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect } from "vitest";
import { type Call, type HostileProxy, type HostileReply, startHostileProxy } from "./hostile-proxy.ts";
import { type Run, reconcile, sandboxEnvironment } from "./reconcile.ts";
import { dangersIn, evil, evilLines } from "./safe-text.ts";
import { settled } from "./settled.ts";
import { createWorld, type World } from "./world.ts";

/** A world for each test of a file, with a manifest of one of everything, and what answers in the place of AWS. */
export const useHostileWorld = () => {
  let world: World;
  let proxy: HostileProxy | undefined;
  beforeEach(async () => {
    world = await createWorld();
    await world.write("access.yaml", oneOfEverything);
  });
  afterEach(async () => {
    await proxy?.close();
    proxy = undefined;
    await world.close();
  });
  return {
    world: () => world,
    /** Applies the manifest, without anything in between. */
    standing: async (): Promise<void> => {
      const { exitCode, stderr } = await world.run("apply", "--auto-approve", "--rps", "1000");
      expect(exitCode, stderr).toBe(0);
      await settled(world);
    },
    /** In a job of GitHub Actions, through the proxy, with every other format in a file. */
    run: async (
      answer: (call: Call) => HostileReply | null | Promise<HostileReply | null>,
      ...args: string[]
    ): Promise<Run> => {
      await proxy?.close();
      proxy = await startHostileProxy(world.sandbox.url, answer);
      const files = ["json", "markdown", "github", "junit"].flatMap((format) => [
        "--format",
        `${format}=out.${format}`,
      ]);
      return reconcile([...args, "--rps", "1000", ...files, "--format", "text"], {
        cwd: world.folder,
        env: { ...sandboxEnvironment(proxy.url), GITHUB_ACTIONS: "true" },
      });
    },
    expectSafe: async ({ stdout, stderr }: Run): Promise<void> => {
      const files = (await readdir(world.folder)).filter((file) => file.startsWith("out."));
      const texts = await Promise.all(files.map((file) => readFile(join(world.folder, file), "utf8")));
      expect(texts.flatMap((text) => dangersIn(text, { isLog: false }))).toEqual([]);
      expect([stdout, stderr].flatMap((text) => dangersIn(text))).toEqual([]);
    },
    /** Writes that came to the proxy. */
    writes: (): readonly string[] =>
      (proxy?.calls ?? []).filter((operation) => !/^(List|Get|Describe|$)/.test(operation)),
  };
};

const readerPolicy = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "s3:Get*", Resource: "*" }],
};

export const oneOfEverything = {
  version: 1,
  users: { ann: { givenName: "Ann", familyName: "Doe", displayName: "Ann Doe" } },
  groups: { Team: { description: "The team", members: ["ann"] } },
  permissionSets: { Reader: { managedPolicies: ["ReadOnlyAccess"], inlinePolicy: readerPolicy } },
  assignments: [{ groups: ["Team"], permissionSets: ["Reader"], accounts: ["111111111111"] }],
};

export const page = `<html>${evil}\n${evilLines}</html>`;
export const html = { "content-type": "text/html" };
export const json = (value: unknown, status = 200): HostileReply => ({ status, body: JSON.stringify(value) });
