import type { IncomingMessage } from "node:http";
import { ServiceError } from "./service.ts";

const tolerance = 5 * 60 * 1000;

/** AWS takes no request that was signed more than five minutes from its own time (epoch milliseconds). */
export function refuseSkewed(request: IncomingMessage, now: number): void {
  const signedAt = parseDate(String(request.headers["x-amz-date"] ?? ""));
  if (signedAt === null || Math.abs(now - signedAt) <= tolerance) return;
  const [signed, limit] = [signedAt, now - tolerance].map((time) => format(time));
  throw new ServiceError(
    "InvalidSignatureException",
    signedAt < now
      ? `Signature expired: ${signed} is now earlier than ${limit} (${format(now)} - 5 min.)`
      : `Signature not yet current: ${signed} is still later than ${format(now + tolerance)} (${format(now)} + 5 min.)`,
    403,
  );
}

/** Of the form 20260131T235959Z. */
function parseDate(text: string): number | null {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text)?.slice(1).map(Number);
  if (parts === undefined) return null;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

function format(time: number): string {
  return new Date(time).toISOString().replaceAll(/[-:]|\.\d+/g, "");
}
