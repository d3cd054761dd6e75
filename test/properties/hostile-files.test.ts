/**
 * Files that an earlier run wrote, and that somebody has changed since: each is read as what was written, or refused with
 * a code and something to do. Never an error that would be told as a bug.
 */
import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { JournalProblem, parseJournal } from "../../src/commands/journal-lines.ts";
import { canonicalJson } from "../../src/model/canonical-json.ts";
import { UsageError } from "../../src/model/errors.ts";
import { inlinePolicyFromText } from "../../src/model/policy.ts";
import { diffStatements } from "../../src/model/policy-diff.ts";
import { comparePlans } from "../../src/plan/compare-plans.ts";
import { planDigest } from "../../src/plan/digest.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { parsePlanFile, serialisePlan } from "../../src/plan/plan-file.ts";
import { planDifferenceLines } from "../../src/report/plan-difference.ts";
import { renderPlan } from "../../src/report/renderers.ts";
import { live } from "../unit/plan/builders.ts";
import { richPlan } from "../unit/report/rich-plan.ts";

const saved = {
  createdAt: 1000,
  expiresAt: 90_000,
  commit: "a".repeat(40),
  manifest: "access",
  accountNames: new Map([["111111111111", "production"]]),
};
const written = serialisePlan(richPlan(), saved);
const whole = parsePlanFile(written);

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Every place in a value, as the keys that lead there. */
const placesIn = (
  value: Json,
  place: readonly (string | number)[] = [],
): (readonly (string | number)[])[] => [
  place,
  ...(typeof value === "object" && value !== null
    ? Object.entries(value).flatMap(([key, part]) => placesIn(part, [...place, key]))
    : []),
];

const withPlace = (
  value: Json,
  [key, ...rest]: readonly (string | number)[],
  edit: (value: Json) => Json | undefined,
): Json | undefined => {
  if (key === undefined) return edit(value);
  if (typeof value !== "object" || value === null) return value;
  const copy = structuredClone(value) as { [key: string]: Json };
  const part = withPlace(copy[key] ?? null, rest, edit);
  if (part === undefined) delete copy[key];
  else copy[key] = part;
  return Array.isArray(value) ? Object.values(copy) : copy;
};

const strange = fc.oneof(
  fc.constantFrom<Json | undefined>(
    undefined,
    null,
    true,
    0,
    -1,
    0.5,
    "",
    "x",
    "__proto__",
    "constructor",
    "111111111111",
    "2026-13-45T99:99:99Z",
    "\u001b[31m\u202e",
    "x".repeat(2000),
    [],
    {},
    [[]],
    ["x"],
    { constructor: 5, toString: null, valueOf: 1 },
    JSON.parse('{"__proto__": {"toString": 1}}') as Json,
  ),
  fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>,
);

/** The text of a valid file, one place of its JSON changed. */
const changed = (file: Json): fc.Arbitrary<Json> =>
  fc
    .tuple(
      fc.constantFrom(...placesIn(file)),
      fc.oneof(
        strange.map((value) => () => value),
        fc.constant((value: Json) => (Array.isArray(value) ? [...value, ...value] : value)),
      ),
    )
    .map(([place, edit]) => withPlace(file, place, edit) ?? null);

/** As somebody would who knows how it is made: with a digest and a seal that fit. */
const resealed = (file: Json): string => {
  try {
    const { saved: said, ...plan } = file as unknown as Plan & { saved?: { seal?: string } };
    const digested = { ...plan, digest: planDigest(plan) };
    const { seal: _seal, ...times } = said ?? {};
    const seal = createHash("sha256")
      .update(canonicalJson({ ...digested, saved: times }))
      .digest("hex");
    return JSON.stringify(said === undefined ? digested : { ...digested, saved: { ...times, seal } });
  } catch {
    return JSON.stringify(file);
  }
};

const planCodes = ["plan-invalid", "plan-newer-version", "plan-not-json", "plan-tampered", "plan-truncated"];

/** The plan that was read; null where it was refused as it should be. */
const readOrRefused = (text: string): ReturnType<typeof parsePlanFile> | null => {
  try {
    return parsePlanFile(text);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    expect(planCodes).toContain(error.code);
    expect(error.hint).toBeTruthy();
    return null;
  }
};

/** Read as it was written, or not at all. */
const expectSameOrRefused = (text: string): void => {
  const read = readOrRefused(text);
  if (read !== null) expect(read).toEqual(whole);
};

const parsed = JSON.parse(written) as Json;

