import { afterEach, expect, it, vi } from "vitest";
import { openForWriting } from "../../../src/aws/writer.ts";
import { ReconcileError } from "../../../src/model/errors.ts";
import { type Answer, fast, instance, setArn, startStub, useEndpoint } from "./support/stub-service.ts";

let stub: Awaited<ReturnType<typeof startStub>> | undefined;
afterEach(async () => {
  vi.unstubAllEnvs();
  await stub?.close();
  stub = undefined;
});

const lost = new ReconcileError("lock-lost", "Another run took the lock", { hint: "Plan again" });

/** No write may be sent any more from the second question on. */
const open = async (first: Answer, options: { readonly answerTimeout?: number } = {}) => {
  stub = await startStub((_, index) => (index === 0 ? first : {}));
  useEndpoint(stub.url);
  const asked: number[] = [];
  const mayWrite = async (milliseconds: number): Promise<void> => {
    asked.push(milliseconds);
    if (asked.length > 1) throw lost;
  };
  const aws = await openForWriting({ ...fast, ...options, mayWrite });
  return { ...aws, asked, requests: stub.requests };
};

const error = (name: string, Message: string): Answer => ({ error: name, fields: { Message } });

it.each<[string, Answer, boolean]>([
  ["was throttled", error("ThrottlingException", "Rate exceeded"), false],
  ["broke off", "cut", true],
  ["met a conflict", error("ConflictException", "There is a conflicting operation in process."), false],
])(
  "a call that %s is not repeated when no write may be sent any more",
  async (_, first, afterOpenAttempt) => {
    const { writer, requests } = await open(first);
    await expect(writer(instance).putInlinePolicy(setArn, "{}")).rejects.toMatchObject({
      code: "lock-lost",
      message: lost.message,
      hint: lost.hint,
      afterOpenAttempt,
    });
    expect(requests).toHaveLength(1);
  },
);

it("each attempt of a write is asked for with the time that it may take; reads are not", async () => {
  const { writer, directory, mayWrite, asked, requests } = await open({}, { answerTimeout: 2000 });
  await expect(directory.reader(instance).listManagedPolicies(setArn)).rejects.toMatchObject({
    code: "malformed-reply",
  });
  expect(asked).toEqual([]);
  await writer(instance).putInlinePolicy(setArn, "{}");
  await expect(mayWrite()).rejects.toBe(lost);
  expect(asked).toEqual([7000, 7000]);
  await expect(writer(instance).createGroup("G", null)).rejects.toMatchObject({ code: "lock-lost" });
  expect(requests.map(({ operation }) => operation)).toEqual([
    "ListManagedPoliciesInPermissionSet",
    "PutInlinePolicyToPermissionSet",
  ]);
});
