import { afterEach, vi } from "vitest";
import type { AwsOptions } from "../../../../src/aws/clients.ts";
import { openForWriting } from "../../../../src/aws/writer.ts";
import { type Answer, fast, instance, type SeenRequest, startStub, useEndpoint } from "./stub-service.ts";

/** For the tests of one file: what opens AWS before a stub that answers so; both are closed after each test. */
export const useStub = () => {
  const closing: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
    vi.unstubAllEnvs();
  });
  return async (answer: (request: SeenRequest, index: number) => Answer, options: AwsOptions = fast) => {
    const stub = await startStub(answer);
    useEndpoint(stub.url);
    const { directory, writer } = await openForWriting(options);
    closing.push(
      () => directory.close(),
      () => stub.close(),
    );
    return {
      directory,
      organizations: directory.organizations,
      reader: directory.reader(instance),
      writer: writer(instance),
      requests: stub.requests,
    };
  };
};

export const notFound = (ResourceType?: string): Answer => ({
  error: "ResourceNotFoundException",
  status: 404,
  fields: ResourceType === undefined ? {} : { ResourceType },
});
