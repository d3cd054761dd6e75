// Eventual consistency as a fault: for a while after a write, reads answer what was true before it.
import { settle } from "./sso-admin/settle.ts";
import type { SandboxState } from "./state.ts";

export interface StaleReads {
  readonly beforeWriting: (now: number) => void;
  readonly beforeSettling: (now: number) => void;
  /** What a read at `now` sees. */
  readonly stateAt: (now: number) => SandboxState;
}

/** `lag` in milliseconds; 0 turns it off. */
export function createStaleReads(state: SandboxState, lag: number): StaleReads {
  if (lag === 0) return { beforeWriting: () => {}, beforeSettling: () => {}, stateAt: () => state };
  let snapshots: { readonly changedAt: number; readonly before: SandboxState }[] = [];
  const keep = (changedAt: number, now: number): void => {
    snapshots = snapshots.filter((snapshot) => snapshot.changedAt > now - lag);
    snapshots.push({ changedAt, before: structuredClone(state) });
  };
  return {
    beforeWriting: (now) => keep(now, now),
    beforeSettling: (now) => {
      const ends = state.instances
        .flatMap((instance) => instance.requests)
        .filter((request) => request.Status === "IN_PROGRESS" && request.endsAt <= now)
        .map((request) => request.endsAt);
      if (ends.length > 0) keep(Math.min(...ends), now);
    },
    stateAt: (now) => {
      const snapshot = snapshots.find(({ changedAt }) => changedAt > now - lag);
      if (!snapshot) return state;
      settle(snapshot.before, now - lag);
      return snapshot.before;
    },
  };
}
