/** A rename is long done, and `previously` still stands in the manifest when somebody takes the old name for another set. */
import { CreatePermissionSetCommand } from "@aws-sdk/client-sso-admin";
import { afterEach, beforeEach, expect, it } from "vitest";
import { runInProcess } from "../support/in-process.ts";
import { createHands } from "../support/hands.ts";
import { settled } from "../support/settled.ts";
import { createWorld, type World } from "../support/world.ts";

let world: World;
beforeEach(async () => {
  // Whatever happens there happens later than what was before it.
  let now = Date.UTC(2026, 5, 1);
  world = await createWorld({ now: () => (now += 1000) });
});
afterEach(() => world.close());

const apply = () =>
  runInProcess(["apply", "--auto-approve", "--rps", "1000"], {
    cwd: world.folder,
    url: world.sandbox.url,
    longestSleep: 5,
  });
const manifest = (set: object) => ({
  version: 1,
  groups: { Team: {} },
  permissionSets: set,
  assignments: [{ groups: ["Team"], permissionSets: Object.keys(set), accounts: ["production"] }],
});

it("the set that was made later is not taken for the former self of the one that is declared", async () => {
  await world.write("access.yaml", manifest({ Admin: {} }));
  expect((await apply()).exitCode).toBe(0);
  await world.sso.send(
    new CreatePermissionSetCommand({ InstanceArn: world.instance.InstanceArn, Name: "Old" }),
  );
  await createHands(world).assign("Old", "222222222222", "GROUP", "Team");
  await settled(world);
  await world.write("access.yaml", manifest({ Admin: { previously: ["Old"] } }));
  const { exitCode, stderr } = await apply();
  expect(stderr).toContain(
    'error[rename-both-exist]: permission set "Admin" was called "Old", but both exist',
  );
  expect(exitCode).toBe(3);
  expect(world.instance.permissionSets.map(({ Name }) => Name).sort()).toEqual(["Admin", "Old"]);
  expect(world.instance.assignments).toHaveLength(2);
});
