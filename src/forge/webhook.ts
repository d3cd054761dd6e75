import { UsageError } from "../model/errors.ts";
import { ForgeError } from "./errors.ts";
import { createExchange, type ExchangeOptions } from "./exchange.ts";
import { isSafeUrl } from "./safe-url.ts";
import type { Secret } from "./secret.ts";

export interface WebhookPayload {
  /** What Slack, Mattermost and their like show. */
  readonly text: string;
  /** Whatever else the receiver wants; Slack passes over what it does not know. */
  readonly [name: string]: unknown;
}

/**
 * Posts JSON to a chat or an alarm. The URL is a password and appears in no message. Sent again where the receiver
 * fails or does not answer: twice is better than never. Rejects with UsageError where the URL is neither https nor of
 * this machine, with ForgeError where it was not taken in the end.
 */
export const postWebhook = async (
  url: Secret,
  payload: WebhookPayload,
  options: Omit<ExchangeOptions, "service">,
): Promise<void> => {
  checkWebhookUrl(url);
  const exchange = createExchange({
    ...options,
    service: "The webhook",
    attemptTimeout: options.attemptTimeout ?? 10_000,
    patience: options.patience ?? 60_000,
  });
  const { status } = await exchange({
    method: "POST",
    url: url.reveal(),
    headers: { "content-type": "application/json", "user-agent": "identity-center-reconciler" },
    body: JSON.stringify(payload),
    repeatable: true,
  });
  if (status >= 200 && status < 300) return;
  if (status === 429 || status >= 500) {
    throw new ForgeError("unavailable", `The webhook answered with ${status}, also when asked again`);
  }
  throw new ForgeError("invalid", `The webhook answered with ${status}`, {
    hint: "Look whether its URL is still the one in the receiver's settings",
  });
};

/** Throws UsageError where the URL is neither https nor of this machine; asks nothing. */
export const checkWebhookUrl = (url: Secret): void => {
  if (isSafeUrl(url.reveal())) return;
  throw new UsageError(
    "webhook-url",
    "The webhook's URL must begin with https:// and hold no password before an @",
    {
      hint: "Copy it again from the receiver's settings. It is not shown here because it is a secret",
    },
  );
};
