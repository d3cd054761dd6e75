import { describe, expect, it } from "vitest";
import { makePlan } from "../../../src/plan/make-plan.ts";
import { parsePlan, serialisePlan } from "../../../src/plan/plan-file.ts";
import {
  afterAt,
  allow,
  changeAt,
  desired,
  live,
  permissionSet,
  plan,
  policy,
  summary,
  user,
} from "./builders.ts";

describe("only what is managed is compared, and an update keeps the rest", () => {
  it("user attributes", () => {
    const made = plan(
      { users: [{ userName: "jane", attributes: { title: "Engineer", nickName: null } }] },
      { users: [user("jane", { nickName: "Janey", locale: "en" })] },
    );
    expect(afterAt(made, "user/jane")).toMatchObject({
      attributes: { title: "Engineer", nickName: null, locale: "en", givenName: "Given" },
    });
  });

  it("a user is created with the defaults of what is not said", () => {
    const made = plan({ users: [user("jane", { "email.value": "j@x.com" })] }, {});
    expect(afterAt(made, "user/jane")).toMatchObject({
      attributes: { displayName: "Given Family", "email.type": "work", "email.primary": true, title: null },
    });
  });

  it("a group's description", () => {
    const there = { groups: [{ displayName: "Team", description: "Old" }] };
    expect(summary(plan({ groups: ["Team"] }, there))).toEqual([]);
    const cleared = plan({ groups: [{ displayName: "Team", description: null }] }, there);
    expect(afterAt(cleared, "group/Team")).toEqual({ displayName: "Team", description: null });
  });

  it("a permission set's description and tags; all else is exact", () => {
    const made = plan(
      { permissionSets: ["Dev"] },
      {
        permissionSets: [
          permissionSet({
            name: "Dev",
            description: "Kept",
            tags: { kept: "yes" },
            sessionDuration: 7200,
            relayState: "https://x",
            managedPolicies: ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
            customerManagedPolicies: [{ name: "P", path: "/" }],
            inlinePolicy: policy({ Version: "2012-10-17", Statement: [allow("s3:*")] }),
            permissionsBoundary: { managedPolicyArn: "arn:aws:iam::aws:policy/PowerUserAccess" },
          }),
        ],
      },
    );
    expect(afterAt(made, "permissionSet/Dev")).toEqual(
      permissionSet({ name: "Dev", description: "Kept", tags: { kept: "yes" } }),
    );
  });

  it("a spelling that IAM treats alike is no change, and the live text stays where something else changes", () => {
    const before = policy({ Version: "2012-10-17", Statement: [allow("s3:GetObject")] });
    const after = policy({
      Statement: { Resource: ["*"], Action: ["S3:GetObject"], Effect: "Allow" },
      Version: "2012-10-17",
    });
    const there = { permissionSets: [{ name: "Dev", inlinePolicy: before }] };
    expect(summary(plan({ permissionSets: [{ name: "Dev", inlinePolicy: after }] }, there))).toEqual([]);
    const made = plan(
      { permissionSets: [{ name: "Dev", inlinePolicy: after, sessionDuration: 7200 }] },
      there,
    );
    expect(afterAt(made, "permissionSet/Dev")).toMatchObject({ inlinePolicy: before });
  });

  it("tags are compared by value, whatever they are called", () => {
    const tags = { toString: "a", valueOf: "b" };
    expect(
      summary(
        plan(
          { permissionSets: [{ name: "Dev", tags }] },
          { permissionSets: [{ name: "Dev", tags: { ...tags } }] },
        ),
      ),
    ).toEqual([]);
  });

  it("tags that were not read are not compared, and none are invented", () => {
    const { tags: _tags, ...unread } = permissionSet({ name: "Dev", description: null });
    const there = live({ permissionSets: ["Dev"] });
    const blind = { ...there, state: { ...there.state, permissionSets: new Map([["Dev", unread]]) } };
    const update = (set: Parameters<typeof permissionSet>[0]) =>
      makePlan(desired({ permissionSets: [set] }), blind, { toolVersion: "1" }).plan;
    expect(update("Dev")?.changes).toEqual([]);
    const made = update({ name: "Dev", sessionDuration: 7200 });
    const change = made?.changes[0];
    expect(change).toMatchObject({ action: "update", before: unread });
    expect(change).not.toHaveProperty("after.tags");
    expect(made && parsePlan(serialisePlan(made))).toEqual(made);
  });

  it("the owner mark is taken where there is none", () => {
    const made = plan(
      { name: "acme", permissionSets: [{ name: "Dev", owner: "acme" }] },
      { permissionSets: ["Dev"] },
    );
    expect(changeAt(made, "permissionSet/Dev")).toMatchObject({
      before: { owner: null },
      after: { owner: "acme" },
    });
  });
});

const assigned = "111111111111/Dev/group:Team";
const address = `assignment/${assigned}`;
const basics = { groups: ["Team"], permissionSets: ["Dev"] };

it("ids, positions and reasons come along", () => {
  const made = plan(
    {
      ...basics,
      assignments: [assigned],
      removed: { users: ["jane"] },
      origins: {
        [address]: { reason: "project", position: { file: "a.yaml", line: 7, column: 1, endColumn: 2 } },
      },
    },
    { ...basics, users: ["jane"] },
  );
  expect(changeAt(made, address)).toMatchObject({
    id: null,
    reason: { code: "declared", detail: "project" },
    position: { file: "a.yaml", line: 7 },
  });
  expect(changeAt(made, "user/jane")).toMatchObject({ id: "user-jane", position: { line: 80 } });
});