describe("a plan file that was changed", () => {
  it("by a cut anywhere", () => {
    fc.assert(
      fc.property(fc.nat(written.length - 1), fc.nat(written.length - 1), (one, other) => {
        expectSameOrRefused(written.slice(0, one));
        expectSameOrRefused(written.slice(one));
        expectSameOrRefused(written.slice(0, Math.min(one, other)) + written.slice(Math.max(one, other)));
      }),
      { numRuns: 300 },
    );
  });

  it("by other bytes anywhere", () => {
    const bytes = Buffer.from(written);
    const flips = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(flips, (all) => {
        const copy = Buffer.from(bytes);
        for (const [at, byte] of all) copy[at] = byte;
        expectSameOrRefused(copy.toString("utf8"));
      }),
      { numRuns: 300 },
    );
  });

  it("in one place, with no new seal", () => {
    fc.assert(
      fc.property(changed(parsed), (file) => expectSameOrRefused(JSON.stringify(file))),
      { numRuns: 1000 },
    );
  });

  it("in one place, with a seal and a digest that fit: it can be compared and shown, whatever it says", () => {
    let taken = 0;
    fc.assert(
      fc.property(changed(parsed), (file) => {
        const read = readOrRefused(resealed(file));
        if (read === null) return;
        taken += 1;
        const now = richPlan();
        const difference = comparePlans(read.plan, now, { doneBefore: new Map(), live: live({}) });
        for (const same of [true, false]) planDifferenceLines(difference, same);
        expect(read.saved === null || Number.isFinite(read.saved.expiresAt)).toBe(true);
        if (read.plan.digest === now.digest) return;
        for (const format of ["text", "markdown"] as const)
          renderPlan(read.plan, format, { colour: false, columns: 100, accountNames: new Map() });
      }),
      { numRuns: 1500 },
    );
    expect(taken).toBeGreaterThan(100);
  });

  it.each([
    ["a key said twice", written.replace('"digest"', '"digest": "x", "digest"')],
    ["keys of a prototype", written.replace("{", '{"__proto__": {"formatVersion": 1}, "constructor": null,')],
    [
      "levels without end",
      written.replace('"canonical":{', `"canonical":{"a":${"[".repeat(50_000)}${"]".repeat(50_000)},`),
    ],
    [
      "levels of objects",
      written.replace('"canonical":{', `"canonical":{"a":${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)},`),
    ],
    ["a number beyond all", written.replace('"canonical":{', '"canonical":{"a":1e999,')],
    ["a version of the future", written.replace('"formatVersion": 1', '"formatVersion": 99')],
    ["a version that is no number", written.replace('"formatVersion": 1', '"formatVersion": "2"')],
    ["blanks of another kind", `\ufeff${written}`],
    ["two plans", written + written],
    ["a text", JSON.stringify(written)],
  ])("to hold %s", (_, text) => {
    expect(text).not.toBe(written);
    expectSameOrRefused(text);
  });

  it.each(["expiresAt", "createdAt"])("to hold for ever, by a time that is none: %s", (name) => {
    const file = withPlace(parsed, ["saved", name], () => "2026-13-45T99:99:99Z");
    expect(readOrRefused(resealed(file ?? null))).toBeNull();
  });
});

const head = {
  time: "2026-01-01T00:00:00.000Z",
  event: "begin",
  formatVersion: 1,
  instanceArn: "arn:i",
  planDigest: "d",
  caller: "c",
};
const target = {
  accountId: "111111111111",
  permissionSet: "S",
  permissionSetArn: "arn:s",
  principalType: "USER",
  principalId: "u",
};
const journal: Json = [
  head,
  { time: "t", event: "write", id: 1, address: "group/a", action: "create", call: "createGroup" },
  { time: "t", event: "answer", id: 1, error: "conflict" },
  { time: "t", event: "change", address: "group/a", outcome: "failed" },
  {
    time: "t",
    event: "write",
    id: 2,
    address: "assignment/1/S/user:u",
    action: "create",
    call: "createAccountAssignment",
  },
  {
    time: "t",
    event: "request",
    id: 2,
    address: "assignment/1/S/user:u",
    operation: "create-assignment",
    requestId: "r",
    target,
  },
  { time: "t", event: "settled", requestId: "r", status: "unfinished" },
  { time: "t", event: "write", id: 3, address: "user/u", action: "delete", call: "deleteUser" },
  { time: "t", event: "adopted" },
  { ...head, time: "u" },
  {
    time: "t",
    event: "write",
    id: 1,
    address: "assignment/1/S/user:v",
    action: "create",
    call: "createAccountAssignment",
  },
];

