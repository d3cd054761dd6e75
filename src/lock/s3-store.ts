import type { GetObjectCommandOutput, PutObjectCommandInput, S3Client } from "@aws-sdk/client-s3";
import { fieldsOf } from "../aws/error-names.ts";
import { UsageError } from "../model/errors.ts";
import { clientOptions, requireRegion } from "./client-options.ts";
import { type LockRecord, largestRecord, newId, notALock, readRecord, writeRecord } from "./record.ts";
import { createServerClock, serverClockPlace } from "./server-clock.ts";
import type { LockClock, LockStore } from "./store.ts";
import { storeError } from "./store-error.ts";
import type { LockTarget } from "./target.ts";

/**
 * The lock as one object, written with If-None-Match: * where there is none and with If-Match: ETag otherwise. A
 * released lock stays, marked as released: a conditional delete would be one more permission, and stores that speak
 * S3's protocol are known to ignore the condition on deletes and take away what is somebody else's by then.
 */
export const openS3Store = async (target: S3Target, clock: LockClock): Promise<LockStore> => {
  const { GetObjectCommand, PutObjectCommand, S3Client } = await import("@aws-sdk/client-s3");
  const client = new S3Client({ ...clientOptions, followRegionRedirects: true });
  await requireRegion(client.config.region, target);
  const isAwsOwn = await usesOwnEndpoint(client);
  // AWS finds a bucket by its host name; others seldom have a name in DNS for each bucket.
  if (!isAwsOwn) client.config.forcePathStyle = true;
  const serverClock = createServerClock(clock.now);
  client.middlewareStack.add(serverClock.middleware, serverClockPlace);

  const where = { Bucket: target.bucket, Key: target.key };
  const put = async (
    record: LockRecord,
    condition: Pick<PutObjectCommandInput, "IfMatch" | "IfNoneMatch">,
    signal?: AbortSignal,
  ): Promise<string | null> => {
    const command = new PutObjectCommand({
      ...where,
      ...condition,
      Body: writeRecord(record),
      ContentType: "application/json",
    });
    try {
      return requireETag(await client.send(command, sending(signal)), target);
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof UsageError) throw error;
      if (unmet.has(fieldsOf(error).name)) return null;
      throw storeError(error, "s3:PutObject", target);
    }
  };
  let isTrusted = isAwsOwn;

  return {
    target,
    clock,
    serverTime: serverClock.now,
    close: () => client.destroy(),
    read: async (signal) => {
      try {
        const reply = await client.send(new GetObjectCommand(where), sending(signal));
        return { record: readRecord(await textOf(reply, target), target), fence: requireETag(reply, target) };
      } catch (error) {
        signal?.throwIfAborted();
        if (error instanceof UsageError) throw error;
        if (fieldsOf(error).name === "NoSuchKey") return null;
        throw storeError(error, "s3:GetObject", target);
      }
    },
    write: async (record, expected, signal) => {
      const condition = expected === null ? { IfNoneMatch: "*" } : { IfMatch: expected };
      const fence = await put(record, condition, signal);
      if (fence === null || isTrusted) return fence;
      // The object is there now, so that neither of these may succeed.
      const again = { ...record, write: newId(clock.random) };
      const ignored =
        (await put(again, { IfNoneMatch: "*" }, signal)) ?? (await put(again, { IfMatch: noETag }, signal));
      if (ignored !== null) throw notAtomic(target);
      isTrusted = true;
      return fence;
    },
  };
};

type S3Target = Extract<LockTarget, { kind: "s3" }>;

/** A condition that did not hold (412, or 404 where what was expected is gone), or a write at the same moment (409). */
const unmet: ReadonlySet<string> = new Set(["PreconditionFailed", "NoSuchKey", "ConditionalRequestConflict"]);

const noETag = '"00000000000000000000000000000000"';

const sending = (signal: AbortSignal | undefined) => (signal === undefined ? {} : { abortSignal: signal });

const usesOwnEndpoint = async ({ config }: S3Client): Promise<boolean> =>
  config.endpoint === undefined && (await config.serviceConfiguredEndpoint?.()) === undefined;

const textOf = async ({ Body, ContentLength }: GetObjectCommandOutput, target: S3Target): Promise<string> => {
  if (Body === undefined) throw notALock(target);
  if (ContentLength === undefined || ContentLength > largestRecord) {
    if ("destroy" in Body) Body.destroy();
    throw notALock(target);
  }
  return Body.transformToString();
};

const requireETag = ({ ETag }: { readonly ETag?: string | undefined }, target: S3Target): string => {
  if (ETag === undefined) throw notAtomic(target);
  return ETag;
};

const notAtomic = ({ url }: LockTarget): UsageError =>
  new UsageError("lock-not-atomic", `What answers for ${url} has no conditional writes`, {
    hint: "A lock there would let two runs in at once; use Amazon S3 itself, a store with conditional writes, or dynamodb://TABLE/KEY",
  });
