// Hands the AWS SDK what it needs to assume a role by itself, with the OpenID Connect token of this job: a file with
// the token, and the role. No secret is printed, and none is kept after the job.
import { appendFileSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token } = process.env;
const { ROLE: role, GITHUB_ENV: environment, RUNNER_TEMP: temporary, GITHUB_RUN_ID: run } = process.env;
if (url === undefined || token === undefined || environment === undefined) {
  console.error(
    isFromFork()
      ? "::error::A pull request from a fork gets no role in AWS, so that there is no plan of it. Read it, then push its branch to this repository."
      : "::error::This job cannot ask for an OpenID Connect token. Add `permissions: id-token: write` to it.",
  );
  process.exit(1);
}
if (!/^arn:aws(-[a-z]+)*:iam::\d{12}:role\/[\w+=,.@/-]+$/.test(role ?? "")) {
  console.error("::error::The input role is not the ARN of an IAM role.");
  process.exit(1);
}
const response = await fetch(`${url}&audience=sts.amazonaws.com`, {
  headers: { authorization: `bearer ${token}` },
});
if (!response.ok) {
  console.error(`::error::GitHub gave no OpenID Connect token: status ${response.status}.`);
  process.exit(1);
}
const { value } = await response.json();
console.log(`::add-mask::${value}`);
const file = join(mkdtempSync(join(temporary ?? tmpdir(), "reconcile-")), "token");
writeFileSync(file, value, { mode: 0o600 });
appendFileSync(
  environment,
  `AWS_WEB_IDENTITY_TOKEN_FILE=${file}\nAWS_ROLE_ARN=${role}\nAWS_ROLE_SESSION_NAME=reconcile-${run}\n`,
);

/** GitHub gives the pull requests of forks, and of Dependabot, no token to ask with. */
function isFromFork() {
  const { GITHUB_EVENT_PATH: path, GITHUB_REPOSITORY: repository, GITHUB_ACTOR: actor } = process.env;
  if (actor === "dependabot[bot]") return true;
  if (path === undefined) return false;
  const { pull_request: pull } = JSON.parse(readFileSync(path, "utf8"));
  return pull !== undefined && pull.head?.repo?.full_name !== repository;
}
