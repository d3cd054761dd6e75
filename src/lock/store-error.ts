import { fieldsOf } from "../aws/error-names.ts";
import { toAwsError } from "../aws/errors.ts";
import { AwsError } from "../model/errors.ts";
import type { LockTarget } from "./target.ts";

/**
 * Whatever keeps the lock from being read or written ends in an error: without the lock nothing is applied. `action`
 * is the IAM action of the call (s3:PutObject).
 */
export const storeError = (error: unknown, action: string, target: LockTarget): AwsError => {
  const known = toAwsError(error, action, target.url);
  const hint = hintOf(known, fieldsOf(error), action, target);
  const cause = known.cause === undefined ? {} : { cause: known.cause };
  return new AwsError(known.code, `The lock is out of reach. ${known.message}`, {
    ...(hint === undefined ? {} : { hint }),
    ...cause,
  });
};

const hintOf = (
  { code, hint }: AwsError,
  { name, message }: { readonly name: string; readonly message: string },
  action: string,
  target: LockTarget,
): string | undefined => {
  if (code === "access-denied") {
    const denied = /not authorized to perform: ([a-z0-9-]+:\w+)/.exec(message)?.[1] ?? action;
    return `Allow ${denied}: ${permissions(denied, target)}`;
  }
  if (name === "NoSuchBucket" && target.kind === "s3") {
    return `Create the bucket ${target.bucket}, or correct its name`;
  }
  if (code === "not-found" && target.kind === "dynamodb") {
    return `Create the table ${target.table} with the partition key LockID (String), or look at the Region and the account`;
  }
  if (name === "ValidationException" && target.kind === "dynamodb") {
    return `The table ${target.table} needs LockID (String) as its partition key, and no sort key`;
  }
  if (code === "throttled") return "Try again later";
  return hint;
};

const permissions = (denied: string, target: LockTarget): string => {
  if (denied.startsWith("kms:")) {
    return `a lock under a KMS key needs kms:Decrypt and kms:GenerateDataKey on the key`;
  }
  return target.kind === "s3"
    ? `the lock needs s3:GetObject and s3:PutObject on arn:aws:s3:::${target.bucket}/${target.key}, and s3:ListBucket on arn:aws:s3:::${target.bucket}, without which S3 denies reading what does not exist yet`
    : `the lock needs dynamodb:GetItem and dynamodb:PutItem on the table ${target.table}`;
};
