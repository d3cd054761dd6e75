import { describe, expect, it } from "vitest";
import { parseLockUrl } from "../../../src/lock/target.ts";
import { UsageError } from "../../../src/model/errors.ts";

describe("parseLockUrl", () => {
  it("takes an object of a bucket", () => {
    const url = "s3://my-bucket.eu/access/prod #1.lock";
    expect(parseLockUrl(url)).toEqual({
      kind: "s3",
      bucket: "my-bucket.eu",
      key: "access/prod #1.lock",
      url,
    });
  });

  it("takes an item of a table", () => {
    const url = "dynamodb://My_Table-1/identity/center";
    expect(parseLockUrl(url)).toEqual({ kind: "dynamodb", table: "My_Table-1", key: "identity/center", url });
  });

  it.each([
    ["", "neither"],
    ["my-bucket/key", "neither"],
    ["https://my-bucket/key", "neither"],
    ["S3://my-bucket/key", "neither"],
    ["s3://my-bucket", "no key"],
    ["s3://my-bucket/", "no key"],
    ["s3:///key", "bucket's name"],
    ["s3://ab/key", "bucket's name"],
    ["s3://My-Bucket/key", "bucket's name"],
    ["s3://arn:aws:s3:::b/key", "bucket's name"],
    ["s3://my-bucket/folder/", "ends with a slash"],
    ["s3://my-bucket/a\nb", "control characters"],
    [`s3://my-bucket/${"é".repeat(513)}`, "1026 bytes"],
    ["dynamodb://ab/key", "table's name"],
    ["dynamodb://my table/key", "table's name"],
    [`dynamodb://my-table/${"k".repeat(2049)}`, "2049 bytes"],
  ])("refuses %j", (text, why) => {
    expect(() => parseLockUrl(text)).toThrow(UsageError);
    expect(() => parseLockUrl(text)).toThrow(why);
  });

  it("says what a lock looks like", () => {
    expect(() => parseLockUrl("here")).toThrow(
      expect.objectContaining({ code: "invalid-lock", hint: expect.stringContaining("s3://my-bucket/") }),
    );
  });
});
