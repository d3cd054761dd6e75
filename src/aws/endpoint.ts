import { UsageError } from "../model/errors.ts";
import type { AwsClients } from "./clients.ts";
import { call } from "./errors.ts";

/**
 * The endpoint that calls go to where it is not AWS's own, else null: the SDK is asked by way of calls that end
 * before they are sent. Finds out early, too, whether there are credentials. A mix of a sandbox on this machine and
 * others is refused: what is written in one place would be read in another.
 */
export const endpointInUse = async (clients: AwsClients): Promise<string | null> => {
  const { ListInstancesCommand } = await import("@aws-sdk/client-sso-admin");
  const { ListUsersCommand } = await import("@aws-sdk/client-identitystore");
  const { ListRootsCommand } = await import("@aws-sdk/client-organizations");
  const listInstances = new ListInstancesCommand();
  const listUsers = new ListUsersCommand({ IdentityStoreId: "d-0000000000" });
  const listRoots = new ListRootsCommand();
  const seen = [new Target("sso-admin"), new Target("identitystore"), new Target("organizations")] as const;
  listInstances.middlewareStack.add(seen[0].middleware, beforeSigning);
  listUsers.middlewareStack.add(seen[1].middleware, beforeSigning);
  listRoots.middlewareStack.add(seen[2].middleware, beforeSigning);
  await call("sso:ListInstances", undefined, () => clients.sso.send(listInstances));
  await call("identitystore:ListUsers", undefined, () => clients.identityStore.send(listUsers));
  await call("organizations:ListRoots", undefined, () => clients.organizations.send(listRoots));

  const here = seen.find(({ url }) => isLoopback(url));
  const elsewhere = seen.find(({ url }) => !isLoopback(url));
  if (here !== undefined && elsewhere !== undefined) throw mixed(here, elsewhere);
  return seen[0].url.href === (await awsOwn(clients)).href ? null : withoutSlash(seen[0].url);
};

const beforeSigning = { step: "build", name: "findEndpoint" } as const;

/** Where calls of one service go, found by a middleware that answers in place of the service. */
class Target {
  readonly service: string;
  url = new URL("about:blank");
  constructor(service: string) {
    this.service = service;
  }
  readonly middleware =
    (_next: unknown, context: { readonly endpointV2?: { readonly url: URL } }) =>
    async (): Promise<{ output: never; response: undefined }> => {
      this.url = context.endpointV2?.url ?? this.url;
      // Nobody looks at the output of a call that was not made.
      return { output: { $metadata: {} } as never, response: undefined };
    };
}

const awsOwn = async ({ sso: { config } }: AwsClients): Promise<URL> =>
  config.endpointProvider({
    Region: await config.region(),
    UseDualStack: await config.useDualstackEndpoint(),
    UseFIPS: await config.useFipsEndpoint(),
  }).url;

const isLoopback = ({ hostname }: URL): boolean =>
  hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);

const withoutSlash = ({ href }: URL): string => href.replace(/\/$/, "");

const mixed = (here: Target, elsewhere: Target): UsageError =>
  new UsageError(
    "mixed-endpoints",
    `${here.service} is configured to be on this machine (${withoutSlash(here.url)}), but ${elsewhere.service} is not (${withoutSlash(elsewhere.url)})`,
    { hint: "Set AWS_ENDPOINT_URL alone, which counts for all services, or unset the endpoints" },
  );
