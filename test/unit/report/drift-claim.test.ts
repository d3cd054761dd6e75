import { describe, expect, it } from "vitest";
import { driftMarkdown } from "../../../src/report/drift-markdown.ts";
import { viewDrift } from "../../../src/report/drift-view.ts";
import { type LiveSketch, position } from "../plan/builders.ts";
import { driftOf } from "./rich-drift.ts";

const admin = { name: "Admin", managedPolicies: ["arn:aws:iam::aws:policy/AdministratorAccess"] };
const access: LiveSketch = {
  groups: ["Ops"],
  permissionSets: [admin],
  assignments: ["111111111111/Admin/group:Ops"],
};
const saidOf = (external: boolean, there: LiveSketch): string => {
  const drift = driftOf(
    {
      ...(external ? { external: { groups: ["Ops"] } } : { groups: ["Ops"], managedMembers: ["Ops"] }),
      permissionSets: [admin],
      assignments: ["111111111111/Admin/group:Ops"],
    },
    { ...access, ...there },
  );
  expect(drift.findings).toEqual([]);
  return driftMarkdown(viewDrift(drift, new Map()));
};

describe("that access is what the manifest says", () => {
  it("is said where all of it was compared", () => {
    expect(saidOf(false, {})).toMatch(/Who can reach which AWS account .* is what the manifest says\./);
  });

  it.each([
    ["who is in a group of the identity provider was not", {}],
    ["also where something could not be read", { unread: [{ scope: "user/*", reason: "denied" }] }],
  ])("is not, where %s", (_, more: LiveSketch) => {
    const text = saidOf(true, { memberships: ["Ops/joiner"], ...more });
    expect(text).not.toContain("Who can reach");
    expect(text).toContain("Not compared with it: 1 membership; below is why.");
    expect(text).toContain("- 1 membership: owned by the identity provider");
  });
});

describe("what to do about who is in a group whose members are not declared", () => {
  const stepsOf = (there: LiveSketch): string =>
    viewDrift(
      driftOf(
        {
          groups: ["Ops"],
          permissionSets: [admin],
          assignments: ["111111111111/Admin/group:Ops"],
          origins: { "group/Ops": { position: position(3) } },
        },
        { ...access, ...there },
      ),
      new Map(),
    ).steps.join("\n");
  const list = "list in the manifest who is to be in it";
  const remove = "name it under `removed`";

  it("is to list them", () => {
    const steps = stepsOf({ memberships: ["Ops/evil"] });
    expect(steps).toContain(list);
    expect(steps).not.toContain(remove);
    const other = stepsOf({ groups: ["Ops", "Old"], memberships: ["Old/evil"] });
    expect(other).not.toContain(list);
    expect(other).toContain(remove);
  });
});
