// What services and proxies answer may repeat what they were sent: messages go to terminals, Markdown and audit trails.

/** The text without what signs calls: tokens, signatures, secret keys, and the strings that AWS shows when it refuses one. */
export const redacted = (message: string): string =>
  message
    .replace(signedText, "")
    .replaceAll(namedSecret, "$1[redacted]")
    .replaceAll(sessionToken, "[redacted]");

/** The same, for what a credential process or a provider said: whatever looks like a key. */
export const withoutKeys = (message: string): string =>
  redacted(message)
    .replaceAll(/\b(AKIA|ASIA)[A-Z0-9]{12,}/g, "[redacted]")
    .replaceAll(/[A-Za-z0-9+/=]{40,}/g, "[redacted]");

/** Whole headers follow, to the end of the message. */
const signedText = /\s*The (Canonical String|String-to-Sign)\b[\s\S]*$/i;

/** Of a header, a query, JSON, XML or the environment. Scheme and public parts of an Authorization header go, too. */
const namedSecret =
  /((?:x-amz-security-token|x-amz-signature|signature|session_?token|secret_?(?:access_?)?key|security_?token|(?:proxy-)?authorization(?: header)?)["']?\s*(?:[:=>]|%3D)\s*["']?)(?:(?:AWS4-[A-Z0-9-]+|Bearer|Basic)\s+[^\n'"<]*|[^\s'"<>&,;]{16,})/gi;

/** As AWS's tokens begin, wherever they stand. */
const sessionToken = /\b(?:IQoJ|FwoG|FQoG|AQoD)[A-Za-z0-9+/=_%-]{20,}/g;
