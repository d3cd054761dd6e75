import { describe, expect, it } from "vitest";
import { chooseInstance } from "../../../src/live/choose-instance.ts";
import { AwsError, UsageError } from "../../../src/model/errors.ts";
import type { ListedInstance } from "../../../src/model/ports.ts";
import { instance } from "./support/fake-reader.ts";

const listed = (changes: Partial<ListedInstance> = {}): ListedInstance => ({
  ...instance,
  status: "ACTIVE",
  statusReason: null,
  ...changes,
});
const other = listed({
  instanceArn: "arn:aws:sso:::instance/ssoins-other",
  ownerAccountId: "111111111111",
  name: "team",
});
const configuredRegion = "us-east-1";

const failure = (run: () => unknown): unknown => {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error("Nothing was thrown.");
};

describe("chooseInstance", () => {
  it("takes the only one", () => {
    expect(chooseInstance([listed()], { configuredRegion })).toEqual(instance);
  });

  it("says what to do where there is none", () => {
    const error = failure(() => chooseInstance([], { configuredRegion, arn: "arn:x" }));
    expect(error).toBeInstanceOf(AwsError);
    expect(error).toMatchObject({
      code: "no-instance",
      message: expect.stringContaining("us-east-1"),
      hint: expect.stringContaining("AWS_REGION"),
    });
  });

  it("lists several, and takes the one that the manifest names", () => {
    const error = failure(() => chooseInstance([listed(), other], { configuredRegion }));
    expect(error).toBeInstanceOf(UsageError);
    expect(error).toMatchObject({ code: "several-instances", hint: expect.stringContaining("instance.arn") });
    expect(String(error)).toContain(
      "arn:aws:sso:::instance/ssoins-other (team), owned by account 111111111111",
    );
    expect(String(error)).toContain(instance.instanceArn);
    const chosen = chooseInstance([listed(), other], { configuredRegion, arn: other.instanceArn });
    expect(chosen.instanceArn).toBe(other.instanceArn);
  });

  it("does not take another one than the manifest names", () => {
    expect(
      failure(() => chooseInstance([other], { configuredRegion, arn: instance.instanceArn })),
    ).toMatchObject({
      code: "no-instance",
      message: expect.stringContaining("ssoins-other"),
    });
  });

  it("refuses a Region that the manifest does not mean", () => {
    const error = failure(() => chooseInstance([listed()], { configuredRegion, region: "eu-west-1" }));
    expect(error).toMatchObject({
      code: "region-differs",
      hint: expect.stringContaining("AWS_REGION=eu-west-1"),
    });
  });

  it("refuses a Region that is not the primary one of the instance", () => {
    const error = failure(() => chooseInstance([listed({ region: "eu-west-1" })], { configuredRegion }));
    expect(error).toMatchObject({ code: "region-differs", message: expect.stringContaining("eu-west-1") });
  });

  it("refuses one that is not active, with AWS's reason", () => {
    const failed = listed({ status: "CREATE_FAILED", statusReason: "KMS" });
    expect(failure(() => chooseInstance([failed], { configuredRegion }))).toMatchObject({
      code: "instance-not-active",
      message: expect.stringContaining("CREATE_FAILED: KMS"),
    });
    const deleting = listed({ status: "DELETE_IN_PROGRESS" });
    expect(failure(() => chooseInstance([deleting], { configuredRegion }))).toMatchObject({
      message: expect.stringMatching(/DELETE_IN_PROGRESS$/),
    });
  });
});
