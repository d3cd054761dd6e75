import { UsageError } from "../model/errors.ts";
import type { Environment } from "./description.ts";
import { isSafeUrl } from "./safe-url.ts";
import { type Secret, secret } from "./secret.ts";

/** A variable that the forge itself sets. */
export const requireVariable = (env: Environment, name: string): string => {
  const value = env[name];
  if (value !== undefined && value !== "") return value;
  throw new UsageError("forge-variable", `${name} is not set`, {
    hint: `A pipeline sets it by itself; where the command runs in a container, pass ${name} on`,
  });
};

export const requireApiUrl = (env: Environment, name: string, otherwise?: string): string => {
  const value = (otherwise !== undefined && !env[name] ? otherwise : requireVariable(env, name)).replace(
    /\/+$/,
    "",
  );
  if (isSafeUrl(value)) return value;
  throw new UsageError("forge-api-url", `${name} is no URL that a token may be sent to`, {
    hint: `Set ${name} to the API's root, with https:// and without a password`,
  });
};

/** A token with anything but printable ASCII would be quoted by the error that refuses it as a header. */
export const requireToken = (env: Environment, name: string, hint: string): Secret => {
  const value = (env[name] ?? "").trim();
  if (value === "") throw new UsageError("forge-token", `${name} is not set`, { hint });
  if (!/^[\x21-\x7e]+$/.test(value)) {
    throw new UsageError("forge-token", `${name} has characters that no token has, such as blanks`, { hint });
  }
  return secret(value);
};

/** 1 where it is absent or no number. */
export const positive = (text: string | undefined): number =>
  text !== undefined && /^[1-9]\d{0,14}$/.test(text) ? Number(text) : 1;
