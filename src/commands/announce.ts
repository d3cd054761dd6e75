import type { CallerIdentity, Instance } from "../model/live-state.ts";
import { escapeTerminal } from "../report/escape.ts";
import type { Output } from "./context.ts";

/** What this run talks to, before anything else is read or asked. */
export const announce = (
  output: Output,
  target: { instance: Instance; caller: CallerIdentity; endpoint: string | null },
): void => {
  const { instance, caller, endpoint } = target;
  const where =
    endpoint === null
      ? "IAM Identity Center"
      : isLoopback(endpoint)
        ? `a local sandbox at ${endpoint} (no AWS account is touched)`
        : `the custom endpoint ${endpoint}`;
  const lines = [
    `Talking to ${where}`,
    `  instance ${instance.instanceArn} in ${instance.region}`,
    `  as       ${caller.arn}`,
  ];
  for (const line of lines) output.write(`${escapeTerminal(line)}\n`);
  output.write("\n");
};

const isLoopback = (endpoint: string): boolean => {
  const { hostname } = new URL(endpoint);
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
};
