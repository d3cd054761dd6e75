/** Who runs this, for those who wait: a pipeline's own words where it has some, else the person and the machine. */
export const runIdentity = (
  env: Readonly<Record<string, string | undefined>>,
  { user, host }: { readonly user: string; readonly host: string },
): { readonly owner: string; readonly host: string; readonly runUrl: string | null } => ({
  owner: env.GITHUB_ACTOR || env.GITLAB_USER_LOGIN || user,
  host,
  runUrl: gitHubRun(env) ?? (env.CI_JOB_URL || env.BUILD_URL || null),
});

const gitHubRun = ({
  GITHUB_SERVER_URL: server,
  GITHUB_REPOSITORY: repository,
  GITHUB_RUN_ID: run,
}: Readonly<Record<string, string | undefined>>): string | null =>
  server && repository && run ? `${server}/${repository}/actions/runs/${run}` : null;
