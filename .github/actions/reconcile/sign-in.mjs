// Signs in to AWS with the OpenID Connect token of this job. GitHub's token lives for minutes and AWS's keys for an hour,
// while an apply may take many: the SDK is told how to get new keys whenever it needs some.
//   sign-in.mjs profile ROLE      tries it, and prints the path of an AWS configuration whose profile calls this:
//   sign-in.mjs credentials ROLE  prints keys, as the SDK wants them from a credential_process
// Tokens and keys go from process to process: none is in a file, in the environment or in the log.
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { AssumeRoleWithWebIdentityCommand, STSClient } from "@aws-sdk/client-sts";

const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer } = process.env;
const [use, role] = process.argv.slice(2);
try {
  if (url === undefined || bearer === undefined) throw new Error(whyNoToken());
  if (!/^arn:aws(-[a-z]+)*:iam::\d{12}:role\/[\w+=,.@/-]+$/.test(role ?? ""))
    throw new Error("The input role is not the ARN of an IAM role.");
  const keys = await assume(role);
  console.log(use === "credentials" ? JSON.stringify({ Version: 1, ...keys }) : writeProfile(role));
} catch (error) {
  const message = error.message.replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
  const line = `::error title=Signing in to AWS::${message}`;
  console.error(line);
  // What a credential_process says the SDK keeps to itself.
  if (use === "credentials") writeFileSync(`${process.env.AWS_CONFIG_FILE}.failed`, `${line}\n`);
  process.exitCode = 1;
}

/** GitHub gives the pull requests of forks, and of Dependabot, no token to ask with. */
function whyNoToken() {
  const { GITHUB_EVENT_PATH: path, GITHUB_REPOSITORY: repository, GITHUB_ACTOR: actor } = process.env;
  const { pull_request: pull } = path === undefined ? {} : JSON.parse(readFileSync(path, "utf8"));
  const fork = pull !== undefined && pull.head?.repo?.full_name !== repository;
  return fork || actor === "dependabot[bot]"
    ? "A pull request from a fork, or of Dependabot, gets no role in AWS, so that there is no plan of it. Read it, then push its branch to this repository."
    : "This job cannot ask for an OpenID Connect token. Add `permissions: id-token: write` to it.";
}

async function assume(roleArn) {
  const sts = new STSClient({
    maxAttempts: 5,
    requestHandler: { connectionTimeout: 5000, requestTimeout: 20_000, throwOnRequestTimeout: true },
  });
  const token = await fetchToken();
  const command = new AssumeRoleWithWebIdentityCommand({
    RoleArn: roleArn,
    RoleSessionName: `reconcile-${process.env.GITHUB_RUN_ID}`,
    WebIdentityToken: token,
  });
  const { Credentials: keys } = await sts.send(command).catch(({ name, message }) => {
    throw new Error(
      `AWS does not give ${roleArn} to ${subjectOf(token)}: ${name}: ${message.replaceAll(token, "***")}`,
    );
  });
  return {
    AccessKeyId: keys.AccessKeyId,
    SecretAccessKey: keys.SecretAccessKey,
    SessionToken: keys.SessionToken,
    Expiration: keys.Expiration.toISOString(),
  };
}

/** As the trust policy of the role has to name this job. */
function subjectOf(token) {
  return JSON.parse(Buffer.from(token.split(".")[1], "base64url").toString()).sub;
}

async function fetchToken() {
  for (let attempt = 1; ; attempt += 1) {
    const response = await fetch(`${url}&audience=sts.amazonaws.com`, {
      headers: { authorization: `bearer ${bearer}` },
      signal: AbortSignal.timeout(20_000),
    }).catch(({ message, cause }) => ({ ok: false, status: cause?.code ?? message }));
    if (response.ok) return (await response.json()).value;
    const passes = typeof response.status !== "number" || response.status === 429 || response.status >= 500;
    if (attempt === 4 || !passes)
      throw new Error(`GitHub gave no OpenID Connect token (${response.status}).`);
    await delay(500 * 2 ** attempt);
  }
}

function writeProfile(roleArn) {
  const file = join(mkdtempSync(join(process.env.RUNNER_TEMP, "reconcile-aws-")), "config");
  const command = [process.execPath, fileURLToPath(import.meta.url)].map((path) => `"${path}"`);
  writeFileSync(
    file,
    `[profile reconcile]\ncredential_process = ${command.join(" ")} credentials ${roleArn}\n`,
  );
  return file;
}
