/** Nothing is applied that was not reviewed: every way in which a saved plan can no longer be what would be done. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createHands, type Hands } from "../support/hands.ts";
import { runInProcess } from "../support/in-process.ts";
import { createWorld, type World } from "../support/world.ts";

const base = {
  version: 1,
  users: { jane: { givenName: "Jane", familyName: "Doe", displayName: "Jane Doe" } },
  groups: { Developers: { description: "All of them", members: ["jane"] } },
  permissionSets: { Dev: { description: "For developers", sessionDuration: "PT8H" }, Read: {} },
  assignments: [{ groups: ["Developers"], permissionSets: ["Dev"], accounts: ["development"] }],
};
const wanted = {
  ...base,
  groups: { Developers: { description: "All who develop", members: ["jane"] }, Auditors: {} },
  permissionSets: { Dev: { description: "For developers", sessionDuration: "PT4H" }, Read: {} },
};

let world: World;
let hands: Hands;
let now: number;
const reconcile = (...args: string[]) =>
  runInProcess([...args, "--rps", "1000"], {
    cwd: world.folder,
    url: world.sandbox.url,
    longestSleep: 20,
    now: () => now,
  });
const file = () => readFile(join(world.folder, "plan.json"), "utf8");

beforeEach(async () => {
  now = Date.parse("2026-06-01T12:00:00Z");
  world = await createWorld();
  hands = createHands(world);
  await world.write("access.yaml", base);
  expect((await reconcile("apply", "--auto-approve")).exitCode).toBe(0);
  await world.write("access.yaml", wanted);
  expect((await reconcile("plan", "--out", "plan.json")).exitCode).toBe(0);
});
afterEach(() => world.close());

describe("a reviewed plan", () => {
  it("is applied as it is, up to a day later", async () => {
    now += 24 * 3_600_000 - 1;
    const applied = await reconcile("apply", "--plan", "plan.json");
    expect(applied.stdout).toContain("Apply complete: 1 created, 2 updated, 0 deleted.");
    expect(applied.exitCode).toBe(0);
  });

  it("says when and from which commit it was made, outside of what its digest covers", async () => {
    const first = await file();
    now += 1000;
    await reconcile("plan", "--out", "plan.json");
    const second = await file();
    expect(JSON.parse(second)).toMatchObject({ saved: { createdAt: "2026-06-01T12:00:01.000Z" } });
    expect(first.split('"saved"')[0]).toBe(second.split('"saved"')[0]);
  });
});

describe("a warning", () => {
  const warned = "this ignore rule (not ours) covers nothing";
  const times = ({ stdout, stderr }: { stdout: string; stderr: string }): number =>
    `${stdout}${stderr}`.split(warned).length - 1;
  beforeEach(() =>
    world.write("access.yaml", { ...wanted, ignore: [{ groups: ["Nobody-*"], reason: "not ours" }] }),
  );

  it.each([
    [["plan"], "stdout"],
    [["plan", "--format", "csv"], "stderr"],
    [["drift"], "stderr"],
    [["apply", "--auto-approve"], "stdout"],
  ] as const)("is told once by %j, on %s", async (args, where) => {
    const run = await reconcile(...args);
    expect(times(run)).toBe(1);
    expect(run[where]).toContain(warned);
  });

  it("is told once by an apply that shows no plan", async () => {
    await reconcile("plan", "--out", "plan.json");
    const run = await reconcile("apply", "--plan", "plan.json");
    expect(run.exitCode).toBe(0);
    expect(times(run)).toBe(1);
  });
});

describe("is refused, and nothing is changed,", () => {
  const refusal = async (...args: string[]) => {
    const before = JSON.stringify(world.instance);
    const { exitCode, stderr } = await reconcile("apply", ...args);
    expect(JSON.stringify(world.instance)).toBe(before);
    expect(stderr).toMatch(/\n {2}= \S/);
    return { exitCode, stderr };
  };

  it("where its file is not of the digest that is expected as well; of that it is applied", async () => {
    const { digest } = JSON.parse(await file()) as { digest: string };
    const { exitCode, stderr } = await refusal("--plan", "plan.json", "--expect", "0".repeat(64));
    expect(stderr).toContain("error[plan-not-expected]");
    expect(stderr).toContain(digest);
    expect(exitCode).toBe(5);
    expect((await reconcile("apply", "--plan", "plan.json", "--expect", digest)).exitCode).toBe(0);
  });

  it("where it has expired", async () => {
    now += 24 * 3_600_000;
    const { exitCode, stderr } = await refusal("--plan", "plan.json");
    expect(stderr).toContain("error[plan-expired]: This plan held until 2026-06-02T12:00:00Z");
    expect(exitCode).toBe(5);
  });

  it("where it has expired, after the time that plan --max-age gave it", async () => {
    await reconcile("plan", "--out", "plan.json", "--max-age", "90m");
    now += 90 * 60_000;
    expect((await refusal("--plan", "plan.json")).exitCode).toBe(5);
  });

  it.each([
    [
      "tampered",
      "plan-tampered",
      (text: string) =>
        text.replaceAll("PT4H", "PT4H").replace('"sessionDuration":14400', '"sessionDuration":43200'),
    ],
    ["given more time", "plan-tampered", (text: string) => text.replace("2026-06-02", "2036-06-02")],
    ["truncated", "plan-truncated", (text: string) => text.slice(0, text.length / 2)],
    [
      "of a future version",
      "plan-newer-version",
      (text: string) => text.replace('"formatVersion": 1', '"formatVersion": 2'),
    ],
    ["no plan", "plan-not-json", () => "version: 1\n"],
  ])("where its file is %s", async (_, code, change) => {
    const text = change(await file());
    expect(text).not.toBe(await file());
    await world.write("plan.json", text);
    const { exitCode, stderr } = await refusal("--plan", "plan.json");
    expect(stderr).toContain(`error[${code}]`);
    expect(exitCode).toBe(3);
  });

  it("where it is what --format json printed, which holds for no time", async () => {
    const { stdout } = await reconcile("plan", "--format", "json");
    await world.write("plan.json", stdout);
    const { exitCode, stderr } = await refusal("--plan", "plan.json");
    expect(stderr).toContain("error[plan-without-expiry]");
    expect(exitCode).toBe(3);
  });

  it("where it was made for another instance", async () => {
    const other = await createWorld();
    try {
      Object.assign(other.instance, { InstanceArn: "arn:aws:sso:::instance/ssoins-00000000000000ff" });
      await other.write("access.yaml", wanted);
      await other.write("plan.json", await file());
      const { exitCode, stderr } = await runInProcess(["apply", "--plan", "plan.json"], {
        cwd: other.folder,
        url: other.sandbox.url,
        now: () => now,
      });
      expect(stderr).toContain("error[plan-other-instance]");
      expect(stderr).toContain(world.instance.InstanceArn);
      expect(stderr).toContain("ssoins-00000000000000ff");
      expect(exitCode).toBe(5);
      expect(other.instance.groups).toEqual([]);
    } finally {
      await other.close();
    }
  });

  it("where it was made for another instance, even if nothing is to be done here", async () => {
    expect((await reconcile("apply", "--auto-approve")).exitCode).toBe(0);
    Object.assign(world.instance, { InstanceArn: "arn:aws:sso:::instance/ssoins-00000000000000ff" });
    const { exitCode, stderr } = await refusal("--plan", "plan.json");
    expect(stderr).toContain("error[plan-other-instance]");
    expect(exitCode).toBe(5);
  });

  it("where the manifest changed, even if the same would be done", async () => {
    await world.write("access.yaml", {
      ...wanted,
      assignments: [{ ...base.assignments[0], reason: "new words" }],
    });
    const { exitCode, stderr } = await refusal("--plan", "plan.json");
    expect(stderr).toContain("error[manifest-changed]: The manifest has changed since this plan was made.");
    expect(exitCode).toBe(5);
  });

  it("where the manifest asks for something else now", async () => {
    await world.write("access.yaml", {
      ...wanted,
      groups: { ...wanted.groups, Auditors: { description: "They look" }, Others: {} },
    });
    const { stderr } = await refusal("--plan", "plan.json");
    expect(stderr).toMatch(
      /group\/Auditors {2}\(is to become something else[^]*description: none -> They look/,
    );
    expect(stderr).toContain("group/Others  (is to be created now, which was not reviewed)");
  });

  it("where something moved: each object is named, with before and now", async () => {
    await hands.update("Dev", { Description: "For developers", SessionDuration: "PT12H" });
    await hands.update("Read", { SessionDuration: "PT2H" });
    await hands.updateUser("jane", { AttributePath: "displayName", AttributeValue: "Janey" });
    const { exitCode, stderr } = await refusal("--plan", "plan.json");
    const said = stderr.slice(stderr.indexOf("error["));
    expect(said).toBe(
      [
        "error[stale-plan]: Identity Center has changed since this plan was made. Nothing was changed.",
        "  plan made 2026-06-01T12:00:00Z",
        "  ~ permissionSet/Dev  (from what was reviewed to what is there now)",
        "    ~ session duration: PT8H -> PT12H",
        "  ~ permissionSet/Read  (from what was reviewed to what is there now)",
        "    ~ session duration: PT1H -> PT2H",
        "  ~ user/jane  (from what was reviewed to what is there now)",
        "    ~ displayName: Jane Doe -> Janey",
        "  = Make a new plan, have it reviewed, and apply that one",
        "",
      ].join("\n"),
    );
    expect(exitCode).toBe(5);
  });

  it("where something that was to be made is there, and something else is gone", async () => {
    await world.write("other.yaml", { version: 1, groups: { Auditors: {} }, removed: { users: ["jane"] } });
    expect((await reconcile("apply", "other.yaml", "--auto-approve")).exitCode).toBe(0);
    const { stderr } = await refusal("--plan", "plan.json");
    expect(stderr).toContain("  + group/Auditors  (was not there, and is now)");
    expect(stderr).toContain("  - user/jane  (was there, and is gone)");
    expect(stderr).toContain("  - membership/Developers/jane  (was there, and is gone)");
  });

  it("where only its digest was given, and that is another now", async () => {
    const { digest } = JSON.parse(await file()) as { digest: string };
    await hands.updateUser("jane", { AttributePath: "displayName", AttributeValue: "Janey" });
    const { exitCode, stderr } = await refusal("--expect", digest);
    expect(stderr).toContain(`reviewed ${digest}`);
    expect(exitCode).toBe(5);
    expect((await reconcile("apply", "--expect", digest, "--allow", "max-removals=users:99")).exitCode).toBe(
      5,
    );
  });
});
