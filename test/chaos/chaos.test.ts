import { expect, it } from "vitest";
import { runSeed } from "../support/chaos.ts";

// The large form: npm run chaos. A seed that fails there is repeated with `npm run chaos -- --from SEED --seeds 1`.
it.each([1, 2, 3, 4, 5, 6, 7, 8])(
  "whatever fails, and wherever it is killed, it ends right: seed %i",
  async (seed) => {
    const { violations } = await runSeed(seed);
    expect(violations).toEqual([]);
  },
);
