import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "../../../src/model/canonical-json.ts";
import type { ReconcileError } from "../../../src/model/errors.ts";
import { UsageError } from "../../../src/model/errors.ts";
import { userAttributes } from "../../../src/model/user-attributes.ts";
import { parsePlan, parsePlanFile, serialisePlan } from "../../../src/plan/plan-file.ts";
import schema from "../../../schemas/plan.schema.json" with { type: "json" };
import { richPlan } from "../report/rich-plan.ts";
import { plan, user } from "./builders.ts";

const failure = (text: string): ReconcileError => {
  try {
    parsePlan(text);
  } catch (error) {
    if (error instanceof UsageError) return error;
    throw error;
  }
  throw new Error("it was taken");
};

const edited = (edit: (plan: Record<string, unknown>) => void): string => {
  const value = JSON.parse(serialisePlan(richPlan())) as Record<string, unknown>;
  edit(value);
  return JSON.stringify(value);
};

describe("a plan file", () => {
  it("comes back as it was, with every kind of change in it", () => {
    const made = richPlan();
    const actions = new Set(made.changes.map(({ kind, action }) => `${action} ${kind}`));
    expect(actions).toEqual(
      new Set([
        "create user",
        "update user",
        "create group",
        "update group",
        "create membership",
        "delete membership",
        "create permissionSet",
        "update permissionSet",
        "delete permissionSet",
        "provision provisioning",
        "create assignment",
        "delete assignment",
      ]),
    );
    expect(parsePlan(serialisePlan(made))).toEqual(JSON.parse(JSON.stringify(made)));
  });

  it("and with what the rich one has not", () => {
    const made = plan(
      {
        mode: "exclusive",
        permissionSets: [
          {
            name: "Dev",
            permissionsBoundary: { customerManagedPolicy: { name: "B", path: "/" } },
            tags: { constructor: "x", valueOf: "y" },
          },
        ],
        ignore: [{ users: ["nobody"] }],
      },
      {
        users: [user("u", Object.fromEntries(userAttributes.map((attribute) => [attribute, "x"])))],
        groups: ["g"],
        permissionSets: ["Dev", "Gone"],
      },
    );
    expect(parsePlan(serialisePlan(made)).digest).toBe(made.digest);
  });

  it("an empty one", () => {
    const made = plan({}, {});
    expect(parsePlan(serialisePlan(made))).toEqual(made);
  });

  it("has one change a line, and a line break at its end", () => {
    const made = richPlan();
    const lines = serialisePlan(made).split("\n");
    expect(lines.filter((text) => text.includes('"dependsOn"'))).toHaveLength(made.changes.length);
    expect(lines.at(-1)).toBe("");
  });

  it.each<[string, string, string]>([
    ["nothing", "", "plan-truncated"],
    ["YAML", "version: 1\n", "plan-not-json"],
    ["half a file", serialisePlan(richPlan()).slice(0, 5000), "plan-truncated"],
    ["a list", "[]", "plan-invalid"],
    ["null", "null", "plan-invalid"],
    ["another JSON file", '{"version": 1}', "plan-invalid"],
    ["a newer version", '{"formatVersion": 2, "new": true}', "plan-newer-version"],
    ["an unknown property", edited((value) => Object.assign(value, { extra: 1 })), "plan-invalid"],
    ["a missing property", edited((value) => delete value.guards), "plan-invalid"],
    [
      "a create with something before",
      edited((value) => {
        const change = (value.changes as Record<string, unknown>[]).find(({ action }) => action === "create");
        Object.assign(change ?? {}, { before: change?.after });
      }),
      "plan-invalid",
    ],
    [
      "an update of an assignment",
      edited((value) => {
        const change = (value.changes as Record<string, unknown>[]).find(({ kind }) => kind === "assignment");
        Object.assign(change ?? {}, { action: "update", before: change?.after });
      }),
      "plan-invalid",
    ],
    [
      "an unknown attribute of a user",
      edited((value) => {
        const change = (value.changes as { kind: string; after: { attributes: object } }[]).find(
          ({ kind }) => kind === "user",
        );
        Object.assign(change?.after.attributes ?? {}, { shoeSize: "44" });
      }),
      "plan-invalid",
    ],
    ["a change less", edited((value) => (value.changes as unknown[]).pop()), "plan-tampered"],
    [
      "another account",
      serialisePlan(richPlan()).replaceAll("333333333333", "999999999999"),
      "plan-tampered",
    ],
    ["another instance", serialisePlan(richPlan()).replaceAll("us-east-1", "eu-west-1"), "plan-tampered"],
    [
      "another manifest",
      edited((value) => Object.assign(value.manifest as object, { digest: "f".repeat(64) })),
      "plan-tampered",
    ],
    ["a guard less", edited((value) => (value.guards as unknown[]).pop()), "plan-tampered"],
  ])("%s: refused", (_, text, code) => {
    const error = failure(text);
    expect(error.code).toBe(code);
    expect(error.hint).toBeTruthy();
  });

  it("says when it was made, until when it holds and from which commit, apart from the plan", () => {
    const accountNames = new Map([["222222222222", "Café <b>"]]);
    const saved = {
      createdAt: 1_000,
      expiresAt: 90_000,
      commit: "a".repeat(40),
      manifest: "access",
      accountNames,
    };
    const text = serialisePlan(richPlan(), saved);
    expect(text).toContain("1970-01-01T00:01:30.000Z");
    expect(parsePlanFile(text)).toEqual({ plan: JSON.parse(JSON.stringify(richPlan())), saved });
    expect(parsePlanFile(serialisePlan(richPlan())).saved).toBeNull();
    expect(text.startsWith(serialisePlan(richPlan()).slice(0, -3))).toBe(true);
  });

  it("its time cannot be moved, nor taken from another plan", () => {
    const accountNames = new Map([["222222222222", "development"]]);
    const saved = { createdAt: 1_000, expiresAt: 90_000, commit: null, manifest: "access", accountNames };
    const text = serialisePlan(richPlan(), saved);
    expect(failure(text.replace("00:01:30", "23:59:59")).code).toBe("plan-tampered");
    expect(failure(text.replace('"development"', '"sandbox"')).code).toBe("plan-tampered");
    const [own] = /  "saved".*/.exec(text) ?? [];
    const [other] = /  "saved".*/.exec(serialisePlan(plan({}, {}), saved)) ?? [];
    expect(failure(text.replace(own ?? "", other ?? "")).code).toBe("plan-tampered");
  });

  it("says nothing twice: people read the first, JSON.parse takes the last", () => {
    const text = serialisePlan(richPlan());
    const forged = text.replace("{", '{"changes": [], "digest": "0",');
    expect(failure(forged)).toMatchObject({
      code: "plan-invalid",
      message: expect.stringContaining("twice") as string,
    });
  });

  it("cannot be made to look less risky, nor to have other reasons", () => {
    const saved = {
      createdAt: 1_000,
      expiresAt: 90_000,
      commit: null,
      manifest: "access",
      accountNames: new Map(),
    };
    const text = serialisePlan(richPlan(), saved);
    expect(failure(text.replaceAll('"direction":"broadening"', '"direction":"neutral"')).code).toBe(
      "plan-tampered",
    );
    expect(failure(text.replaceAll('"code":"not-declared"', '"code":"removed"')).code).toBe("plan-tampered");
  });

  it("is read where an older version wrote it without the names of accounts", () => {
    const said = {
      createdAt: "1970-01-01T00:00:01.000Z",
      expiresAt: "1970-01-01T00:01:30.000Z",
      commit: null,
    };
    const seal = createHash("sha256")
      .update(canonicalJson({ ...richPlan(), saved: said }))
      .digest("hex");
    const text = JSON.stringify({ ...richPlan(), saved: { ...said, seal } });
    expect(parsePlanFile(text).saved).toEqual({
      createdAt: 1_000,
      expiresAt: 90_000,
      commit: null,
      manifest: "",
      accountNames: new Map(),
    });
  });

  it("says which version is too new", () => {
    expect(failure('{"formatVersion": 7}').message).toContain("7");
  });
});

it("the schema knows the attributes of users that the model knows", () => {
  expect(schema.$defs.user.properties.attributes.propertyNames.enum.toSorted()).toEqual(
    userAttributes.toSorted(),
  );
});

describe("the digest covers what apply would do", () => {
  it("and not where the manifest says so, why, or whether a guard was allowed", () => {
    const text = edited((value) => {
      for (const change of value.changes as Record<string, unknown>[]) {
        change.position = { file: "other.yaml", line: 1, column: 1, endColumn: 2 };
        change.reason = { code: "declared", detail: "other words" };
      }
      for (const guard of value.guards as Record<string, unknown>[]) guard.verdict = "allowed";
    });
    expect(parsePlan(text).digest).toBe(richPlan().digest);
  });

  it("the same input gives the same bytes", () => {
    expect(serialisePlan(richPlan())).toBe(serialisePlan(richPlan()));
  });
});
