import {
  CreateInstanceAccessControlAttributeConfigurationCommand,
  DeleteInstanceAccessControlAttributeConfigurationCommand,
  DescribeInstanceAccessControlAttributeConfigurationCommand,
  DescribeInstanceCommand,
  ListInstancesCommand,
  ListPermissionSetsCommand,
  UpdateInstanceAccessControlAttributeConfigurationCommand,
} from "@aws-sdk/client-sso-admin";
import { describe, expect, it } from "vitest";
import { createClient, failure, InstanceArn, startBench } from "../support.ts";

const elsewhere = "arn:aws:sso:::instance/ssoins-0000000000000000";

describe("the instance", () => {
  it("is listed with its identity store, owner and Region", async () => {
    const { client } = await startBench();
    const { Instances } = await client.send(new ListInstancesCommand({}));
    expect(Instances).toMatchObject([
      {
        InstanceArn,
        IdentityStoreId: "d-9067a1b2c3",
        OwnerAccountId: "999999999999",
        Status: "ACTIVE",
        PrimaryRegion: "us-east-1",
      },
    ]);
  });

  it("is described with permission sets enabled", async () => {
    const { client } = await startBench();
    expect(await client.send(new DescribeInstanceCommand({ InstanceArn }))).toMatchObject({
      InstanceArn,
      PermissionSetsEnabled: true,
    });
  });

  it("does not show in another Region", async () => {
    const { sandbox } = await startBench();
    const client = createClient(sandbox.url, "eu-west-1");
    expect((await client.send(new ListInstancesCommand({}))).Instances).toEqual([]);
    const list = client.send(new ListPermissionSetsCommand({ InstanceArn }));
    expect((await failure(list)).name).toBe("ResourceNotFoundException");
    client.destroy();
  });

  it("that does not exist is denied to describe, and not found by the rest", async () => {
    const { client } = await startBench();
    const describeIt = client.send(new DescribeInstanceCommand({ InstanceArn: elsewhere }));
    expect((await failure(describeIt)).name).toBe("AccessDeniedException");
    const list = client.send(new ListPermissionSetsCommand({ InstanceArn: elsewhere }));
    expect((await failure(list)).name).toBe("ResourceNotFoundException");
  });
});

describe("attributes for access control", () => {
  const attribute = (Key: string) => ({ Key, Value: { Source: [`\${path:enterprise.${Key}}`] } });
  const configuration = (...keys: string[]) => ({
    InstanceArn,
    InstanceAccessControlAttributeConfiguration: { AccessControlAttributes: keys.map(attribute) },
  });

  it("are off at first, made once, replaced, and turned off", async () => {
    const { client } = await startBench();
    const get = () =>
      client.send(new DescribeInstanceAccessControlAttributeConfigurationCommand({ InstanceArn }));
    const create = () =>
      client.send(new CreateInstanceAccessControlAttributeConfigurationCommand(configuration("costCenter")));
    const update = () =>
      client.send(
        new UpdateInstanceAccessControlAttributeConfigurationCommand(configuration("team", "division")),
      );
    expect((await failure(get())).name).toBe("ResourceNotFoundException");
    expect((await failure(update())).name).toBe("ResourceNotFoundException");
    await create();
    expect((await failure(create())).name).toBe("ConflictException");
    await update();
    expect(await get()).toMatchObject({
      Status: "ENABLED",
      InstanceAccessControlAttributeConfiguration: {
        AccessControlAttributes: [attribute("team"), attribute("division")],
      },
    });
    await client.send(new DeleteInstanceAccessControlAttributeConfigurationCommand({ InstanceArn }));
    expect((await failure(get())).name).toBe("ResourceNotFoundException");
  });

  it("have unique keys and one source each", async () => {
    const { client } = await startBench();
    const create = (input: ReturnType<typeof configuration>) =>
      client.send(new CreateInstanceAccessControlAttributeConfigurationCommand(input));
    expect((await failure(create(configuration("a", "a")))).name).toBe("ValidationException");
    const twoSources = configuration("a");
    twoSources.InstanceAccessControlAttributeConfiguration.AccessControlAttributes[0]?.Value.Source.push("x");
    expect((await failure(create(twoSources))).message).toContain(
      "accessControlAttributes.1.member.value.source",
    );
  });
});
