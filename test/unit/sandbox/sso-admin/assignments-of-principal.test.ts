import { ListAccountAssignmentsForPrincipalCommand } from "@aws-sdk/client-sso-admin";
import { describe, expect, it } from "vitest";
import type { Bench } from "../support.ts";
import { auditors, developers, failure, InstanceArn, jane, nobody } from "../support.ts";
import { assign, benchWithSets, development, production, setArn, triple } from "./calls.ts";

describe("assignments of a principal", () => {
  const of = (bench: Bench, PrincipalType: "USER" | "GROUP", PrincipalId: string, more: object = {}) =>
    bench.client.send(
      new ListAccountAssignmentsForPrincipalCommand({ InstanceArn, PrincipalType, PrincipalId, ...more }),
    );

  it("of a user include those of groups, which name the group", async () => {
    const bench = await benchWithSets(2);
    await assign(bench, triple());
    await assign(bench, { ...triple(production, 1), PrincipalType: "USER", PrincipalId: jane });
    await assign(bench, triple(production, 0, auditors));
    expect((await of(bench, "USER", jane)).AccountAssignments).toEqual([
      { AccountId: production, PermissionSetArn: setArn(1), PrincipalType: "USER", PrincipalId: jane },
      {
        AccountId: development,
        PermissionSetArn: setArn(0),
        PrincipalType: "GROUP",
        PrincipalId: developers,
      },
    ]);
    expect((await of(bench, "GROUP", developers)).AccountAssignments).toHaveLength(1);
  });

  it("can come in a page that is empty and not the last", async () => {
    const bench = await benchWithSets(3);
    for (const n of [0, 1, 2]) {
      await assign(bench, triple(production, n));
      await assign(bench, triple(development, n));
    }
    const filter = { Filter: { AccountId: development }, MaxResults: 3 };
    const first = await of(bench, "GROUP", developers, filter);
    expect(first.AccountAssignments).toEqual([]);
    expect(first.NextToken).toBeTruthy();
    const second = await of(bench, "GROUP", developers, { ...filter, NextToken: first.NextToken });
    expect(second.AccountAssignments?.map((item) => item.AccountId)).toEqual([
      development,
      development,
      development,
    ]);
    expect(second.NextToken).toBeUndefined();
  });

  it("are not found for a principal that is gone", async () => {
    const bench = await benchWithSets(1);
    expect((await failure(of(bench, "USER", nobody))).name).toBe("ResourceNotFoundException");
  });

  it("are for the management account to ask", async () => {
    const bench = await benchWithSets(1);
    bench.sandbox.state.caller.Account = development;
    expect((await failure(of(bench, "USER", jane))).name).toBe("AccessDeniedException");
  });
});
