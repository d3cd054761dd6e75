import { describe, expect, it } from "vitest";
import type { Accepted } from "../../../../src/manifest/print/accepted.ts";
import { permissionSet } from "../../plan/builders.ts";
import { member, person, setChanged, take } from "./accept-support.ts";

it("deletes the file of a policy that is gone, unless another set takes its policy from there", async () => {
  const policy = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "s3:*", Resource: "*" }],
  });
  const files = {
    "access/sets.yaml": `version: 1
permissionSets:
  Dev: {inlinePolicy: policies/dev.yaml}
  Ops: {inlinePolicy: policies/both.yaml}
  Sec: {inlinePolicy: policies/both.yaml}
`,
    "access/policies/dev.yaml": policy,
    "access/policies/both.yaml": policy,
  };
  const without = (name: string): Accepted => ({
    ...setChanged(permissionSet(name), "inlinePolicy"),
    differences: [{ attribute: "inlinePolicy", live: null }],
  });
  const { after, covered, notCovered } = await take(files, [without("Dev"), without("Ops")], "access");
  expect({ covered, notCovered }).toEqual({ covered: 2, notCovered: [] });
  expect(Object.keys(after).filter((name) => after[name] !== null)).toEqual([
    "access/sets.yaml",
    "access/policies/both.yaml",
  ]);
});

it("takes what came back out of `removed`, and the list with its last one", async () => {
  const group = (name: string): Accepted => ({
    kind: "group",
    bucket: "unmanaged",
    address: `group/${name}`,
    reason: { code: "removed" },
    declared: null,
    live: { displayName: name },
    differences: [],
  });
  const text = `version: 1
groups:
  A: {}
removed:
  groups: [Old, Older] # gone since May
  users:
    - left
`;
  const one = await take({ "access.yaml": text }, [group("Old")]);
  expect(one.text).toBe(text.replace("[Old, Older]", "[Older]").replace("  A: {}\n", "  A: {}\n  Old: {}\n"));
  const both = await take({ "access.yaml": text }, [group("Old"), group("Older")]);
  expect(both.text).toBe(`version: 1
groups:
  A: {}
  Old: {}
  Older: {}
removed:
  users:
    - left
`);
});

describe("a group without a list of members", () => {
  const back = (group: string, more: Pick<Accepted, "risk"> = {}): Accepted => ({
    ...member("unmanaged", group, "back"),
    reason: { code: "parent-deleted", detail: "user/back" },
    ...more,
  });
  const user: Accepted = {
    kind: "user",
    bucket: "unmanaged",
    address: "user/back",
    reason: { code: "removed" },
    declared: null,
    live: person("back", { givenName: "B", familyName: "B", displayName: "B" }),
    differences: [],
  };
  const gained = { risk: { access: "gained" } } as const;
  const files = { "access.yaml": "version: 1\ngroups:\n  A: {}\n  B: {external: true}\n" };

  it("gets none where not all who are in it are told, or somebody else owns it", async () => {
    const { text, covered } = await take(files, [back("A"), back("B", gained), user]);
    expect(covered).toBe(3);
    expect(text).not.toContain("members");
  });

  it("gets one of all who are told", async () => {
    expect((await take(files, [back("A", gained), user])).text).toContain("A: {members: [back]}");
    const other = member("unmanaged", "A", "other");
    const { text, covered } = await take(files, [back("A"), other, user]);
    expect(covered).toBe(3);
    expect(text).toContain("A: {members: [other, back]}");
  });
});
