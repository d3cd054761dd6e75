import { escapeTerminal } from "../report/escape.ts";
import { ForgeError } from "./errors.ts";
import type { ForgeClock, ForgeReply } from "./exchange.ts";
import { fieldsOf, listOf, textOf } from "./fields.ts";
import { isRateLimit, untilAllowed } from "./retry-delay.ts";
import { redact, type Secret } from "./secret.ts";

/** What a reply outside of 2xx means, in a sentence or two: what was asked, the forge's own words, and what to do. */
export const replyError = (
  reply: ForgeReply,
  request: { readonly method: string; readonly url: string; readonly repeatable: boolean },
  { service, token, clock }: { readonly service: string; readonly token: Secret; readonly clock: ForgeClock },
): ForgeError => {
  const { status } = reply;
  const asked = escapeTerminal(`${request.method} ${new URL(request.url).pathname}`);
  const said = saidIn(redact(reply.text, [token]));
  const message = `${service} answered ${asked} with ${status}${said === "" ? "" : `: ${said}`}`;
  if (isRateLimit(reply)) {
    const wait = untilAllowed(reply, clock);
    const when = wait === null ? "later" : `in ${Math.ceil(wait / 60_000)} min`;
    return new ForgeError("rate-limit", message, {
      hint: `The rate limit of the token is used up. Run again ${when}, or with a token of its own`,
    });
  }
  if (status >= 500) {
    return new ForgeError("unavailable", message, {
      hint: `Run again when ${service} is well`,
      uncertain: !request.repeatable,
    });
  }
  if (status >= 300 && status < 400) {
    return new ForgeError("bad-reply", message, {
      hint: "Redirects are not followed, because they could carry the token elsewhere. Look whether the repository was renamed and whether the API URL is right",
    });
  }
  const known = meanings[status];
  return known === undefined
    ? new ForgeError("invalid", message)
    : new ForgeError(known.reason, message, { hint: known.hint });
};

const meanings: Readonly<
  Record<
    number,
    { readonly reason: "unauthorized" | "forbidden" | "not-found" | "invalid"; readonly hint: string }
  >
> = {
  401: { reason: "unauthorized", hint: "The token is wrong, has expired or was revoked" },
  403: {
    reason: "forbidden",
    hint: "The token lacks a permission, or the conversation is locked, or issues are turned off",
  },
  404: { reason: "not-found", hint: "It does not exist, or the token may not see it" },
  413: {
    reason: "invalid",
    hint: "A proxy before the forge takes no request of this length: raise its limit",
  },
  410: { reason: "invalid", hint: "Issues are turned off in this repository: turn them on in its settings" },
};

/** The forge's own words, on one line and at most `longest` characters. */
const saidIn = (text: string): string => {
  const plain = escapeTerminal((jsonMessage(text) ?? pageTitle(text)).replace(/\s+/g, " ").trim());
  return plain.length > longest ? `${plain.slice(0, longest - 1)}…` : plain;
};

const longest = 240;

/** null where the text is no JSON. */
const jsonMessage = (text: string): string | null => {
  let value: unknown;
  try {
    value = JSON.parse(text) as unknown;
  } catch {
    return null;
  }
  const { message, error, errors } = fieldsOf(value);
  const details = listOf(errors).map((each) => textOf(each) ?? textOf(fieldsOf(each).message) ?? "");
  const first = textOf(message) ?? textOf(error) ?? (message === undefined ? "" : JSON.stringify(message));
  return [first, ...details].filter((each) => each !== "").join("; ");
};

const pageTitle = (text: string): string => {
  if (!/^\s*</.test(text)) return text.slice(0, 2 * longest);
  const title = /<title[^>]*>([^<]*)<\/title>/i.exec(text)?.[1];
  return title === undefined ? "a web page" : `a web page, "${title.trim()}"`;
};