const readJournal = (text: string): ReturnType<typeof parseJournal> | "refused" => {
  try {
    return parseJournal(text);
  } catch (error) {
    if (!(error instanceof JournalProblem)) throw error;
    expect(error.line).toBeGreaterThan(0);
    expect(error.message).toBeTruthy();
    return "refused";
  }
};

const linesOf = (entries: Json): string =>
  (Array.isArray(entries) ? entries : [entries]).map((entry) => `${JSON.stringify(entry)}\n`).join("");

describe("a journal that was changed", () => {
  it("is read as it is", () => {
    expect(readJournal(linesOf(journal))).toMatchObject({
      left: { startedAt: "u", unanswered: ["create-assignment"] },
    });
  });

  it("in one place: what it leaves to be picked up can be asked for", () => {
    fc.assert(
      fc.property(changed(journal), (entries) => {
        const read = readJournal(linesOf(entries));
        if (read === "refused" || read === null) return;
        const { requests, unanswered, brokenOff } = read.left;
        const known = ["create-assignment", "delete-assignment", "provision"];
        for (const operation of [...requests.map((request) => request.operation), ...unanswered])
          expect(known).toContain(operation);
        for (const request of requests) {
          expect(request.target.permissionSetArn).toBeTypeOf("string");
          expect([null, "string"]).toContain(
            request.target.accountId === null ? null : typeof request.target.accountId,
          );
        }
        for (const { address } of brokenOff) expect(address).toBeTypeOf("string");
      }),
      { numRuns: 1500 },
    );
  });

  it("by any text", () => {
    const texts = fc.oneof(
      fc.string({ unit: "binary" }),
      fc
        .array(
          fc.oneof(
            fc.jsonValue().map((value) => JSON.stringify(value)),
            fc.string(),
          ),
        )
        .map((lines) => `${lines.join("\n")}\n`),
    );
    fc.assert(fc.property(texts, (text) => void readJournal(text)));
  });

  it("by a call that an object has anyway", () => {
    for (const call of ["constructor", "__proto__", "toString"]) {
      const read = readJournal(
        linesOf([head, { time: "t", event: "write", id: 1, address: "a", action: "create", call }]),
      );
      expect(read).toMatchObject({ left: { unanswered: [] } });
    }
    expect(readJournal('{"event":{"toString":1,"valueOf":2}}\n')).toBe("refused");
    expect(readJournal('{"event":"constructor"}\n')).toBe("refused");
  });

  it("by many changes that broke off, in no time to speak of", () => {
    const count = 20_000;
    const lines = Array.from({ length: count }, (_, id) => ({
      time: "t",
      event: "write",
      id,
      address: `group/${id}`,
      action: "create",
      call: "createGroup",
    }));
    const read = readJournal(linesOf([head, ...lines]));
    expect(read).toMatchObject({ left: { brokenOff: { length: count } } });
  });
});

describe("a policy that AWS returned", () => {
  const valid = JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "A",
        Effect: "Allow",
        Action: ["s3:*", "ec2:*"],
        Resource: "*",
        Condition: { Bool: { "aws:a": "true" } },
      },
    ],
  });

  it("is any text: it has a form of its own and can be compared", () => {
    const cut = fc
      .tuple(fc.nat(valid.length), fc.nat(valid.length), fc.string({ unit: "binary" }))
      .map(([from, to, text]) => valid.slice(0, from) + text + valid.slice(to));
    fc.assert(
      fc.property(
        fc.oneof(
          cut,
          fc.string({ unit: "binary" }),
          fc.jsonValue().map((value) => JSON.stringify(value)),
          changed(JSON.parse(valid) as Json).map((value) => JSON.stringify(value)),
        ),
        (text) => {
          const policy = inlinePolicyFromText(text);
          expect(canonicalJson(policy.canonical)).toBe(canonicalJson(inlinePolicyFromText(text).canonical));
          diffStatements(policy, inlinePolicyFromText(valid));
          diffStatements(null, policy);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it.each([
    ["quotes", '"'.repeat(100_000)],
    ["escapes", `"${"\\".repeat(100_001)}`],
    ["brackets", "[".repeat(100_000)],
    ["digits", "1".repeat(100_000)],
    ["keys", `{${Array.from({ length: 20_000 }, (_, index) => `"k${index}":1`).join(",")}}`],
    ["blanks", `{"a"${" ".repeat(100_000)}`],
    [
      "statements",
      JSON.stringify({ Statement: Array.from({ length: 5000 }, (_, index) => ({ Sid: `s${index}` })) }),
    ],
  ])("is a flood of %s", (_, text) => {
    expect(inlinePolicyFromText(text).text).toBe(text);
  });
});
