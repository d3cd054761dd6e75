import { AwsError } from "../../../../src/model/errors.ts";
import type { AsyncStatus, InstanceReader, InstanceWriter } from "../../../../src/model/ports.ts";

/** Ports that answer what a test gives them; any other call fails, so that no call goes unnoticed. */
export const fakePorts = (
  methods: Partial<InstanceReader> & Partial<InstanceWriter>,
): {
  readonly reader: InstanceReader;
  readonly writer: InstanceWriter;
  readonly calls: readonly string[];
} => {
  const calls: string[] = [];
  const port = new Proxy(
    {},
    {
      get: (_, name) => {
        if (typeof name !== "string" || name === "then") return undefined;
        const method = (methods as Readonly<Record<string, unknown>>)[name];
        return async (...args: unknown[]): Promise<unknown> => {
          calls.push(
            [name, ...args.map((arg) => (typeof arg === "string" ? arg : JSON.stringify(arg)))].join(" "),
          );
          if (typeof method !== "function") throw new AwsError("unexpected-call", `${name} was called`);
          return await (method as (...args: unknown[]) => unknown)(...args);
        };
      },
    },
  );
  return { reader: port as InstanceReader, writer: port as InstanceWriter, calls };
};

export const inProgress = (requestId: string): AsyncStatus => ({
  requestId,
  status: "IN_PROGRESS",
  failureReason: null,
});

export const succeeded = (requestId: string): AsyncStatus => ({
  requestId,
  status: "SUCCEEDED",
  failureReason: null,
});

export const failed = (requestId: string, failureReason: string): AsyncStatus => ({
  requestId,
  status: "FAILED",
  failureReason,
});
