import * as fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalisePolicy, inlinePolicyFromText, parsePolicyText } from "../../src/model/policy.ts";

interface Condition {
  operator: string;
  key: string;
  values: (string | number | boolean)[];
}

interface Statement {
  sid: string | null;
  effect: "Allow" | "Deny";
  actionElement: "Action" | "NotAction";
  actions: string[];
  resourceElement: "Resource" | "NotResource";
  resources: string[];
  conditions: Condition[];
}

interface Policy {
  version: "2012-10-17" | "2008-10-17";
  id: string | null;
  statements: Statement[];
}

const action = fc.constantFrom(
  "s3:GetObject",
  "s3:*",
  "ec2:Describe*",
  "iam:PassRole",
  "*",
  "sqs:SendMessage",
);
const resource = fc.constantFrom("*", "arn:aws:s3:::b", "arn:aws:s3:::B", "arn:aws:s3:::b/${aws:username}/*");
const value = fc.constantFrom<string | number | boolean>(
  "a",
  "A",
  true,
  false,
  5,
  12,
  "10.0.0.0/8",
  "2026-01-01",
);
const condition = fc.record({
  operator: fc.constantFrom(
    "StringEquals",
    "StringLike",
    "Bool",
    "ForAllValues:StringEquals",
    "NumericLessThanIfExists",
  ),
  key: fc.constantFrom("aws:SourceIp", "aws:RequestTag/Team", "ec2:Region", "aws:MultiFactorAuthPresent"),
  values: fc.array(value, { minLength: 1, maxLength: 3 }),
});
const statement: fc.Arbitrary<Statement> = fc.record({
  sid: fc.option(fc.constantFrom("One", "Two", "one")),
  effect: fc.constantFrom("Allow", "Deny"),
  actionElement: fc.constantFrom("Action", "NotAction"),
  actions: fc.array(action, { minLength: 1, maxLength: 4 }),
  resourceElement: fc.constantFrom("Resource", "NotResource"),
  resources: fc.array(resource, { minLength: 1, maxLength: 3 }),
  conditions: fc.uniqueArray(condition, {
    maxLength: 3,
    selector: ({ operator, key }) => `${operator} ${key}`,
  }),
});
const policy: fc.Arbitrary<Policy> = fc.record({
  version: fc.constantFrom("2012-10-17", "2008-10-17"),
  id: fc.option(fc.constantFrom("id-1", "id-2")),
  statements: fc.array(statement, { minLength: 1, maxLength: 4 }),
});

/** A source of choices that fast-check can replay: 0 everywhere is the plainest spelling. */
type Choose = (options: number) => number;
const choices = fc.infiniteStream(fc.nat(1000)).map(
  (stream): Choose =>
    (options) => {
      return (stream.next().value ?? 0) % options;
    },
);

const shuffled = <T>(items: readonly T[], choose: Choose): T[] => {
  const rest = [...items];
  return items.flatMap(() => rest.splice(choose(rest.length), 1));
};

const repeated = <T>(items: readonly T[], choose: Choose): T[] =>
  shuffled(
    items.length > 0 && choose(3) === 1 ? [...items, items[choose(items.length)] as T] : items,
    choose,
  );

const oneOrList = (items: readonly unknown[], choose: Choose): unknown =>
  items.length === 1 && choose(2) === 0 ? items[0] : repeated(items, choose);

const recased = (text: string, choose: Choose): string =>
  Array.from(text, (c) => (choose(3) === 1 ? c.toUpperCase() : choose(3) === 1 ? c.toLowerCase() : c)).join(
    "",
  );

const respeltValue = (item: string | number | boolean, choose: Choose): unknown =>
  typeof item !== "string" && choose(2) === 1 ? String(item) : item;

const object = (entries: [string, unknown][], choose: Choose): Record<string, unknown> =>
  Object.fromEntries(shuffled(entries, choose));

const spellConditions = (conditions: readonly Condition[], choose: Choose): unknown => {
  const operators = [...new Set(conditions.map(({ operator }) => operator))];
  return object(
    operators.map((operator) => [
      operator,
      object(
        conditions
          .filter((item) => item.operator === operator)
          .map(({ key, values }) => [
            recased(key, choose),
            oneOrList(
              values.map((item) => respeltValue(item, choose)),
              choose,
            ),
          ]),
        choose,
      ),
    ]),
    choose,
  );
};

const spellStatement = (item: Statement, choose: Choose): unknown => {
  const entries: [string, unknown][] = [
    ["Effect", item.effect],
    [
      item.actionElement,
      oneOrList(
        item.actions.map((name) => recased(name, choose)),
        choose,
      ),
    ],
    [item.resourceElement, oneOrList(item.resources, choose)],
  ];
  if (item.sid !== null) entries.push(["Sid", item.sid]);
  else if (choose(4) === 1) entries.push(["Sid", ""]);
  if (item.conditions.length > 0) entries.push(["Condition", spellConditions(item.conditions, choose)]);
  else if (choose(4) === 1) entries.push(["Condition", {}]);
  return object(entries, choose);
};

const spell = (item: Policy, choose: Choose): unknown => {
  const entries: [string, unknown][] = [
    [
      "Statement",
      oneOrList(
        item.statements.map((one) => spellStatement(one, choose)),
        choose,
      ),
    ],
  ];
  if (item.version === "2012-10-17" || choose(2) === 1) entries.push(["Version", item.version]);
  if (item.id !== null) entries.push(["Id", item.id]);
  return object(entries, choose);
};

const plainest: Choose = () => 0;

