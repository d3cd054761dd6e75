/** What makes any AWS client use the sandbox at this address. */
export const sandboxVariables = (url: string): Readonly<Record<string, string>> => ({
  AWS_ENDPOINT_URL: url,
  AWS_REGION: "us-east-1",
  AWS_DEFAULT_REGION: "us-east-1",
  AWS_ACCESS_KEY_ID: "sandbox",
  AWS_SECRET_ACCESS_KEY: "sandbox",
});

/**
 * An environment in which a command can reach nothing but the sandbox: whatever would lead a client elsewhere
 * (a profile, an endpoint of one service, a session token) is taken out.
 */
export const sandboxEnvironment = (
  url: string,
  outside: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string | undefined>> => ({
  ...Object.fromEntries(
    Object.entries(outside).filter(([name]) => !name.startsWith("AWS_") || harmless.has(name)),
  ),
  ...sandboxVariables(url),
});

const harmless = new Set(["AWS_PAGER", "AWS_MAX_ATTEMPTS", "AWS_RETRY_MODE", "AWS_DEFAULT_OUTPUT"]);

/** Variables that would lead a client elsewhere, for a shell to unset. */
export const leadingElsewhere = ["AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN"] as const;
