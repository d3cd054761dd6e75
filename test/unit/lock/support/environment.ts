import { vi } from "vitest";

/** Credentials and a Region for the SDK, and nothing of this machine. */
export const stubAwsEnvironment = (endpoints: Readonly<Record<string, string>>): void => {
  for (const [name, value] of Object.entries({ ...common, ...endpoints })) vi.stubEnv(name, value);
  for (const name of ["AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_SESSION_TOKEN"]) vi.stubEnv(name, undefined);
};

const common = {
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
  AWS_REGION: "us-east-1",
  AWS_ACCESS_KEY_ID: "test",
  AWS_SECRET_ACCESS_KEY: "test",
  AWS_CONFIG_FILE: "/nonexistent/config",
  AWS_SHARED_CREDENTIALS_FILE: "/nonexistent/credentials",
};
