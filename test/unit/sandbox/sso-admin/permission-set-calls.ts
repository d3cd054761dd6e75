import { CreatePermissionSetCommand } from "@aws-sdk/client-sso-admin";
import type { Bench } from "../support.ts";
import { InstanceArn } from "../support.ts";

export async function createSet(bench: Bench, Name = "Developer", more: object = {}): Promise<string> {
  const { PermissionSet } = await bench.client.send(
    new CreatePermissionSetCommand({ InstanceArn, Name, ...more }),
  );
  return PermissionSet?.PermissionSetArn ?? "";
}

/** A role of the set in one account, so that the test can see whether an edit makes it stale. */
export function provisionByHand(bench: Bench, PermissionSetArn: string): void {
  bench.instance.provisioned.push({
    AccountId: "111111111111",
    PermissionSetArn,
    latest: true,
    roleSuffix: "0",
  });
}

export const isLatest = (bench: Bench) => bench.instance.provisioned[0]?.latest;
export const policyArn = (n: number | string) => `arn:aws:iam::aws:policy/Policy${n}`;
export const allowAll = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
});
