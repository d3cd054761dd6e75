import { setImmediate } from "node:timers/promises";

/** A clock that moves only when somebody sleeps, after everybody else has had their turn. */
export const fakeTime = () => {
  let time = 0;
  return {
    now: () => time,
    sleep: async (milliseconds: number): Promise<void> => {
      await setImmediate();
      time += milliseconds;
    },
    advance: (milliseconds: number): void => {
      time += milliseconds;
    },
  };
};
