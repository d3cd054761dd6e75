import { defineConfig } from "vitest/config";

export default defineConfig({
  define: { RECONCILE_VERSION: JSON.stringify("0.0.0-test") },
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/build.ts"],
    // Colour, time zone and terminal width are part of what golden files hold.
    env: { NO_COLOR: "1", TZ: "UTC", COLUMNS: "100" },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: "forks",
    // Much of the time is waiting for commands that were spawned: vitest's own choice leaves a core idle.
    maxWorkers: "100%",
  },
});
