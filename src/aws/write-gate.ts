import { AwsError, ReconcileError } from "../model/errors.ts";

/** Resolves when a write that takes so many milliseconds may be sent; rejects with a ReconcileError when none may be. */
export type MayWrite = (milliseconds: number) => Promise<void>;

/**
 * Middleware for the place right before an attempt is sent, when the tokens are taken: each attempt of a write asks
 * anew, since what allowed the first one may be gone when the last one is due. Reads pass.
 */
export const writeGate =
  (mayWrite: MayWrite, longestAttempt: number) =>
  <Args, Result>(next: (args: Args) => Promise<Result>, context: { readonly commandName?: string }) =>
  async (args: Args): Promise<Result> => {
    if (isWrite(context.commandName ?? "")) {
      await mayWrite(longestAttempt).catch((error: unknown) => {
        throw error instanceof ReconcileError ? forbidden(error) : error;
      });
    }
    return await next(args);
  };

export const writeGatePlace = { relation: "after", toMiddleware: "limiter", name: "writeGate" } as const;

const isWrite = (commandName: string): boolean => !/^(List|Describe|Get|Is)/.test(commandName);

const forbidden = ({ code, message, hint }: ReconcileError): AwsError =>
  new AwsError(code, message, hint === undefined ? {} : { hint });
