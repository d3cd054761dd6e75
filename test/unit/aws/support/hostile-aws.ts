import { afterEach, beforeEach, vi } from "vitest";
import { openDirectory } from "../../../../src/aws/directory.ts";
import { AwsError } from "../../../../src/model/errors.ts";
import type { AwsDirectory, InstanceReader } from "../../../../src/model/ports.ts";
import { type Call, type HostileReply, startHostileProxy } from "../../../support/hostile-proxy.ts";
import { createWorld, type World } from "../../../support/world.ts";
import { fast, instance, useEndpoint } from "./stub-service.ts";

/** What is opened in place of AWS. */
export interface HostileAws {
  readonly directory: AwsDirectory;
  readonly reader: InstanceReader;
  /** Operations that came, in their order. */
  readonly calls: readonly string[];
}

/** For the tests of one file: opens what answers every call like this, with as many attempts as ever and no waits. */
export const useHostileAws = () => {
  let world: World;
  const closing: (() => unknown)[] = [];
  beforeEach(async () => {
    world = await createWorld();
  });
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
    await world.close();
    vi.unstubAllEnvs();
  });
  return async (
    answer: HostileReply | ((call: Call) => HostileReply),
    answerTimeout = 30_000,
  ): Promise<HostileAws> => {
    const proxy = await startHostileProxy(
      world.sandbox.url,
      typeof answer === "function" ? answer : () => answer,
    );
    useEndpoint(proxy.url);
    const directory = await openDirectory({ ...fast, answerTimeout });
    closing.push(
      () => directory.close(),
      () => proxy.close(),
    );
    return { directory, reader: directory.reader(instance), calls: proxy.calls };
  };
};

export const errorOf = async (call: Promise<unknown>): Promise<AwsError> => {
  const answer = await call.catch((error: unknown) => error);
  if (answer instanceof AwsError) return answer;
  throw new Error(`It was taken for an answer: ${JSON.stringify(answer)}`);
};

export const json = (value: unknown): HostileReply => ({ body: JSON.stringify(value) });
