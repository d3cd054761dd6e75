import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./reconcile.ts";

/** What src/aws calls to plan and apply, as IAM actions. GetCallerIdentity needs no permission. */
export const calledActions = (): readonly string[] =>
  unique(
    sourcesIn("src/aws").flatMap((text) =>
      [
        ...text.matchAll(
          /\b(sso|identityStore|organizations)\s*\.\s*((?:list|describe|get|create|update|delete|put|attach|detach|tag|untag|provision)\w*)\(/g,
        ),
      ].map(([, service = "", name = ""]) => `${service.toLowerCase()}:${capital(name)}`),
    ),
  );

/** What the lock in S3 or DynamoDB calls. */
export const calledByLock = (service: "s3" | "dynamodb"): readonly string[] =>
  unique(
    sourcesIn("src/lock")
      .filter((text) => text.includes(`@aws-sdk/client-${service}`))
      .flatMap((text) => [...text.matchAll(/new (\w+)Command\(/g)])
      .map(([, name = ""]) => `${service}:${name}`),
  );

/** What `drift --who` calls. */
export const calledToAskWho = (): readonly string[] =>
  unique(
    sourcesIn("src/aws")
      .filter((text) => text.includes("@aws-sdk/client-cloudtrail"))
      .flatMap((text) => [...text.matchAll(/\bclient\.(lookup\w+|list\w+|get\w+)\(/g)])
      .map(([, name = ""]) => `cloudtrail:${capital(name)}`),
  );

export const isRead = (action: string): boolean => /:(List|Describe|Get)/.test(action);

/** What happened to asynchronous writes: only who writes needs to know. */
export const isStatus = (action: string): boolean => action.endsWith("Status");

const sourcesIn = (folder: string): readonly string[] =>
  readdirSync(join(root, folder)).map((file) => readFileSync(join(root, folder, file), "utf8"));

const capital = (name: string): string => `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;

const unique = (names: readonly string[]): readonly string[] => [...new Set(names)];
