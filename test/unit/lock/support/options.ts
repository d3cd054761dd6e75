import type { AcquireOptions } from "../../../../src/lock/acquire.ts";

export const options = (fields: Partial<AcquireOptions> = {}): AcquireOptions => ({
  owner: "jane",
  host: "runner-1",
  runUrl: "https://ci.example/runs/1",
  planDigest: null,
  wait: 0,
  signal: new AbortController().signal,
  onWaiting: () => {},
  ...fields,
});