/** The meaning of a policy, said in another way than canonicalisePolicy says it: nested sets as sorted text. */
const meaning = (item: Policy): string => {
  const set = (items: readonly unknown[]): string => [...new Set(items.map(String))].sort().join(" | ");
  const one = (each: Statement): string =>
    [
      each.sid ?? "-",
      each.effect,
      each.actionElement,
      set(each.actions.map((name) => name.toLowerCase())),
      each.resourceElement,
      set(each.resources),
      set(each.conditions.map((c) => `${c.operator} ${c.key.toLowerCase()} ${set(c.values)}`)),
    ].join("\n");
  return [item.version, item.id ?? "-", set(item.statements.map(one))].join("\n");
};

/** One change somewhere; whether it changes the meaning is for `meaning` to say. */
const changes: readonly ((target: Policy, of: Statement, choose: Choose) => void)[] = [
  (target) => void (target.version = target.version === "2012-10-17" ? "2008-10-17" : "2012-10-17"),
  (target) => void (target.id = target.id === null ? "id-1" : null),
  (target, of) => void target.statements.splice(target.statements.indexOf(of), 1),
  (target) =>
    void target.statements.push({
      sid: null,
      effect: "Allow",
      actionElement: "Action",
      actions: ["kms:Decrypt"],
      resourceElement: "Resource",
      resources: ["*"],
      conditions: [],
    }),
  (_, of) => void (of.sid = of.sid === "One" ? "one" : "One"),
  (_, of) => void (of.effect = of.effect === "Allow" ? "Deny" : "Allow"),
  (_, of) => void (of.actionElement = of.actionElement === "Action" ? "NotAction" : "Action"),
  (_, of) => void (of.resourceElement = of.resourceElement === "Resource" ? "NotResource" : "Resource"),
  (_, of) => void of.actions.push("kms:Decrypt"),
  (_, of, choose) => void of.actions.splice(choose(of.actions.length), 1),
  (_, of) => void of.resources.push("arn:aws:s3:::c"),
  (_, of, choose) => void of.resources.splice(choose(of.resources.length), 1),
  (_, of) => void of.resources.splice(0, 1, (of.resources[0] ?? "").toUpperCase()),
  (_, of) => void of.conditions.push({ operator: "IpAddress", key: "aws:SourceIp", values: ["1.2.3.4/32"] }),
  (_, of) => void of.conditions.splice(0, 1),
  (_, of) => {
    const [first] = of.conditions;
    if (first !== undefined) first.operator = `${first.operator}IfExists`;
  },
  (_, of) => {
    const [first] = of.conditions;
    if (first !== undefined) first.key = `${first.key}s`;
  },
  (_, of) => {
    const [first] = of.conditions;
    if (first !== undefined) first.values.push("b");
  },
  (_, of) => {
    const [first] = of.conditions;
    if (first !== undefined) first.values[0] = String(first.values[0]).toUpperCase();
  },
];

test("every spelling that IAM treats alike is equal", () => {
  fc.assert(
    fc.property(policy, choices, (original, choose) => {
      expect(canonicalisePolicy(spell(original, choose))).toEqual(
        canonicalisePolicy(spell(original, plainest)),
      );
    }),
    { numRuns: 1000 },
  );
});

test("a policy is equal after a change exactly when its meaning is", () => {
  fc.assert(
    fc.property(policy, fc.nat(), choices, (original, which, choose) => {
      const changed = structuredClone(original);
      const target = changed.statements[choose(changed.statements.length)];
      if (target === undefined) return;
      changes[which % changes.length]?.(changed, target, choose);
      const before = JSON.stringify(canonicalisePolicy(spell(original, plainest)));
      const after = JSON.stringify(canonicalisePolicy(spell(changed, choose)));
      expect(before === after).toBe(meaning(original) === meaning(changed));
    }),
    { numRuns: 3000 },
  );
});

test("two policies are equal exactly when their meaning is", () => {
  const small: fc.Arbitrary<Policy> = fc.record({
    version: fc.constant("2012-10-17" as const),
    id: fc.constant(null),
    statements: fc.array(
      fc.record({
        sid: fc.constant(null),
        effect: fc.constantFrom("Allow" as const, "Deny" as const),
        actionElement: fc.constant("Action" as const),
        actions: fc.array(fc.constantFrom("s3:*", "S3:*"), { minLength: 1, maxLength: 2 }),
        resourceElement: fc.constant("Resource" as const),
        resources: fc.array(fc.constantFrom("a", "b"), { minLength: 1, maxLength: 2 }),
        conditions: fc.constant([]),
      }),
      { minLength: 1, maxLength: 2 },
    ),
  });
  fc.assert(
    fc.property(small, small, (a, b) => {
      const forms = [a, b].map((item) => JSON.stringify(canonicalisePolicy(spell(item, plainest))));
      expect(forms[0] === forms[1]).toBe(meaning(a) === meaning(b));
    }),
    { numRuns: 2000 },
  );
});

test("any JSON has a form of its own, which survives JSON", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (document) => {
      const form = canonicalisePolicy(document);
      expect(JSON.parse(JSON.stringify(form))).toEqual(form);
      expect(canonicalisePolicy(JSON.parse(JSON.stringify(document)))).toEqual(form);
    }),
  );
});

test("any text can be read", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      expect(inlinePolicyFromText(text).text).toBe(text);
      const parsed = parsePolicyText(text);
      if ("document" in parsed) {
        expect(inlinePolicyFromText(text).canonical).toEqual(canonicalisePolicy(parsed.document));
      }
    }),
  );
});
