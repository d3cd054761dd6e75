import { defaultSeed } from "../../src/sandbox/seed.ts";
import type { SandboxState } from "../../src/sandbox/state.ts";

/** A seed with so many users that their list has three pages. */
export const manyUsers = (): SandboxState => {
  const seed = defaultSeed();
  const [instance] = seed.instances;
  for (let index = 0; index < 250; index += 1) {
    instance?.users.push({
      UserId: `9067a1b2c3-00000000-0000-4000-9000-${String(index).padStart(12, "0")}`,
      UserName: `user-${index}`,
      attributes: {},
      ExternalIds: [],
      UserStatus: "ENABLED",
      CreatedAt: 0,
      UpdatedAt: 0,
    });
  }
  return seed;
};
