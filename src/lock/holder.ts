import { ReconcileError } from "../model/errors.ts";
import type { LockRecord } from "./record.ts";
import type { LockTarget } from "./target.ts";

/** Somebody else has the lock, and the run was not to wait, or has waited long enough. */
export class LockHeldError extends ReconcileError {
  readonly holder: LockRecord;
  constructor(target: LockTarget, holder: LockRecord, serverTime: number) {
    const lines = [`Another run holds the lock ${target.url}`, ...describeHolder(holder, serverTime)];
    super("lock-held", lines.join("\n"), {
      hint: `Wait for it with --lock-wait 10m; if that run is dead, its lease runs out by itself, or: reconcile unlock ${target.url}`,
    });
    this.holder = holder;
  }
}

/** Lines to show, not yet escaped. `serverTime`: epoch milliseconds by the clock of the store. */
export const describeHolder = (holder: LockRecord, serverTime: number): string[] => {
  const { owner, host, runUrl, planDigest, since, until, id } = holder;
  const left = until - serverTime;
  const lease =
    left > 0 ? `for ${duration(left)} more, unless it renews it` : `ran out ${duration(-left)} ago`;
  return [
    `owner  ${oneLine(owner)} on ${oneLine(host)}`,
    ...(runUrl === null ? [] : [`run    ${oneLine(runUrl)}`]),
    ...(planDigest === null ? [] : [`plan   ${oneLine(planDigest)}`]),
    `since  ${timestamp(since)} (${duration(serverTime - since)} ago)`,
    `lease  until ${timestamp(until)} (${lease})`,
    `id     ${oneLine(id)}`,
  ];
};

const oneLine = (text: string): string => text.replaceAll(/\s+/g, " ");

const timestamp = (milliseconds: number): string =>
  new Date(milliseconds).toISOString().replace(/\.\d+Z$/, "Z");

const duration = (milliseconds: number): string => {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
};
