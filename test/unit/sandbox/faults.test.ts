import {
  CreateAccountAssignmentCommand,
  CreatePermissionSetCommand,
  DescribeAccountAssignmentCreationStatusCommand,
  ListInstancesCommand,
  ListPermissionSetsCommand,
} from "@aws-sdk/client-sso-admin";
import { describe, expect, it } from "vitest";
import { createFaultDice, parseFaults } from "../../../src/sandbox/faults.ts";
import { developers, failure, InstanceArn, startBench } from "./support.ts";

describe("parseFaults", () => {
  it("reads every part", () => {
    const text =
      "throttle=0.3,error=0.05,reset=0.02,lost-reply=0.02,async-failed=0.05,conflict=0.1,stale-read=500ms,seed=42";
    expect(parseFaults(text)).toEqual({
      rates: [
        { kind: "throttle", rate: 0.3 },
        { kind: "error", rate: 0.05 },
        { kind: "reset", rate: 0.02 },
        { kind: "lost-reply", rate: 0.02 },
        { kind: "async-failed", rate: 0.05 },
        { kind: "conflict", rate: 0.1 },
      ],
      staleReadMilliseconds: 500,
      asyncMilliseconds: null,
      clockAheadMilliseconds: 0,
      failingPages: [],
      seed: 42,
    });
    expect(
      parseFaults(
        "hang=0.1,denied@CreateGroup=1,async-stuck=1,async-time=3s,clock-ahead=10m,page@ListUsers=3",
      ),
    ).toEqual({
      rates: [
        { kind: "hang", rate: 0.1 },
        { kind: "denied", operation: "CreateGroup", rate: 1 },
        { kind: "async-stuck", rate: 1 },
      ],
      staleReadMilliseconds: 0,
      asyncMilliseconds: 3000,
      clockAheadMilliseconds: 600_000,
      failingPages: [{ operation: "ListUsers", page: 3 }],
      seed: 1,
    });
    expect(parseFaults(" throttle@ListUsers=1 , stale-read=1.5s ")).toMatchObject({
      rates: [{ kind: "throttle", operation: "ListUsers", rate: 1 }],
      staleReadMilliseconds: 1500,
      seed: 1,
    });
    expect(parseFaults("").rates).toEqual([]);
  });

  it.each([
    ["throttle", 'Fault "throttle" is not known. Known are throttle=RATE'],
    ["slow=1", 'Fault "slow=1" is not known.'],
    ["throttle=2", 'Fault "throttle=2": the rate must be a number from 0 to 1.'],
    ["throttle=", "the rate must be a number"],
    ["throttle=often", "the rate must be a number"],
    ["stale-read=500", "the time must be written like 500ms, 2s or 10m."],
    ["seed=x", "it must be a whole number."],
    ["page=3", 'Fault "page=3" is not known.'],
    ["page@ListUsers=half", "it must be a whole number."],
  ])("refuses %s", (text, message) => {
    expect(() => parseFaults(text)).toThrow(message);
  });
});

describe("the dice", () => {
  const draws = (text: string, order: readonly string[]) => {
    const dice = createFaultDice(parseFaults(text));
    return Object.fromEntries(order.map((body) => [body, dice.roll("ListUsers", body)("throttle")]));
  };
  const bodies = Array.from({ length: 1000 }, (_, n) => `body ${n}`);

  it("fall the same for the same seed, in whatever order calls come", () => {
    expect(draws("throttle=0.3,seed=7", bodies)).toEqual(draws("throttle=0.3,seed=7", bodies.toReversed()));
    expect(draws("throttle=0.3,seed=7", bodies)).not.toEqual(draws("throttle=0.3,seed=8", bodies));
  });

  it("strike about as often as asked", () => {
    const struck = Object.values(draws("throttle=0.3", bodies)).filter(Boolean).length;
    expect(struck).toBeGreaterThan(250);
    expect(struck).toBeLessThan(350);
  });

  it("fall anew when a call is repeated", () => {
    const dice = createFaultDice(parseFaults("throttle=0.5"));
    const repeated = bodies.map(() => dice.roll("ListUsers", "{}")("throttle"));
    expect(new Set(repeated).size).toBe(2);
  });

  it("prefer the rate of the operation", () => {
    const roll = createFaultDice(parseFaults("throttle@ListUsers=0,throttle=1")).roll;
    expect(roll("ListUsers", "")("throttle")).toBe(false);
    expect(roll("ListGroups", "")("throttle")).toBe(true);
    expect(roll("ListGroups", "")("error")).toBe(false);
  });
});

