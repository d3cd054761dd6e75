import {
  AccountNotFoundException,
  AWSOrganizationsNotInUseException,
  DescribeAccountCommand,
  DescribeOrganizationCommand,
  ListRootsCommand,
  ListTagsForResourceCommand,
  OrganizationsClient,
  paginateListAccounts,
  paginateListOrganizationalUnitsForParent,
} from "@aws-sdk/client-organizations";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RunningSandbox } from "../../../../src/sandbox/server.ts";
import { startSandbox } from "../../../../src/sandbox/server.ts";

let sandbox: RunningSandbox;
let client: OrganizationsClient;

beforeEach(async () => {
  sandbox = await startSandbox();
  client = new OrganizationsClient({
    endpoint: sandbox.url,
    region: "eu-west-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
});

afterEach(async () => {
  client.destroy();
  await sandbox.close();
});

describe("Organizations through the AWS SDK", () => {
  it("lists every account with its place and dates", async () => {
    const accounts = [];
    for await (const page of paginateListAccounts({ client }, {})) accounts.push(...(page.Accounts ?? []));
    expect(accounts.map((account) => String(account.Name)).toSorted()).toEqual(
      sandbox.state.organization?.accounts.map((account) => account.Name).toSorted(),
    );
    expect(accounts.find((account) => account.Name === "legacy")).toMatchObject({
      State: "SUSPENDED",
      Status: "SUSPENDED",
      JoinedTimestamp: expect.any(Date),
      Paths: [
        expect.stringMatching(
          /^o-[a-z0-9]{10,32}\/r-[0-9a-z]{4,32}(\/ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})*\/\d{12}\/$/,
        ),
      ],
    });
  });

  it("is walked from the root", async () => {
    const { Roots = [] } = await client.send(new ListRootsCommand({}));
    const names: string[] = [];
    const ParentId = Roots[0]?.Id;
    for await (const page of paginateListOrganizationalUnitsForParent({ client }, { ParentId })) {
      names.push(...(page.OrganizationalUnits ?? []).map((unit) => String(unit.Name)));
    }
    expect(names.toSorted()).toEqual(["Platform", "Sandbox", "Workloads"]);
  });

  it("tells the tags of an account", async () => {
    const { Tags } = await client.send(new ListTagsForResourceCommand({ ResourceId: "111111111111" }));
    expect(Tags).toContainEqual({ Key: "env", Value: "prod" });
  });

  it("answers errors as the SDK's own classes", async () => {
    await expect(
      client.send(new DescribeAccountCommand({ AccountId: "000000000000" })),
    ).rejects.toBeInstanceOf(AccountNotFoundException);
    sandbox.state.organization = null;
    await expect(client.send(new DescribeOrganizationCommand({}))).rejects.toBeInstanceOf(
      AWSOrganizationsNotInUseException,
    );
  });
});
