import { describe, expect, it, vi } from "vitest";
import { useStub } from "./support/use-stub.ts";

const openStub = useStub();
const open = () => openStub(() => ({ UserId: "u-1", Users: [] }));

describe("sendExplicitNull", () => {
  it("puts the null that clears an attribute on the wire, measured and signed", async () => {
    const warned = vi.spyOn(console, "warn");
    const { writer, requests } = await open();
    await writer.updateUser("u-1", { title: "Boss", nickName: "J" }, { title: null, nickName: "K" });
    const [request] = requests;
    expect(request?.text).toContain('"AttributeValue":null');
    expect(request?.body.Operations).toEqual([
      { AttributePath: "nickName", AttributeValue: "K" },
      { AttributePath: "title", AttributeValue: null },
    ]);
    expect(Number(request?.headers["content-length"])).toBe(Buffer.byteLength(request?.text ?? ""));
    expect(request?.headers.authorization).toMatch(/^AWS4-HMAC-SHA256 .*Signature=[0-9a-f]{64}$/);
    expect(warned).not.toHaveBeenCalled();
  });

  it("clears a group's description, and keeps text beyond ASCII whole", async () => {
    const { writer, requests } = await open();
    await writer.updateGroup("g-1", { displayName: "Ärzte ☕", description: null });
    expect(requests[0]?.body.Operations).toEqual([
      { AttributePath: "displayName", AttributeValue: "Ärzte ☕" },
      { AttributePath: "description", AttributeValue: null },
    ]);
    expect(Number(requests[0]?.headers["content-length"])).toBe(Buffer.byteLength(requests[0]?.text ?? ""));
  });

  it("leaves every other call alone", async () => {
    const { reader, requests } = await open();
    await reader.listUsers();
    expect(requests[0]?.text).not.toContain("null");
  });
});