describe("a sandbox with faults", () => {
  const create = (Name = "A") => new CreatePermissionSetCommand({ InstanceArn, Name });

  it("throttles", async () => {
    const { client, log } = await startBench({ faults: "throttle=1" });
    expect(await failure(client.send(new ListInstancesCommand({})))).toEqual({
      name: "ThrottlingException",
      message: "Rate exceeded",
    });
    expect(log).toMatchObject([{ outcome: "throttled", status: 400 }]);
  });

  it("fails inside, with 500 and with 503", async () => {
    const { client, log } = await startBench({ faults: "error=1" });
    for (let n = 0; n < 20; n += 1) await failure(client.send(new ListInstancesCommand({})));
    const outcomes = new Set(log.map((entry) => `${entry.outcome} ${"status" in entry ? entry.status : ""}`));
    expect(outcomes).toEqual(new Set(["InternalServerException 500", "ServiceUnavailableException 503"]));
  });

  it("cuts the connection before the effect", async () => {
    const { client, instance, log } = await startBench({ faults: "reset=1" });
    expect((await failure(client.send(create()))).message).toMatch(/ECONNRESET|socket hang up/);
    expect(instance.permissionSets).toEqual([]);
    expect(log).toMatchObject([{ outcome: "reset", status: 0 }]);
  });

  it("loses the reply after the effect", async () => {
    const { client, instance, log } = await startBench({ faults: "lost-reply=1" });
    expect((await failure(client.send(create()))).message).toMatch(/ECONNRESET|socket hang up/);
    expect(instance.permissionSets).toHaveLength(1);
    expect(log).toMatchObject([{ outcome: "lost-reply", status: 0 }]);
  });

  it("refuses writes, and only writes, as conflicts", async () => {
    const { client, instance } = await startBench({ faults: "conflict=1" });
    expect((await failure(client.send(create()))).name).toBe("ConflictException");
    expect(instance.permissionSets).toEqual([]);
    await client.send(new ListInstancesCommand({}));
  });

  it("lets asynchronous work fail in the end", async () => {
    const { client, clock } = await startBench({ faults: "async-failed=1" });
    const { PermissionSet } = await client.send(create());
    const { AccountAssignmentCreationStatus } = await client.send(
      new CreateAccountAssignmentCommand({
        InstanceArn,
        TargetId: "222222222222",
        TargetType: "AWS_ACCOUNT",
        PermissionSetArn: PermissionSet?.PermissionSetArn,
        PrincipalType: "GROUP",
        PrincipalId: developers,
      }),
    );
    expect(AccountAssignmentCreationStatus?.Status).toBe("IN_PROGRESS");
    clock.advance(60_000);
    const done = await client.send(
      new DescribeAccountAssignmentCreationStatusCommand({
        InstanceArn,
        AccountAssignmentCreationRequestId: AccountAssignmentCreationStatus?.RequestId,
      }),
    );
    expect(done.AccountAssignmentCreationStatus).toMatchObject({
      Status: "FAILED",
      FailureReason: "An unexpected internal service exception was encountered",
    });
  });

  it("answers reads from before a write until the lag is over", async () => {
    const { client, clock } = await startBench({ faults: "stale-read=500ms" });
    const names = async () =>
      (await client.send(new ListPermissionSetsCommand({ InstanceArn }))).PermissionSets?.length;
    await client.send(create("A"));
    clock.advance(300);
    await client.send(create("B"));
    clock.advance(199);
    expect(await names()).toBe(0);
    clock.advance(1);
    expect(await names()).toBe(1);
    clock.advance(300);
    expect(await names()).toBe(2);
  });

  it("denies what it is told to", async () => {
    const { client, instance } = await startBench({ faults: "denied@CreatePermissionSet=1" });
    expect(await failure(client.send(create()))).toEqual({
      name: "AccessDeniedException",
      message: expect.stringContaining("is not authorized to perform: sso:CreatePermissionSet"),
    });
    expect(instance.permissionSets).toEqual([]);
    await client.send(new ListInstancesCommand({}));
  });

  it("leaves a call without an answer, and undone", async () => {
    const { client, instance, log } = await startBench({ faults: "hang=1" });
    const outcome = await failure(client.send(create(), { abortSignal: AbortSignal.timeout(200) }));
    expect(outcome.name).toBe("AbortError");
    expect(log).toMatchObject([{ outcome: "hang", status: 0 }]);
    expect(instance.permissionSets).toEqual([]);
  });

  it("fails on one page, however often it is asked for", async () => {
    const { client } = await startBench({ faults: "page@ListPermissionSets=3" });
    for (const name of ["A", "B", "C", "D"]) await client.send(create(name));
    const next = (NextToken?: string) =>
      client.send(new ListPermissionSetsCommand({ InstanceArn, MaxResults: 1, NextToken }));
    const second = await next((await next()).NextToken);
    for (let attempt = 0; attempt < 2; attempt += 1) {
      expect((await failure(next(second.NextToken))).name).toMatch(/InternalServer|ServiceUnavailable/);
    }
  });

  it("lets asynchronous work take as long as it is told, or for ever", async () => {
    const assign = async (faults: string) => {
      const { client, clock, instance } = await startBench({ faults });
      const { PermissionSet } = await client.send(create());
      const target = { TargetId: "222222222222", TargetType: "AWS_ACCOUNT" } as const;
      const principal = { PrincipalType: "GROUP", PrincipalId: developers } as const;
      const { PermissionSetArn } = PermissionSet ?? {};
      await client.send(
        new CreateAccountAssignmentCommand({ InstanceArn, PermissionSetArn, ...target, ...principal }),
      );
      return async (milliseconds: number) => {
        clock.advance(milliseconds);
        await client.send(new ListInstancesCommand({}));
        return instance.requests[0]?.Status;
      };
    };
    const timed = await assign("async-time=3s");
    expect([await timed(2999), await timed(1)]).toEqual(["IN_PROGRESS", "SUCCEEDED"]);
    const stuck = await assign("async-stuck=1");
    expect(await stuck(24 * 60 * 60 * 1000)).toBe("IN_PROGRESS");
  });

  it("has another time than the client, and says so", async () => {
    const { client } = await startBench({ faults: "clock-ahead=10m", now: Date.now });
    const { name, message } = await failure(client.send(new ListInstancesCommand({})));
    expect(name).toBe("InvalidSignatureException");
    expect(message).toMatch(/^Signature expired: \d{8}T\d{6}Z is now earlier than/);
    // The SDK takes the time from the reply, and is right from then on.
    await client.send(new ListInstancesCommand({}));
  });
});
