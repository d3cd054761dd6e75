import { describe, expect, it } from "vitest";
import { allPages, type Page } from "../../../src/aws/pages.ts";

const serve = (pages: readonly Page<string>[]) => {
  const asked: (string | undefined)[] = [];
  const fetch = async (token: string | undefined): Promise<Page<string>> => {
    asked.push(token);
    return pages[asked.length - 1] ?? { items: [], nextToken: undefined };
  };
  return { asked, fetch };
};

describe("allPages", () => {
  it("follows tokens over empty pages to the end", async () => {
    const { asked, fetch } = serve([
      { items: ["1", "2"], nextToken: "a" },
      { items: [], nextToken: "b" },
      { items: [], nextToken: "c" },
      { items: ["3"], nextToken: "" },
    ]);
    expect(await allPages("sso:ListThings", fetch)).toEqual(["1", "2", "3"]);
    expect(asked).toEqual([undefined, "a", "b", "c"]);
  });

  it("refuses a list that leads back to a page it has read", async () => {
    const { fetch } = serve([
      { items: ["1"], nextToken: "a" },
      { items: ["1"], nextToken: "b" },
      { items: ["1"], nextToken: "a" },
    ]);
    await expect(allPages("sso:ListThings", fetch)).rejects.toMatchObject({
      code: "malformed-reply",
      message: expect.stringContaining("sso:ListThings"),
    });
  });

  it("does not take a reply without its list for an empty one, on any page", async () => {
    const { fetch } = serve([
      { items: ["1"], nextToken: "a" },
      { items: undefined, nextToken: undefined },
    ]);
    await expect(allPages("sso:ListThings", fetch)).rejects.toMatchObject({ code: "malformed-reply" });
  });

  it("passes an error of a later page on, and no part of the list", async () => {
    const fetch = async (token: string | undefined): Promise<Page<string>> => {
      if (token === "a") throw new Error("throttled");
      return { items: ["1"], nextToken: "a" };
    };
    await expect(allPages("sso:ListThings", fetch)).rejects.toThrow("throttled");
  });
});
