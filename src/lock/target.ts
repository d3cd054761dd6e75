import { UsageError } from "../model/errors.ts";

/** Where the lock is: one object of a bucket, or one item of a table. */
export type LockTarget =
  | { readonly kind: "s3"; readonly bucket: string; readonly key: string; readonly url: string }
  | { readonly kind: "dynamodb"; readonly table: string; readonly key: string; readonly url: string };

/** s3://BUCKET/KEY or dynamodb://TABLE/KEY. The key is taken as it is written. Throws UsageError. */
export const parseLockUrl = (text: string): LockTarget => {
  const match = /^(?:(s3|dynamodb):\/\/)([^/]*)(?:\/(.*))?$/su.exec(text);
  if (match === null) throw invalid(text, "it is neither s3://BUCKET/KEY nor dynamodb://TABLE/KEY");
  const [, kind, place = "", key = ""] = match;
  if (key === "") throw invalid(text, "it has no key after the slash");
  if (/[\p{Cc}\p{Cs}]/u.test(key)) throw invalid(text, "its key has control characters");
  const bytes = Buffer.byteLength(key);
  if (kind === "s3") {
    if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(place)) {
      throw invalid(text, "a bucket's name is 3 to 63 lower-case letters, digits, dots and hyphens");
    }
    if (key.endsWith("/")) throw invalid(text, "its key ends with a slash, as only folders do");
    if (bytes > 1024) throw invalid(text, `its key has ${bytes} bytes, and S3 takes 1,024`);
    return { kind, bucket: place, key, url: text };
  }
  if (!/^[a-zA-Z0-9_.-]{3,255}$/.test(place)) {
    throw invalid(text, "a table's name is 3 to 255 letters, digits, dots, hyphens and underscores");
  }
  if (bytes > 2048) throw invalid(text, `its key has ${bytes} bytes, and DynamoDB takes 2,048`);
  return { kind: "dynamodb", table: place, key, url: text };
};

const invalid = (text: string, why: string): UsageError =>
  new UsageError("invalid-lock", `${JSON.stringify(text)} is no place for a lock: ${why}`, {
    hint: "Write s3://my-bucket/identity-center.lock or dynamodb://my-table/identity-center",
  });
