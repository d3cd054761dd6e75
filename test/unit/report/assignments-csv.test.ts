import { describe, expect, it } from "vitest";
import { liveAssignmentsCsv, plannedAssignmentsCsv } from "../../../src/report/assignments-csv.ts";
import { csvText } from "../../../src/report/csv.ts";
import { type DesiredSketch, live, type LiveSketch, plan } from "../plan/builders.ts";
import { accountNames, richPlan, there } from "./rich-plan.ts";

const planned = (wanted: DesiredSketch, sketch: LiveSketch): string[] =>
  lines(plannedAssignmentsCsv(plan(wanted, sketch), live(sketch), accountNames));
const lines = (csv: string): string[] => csv.split("\r\n").slice(1, -1);

describe("golden files", () => {
  it("live", async () => {
    await expect(liveAssignmentsCsv(live(there), accountNames)).toMatchFileSnapshot("golden/live.golden.csv");
  });

  it("planned", async () => {
    await expect(plannedAssignmentsCsv(richPlan(), live(there), accountNames)).toMatchFileSnapshot(
      "golden/planned.golden.csv",
    );
  });
});

it("what differs between the two is what the plan changes", () => {
  const before = lines(liveAssignmentsCsv(live(there), accountNames));
  const after = lines(plannedAssignmentsCsv(richPlan(), live(there), accountNames));
  const changes = richPlan().changes.filter(({ kind }) => kind === "assignment");
  const created = changes.filter(({ action }) => action === "create").length;
  const deleted = changes.filter(({ action }) => action === "delete").length;
  // The group Devs becomes Developers, and its one assignment is told by its new name.
  expect(after.filter((line) => !before.includes(line))).toHaveLength(created + 1);
  expect(before.filter((line) => !after.includes(line))).toHaveLength(deleted + 1);
  expect(after).toContain("222222222222,development,DeveloperAccess,GROUP,Developers,assigned");
});

it("is empty but for its head where there is nothing", () => {
  expect(liveAssignmentsCsv(live(), accountNames)).toBe(
    "account id,account name,permission set,principal type,principal,state\r\n",
  );
});

it("is sorted, whatever the order", () => {
  const assignments = [
    "222222222222/B/user:b",
    "111111111111/B/user:a",
    "111111111111/A/group:z",
    "111111111111/B/group:a",
  ];
  const sketch = { assignments, permissionSets: ["A", "B"], users: ["a", "b"], groups: ["a", "z"] };
  const csv = liveAssignmentsCsv(live(sketch), new Map());
  expect(csv).toBe(
    liveAssignmentsCsv(live({ ...sketch, assignments: [...assignments].reverse() }), new Map()),
  );
  expect(lines(csv).map((line) => line.split(",")[4])).toEqual(["z", "a", "a", "b"]);
});

it("an orphan is told as one", () => {
  const sketch = { permissionSets: ["Dev"], assignments: ["111111111111/Dev/orphan:gone"] };
  expect(lines(liveAssignmentsCsv(live(sketch), accountNames))).toEqual([
    "111111111111,production,Dev,USER,gone,orphaned",
  ]);
});

it("what could not be read is in it, so that nobody takes it for absent", () => {
  const unread = [
    { scope: "assignment/222222222222/Dev%2FOps/*", reason: "denied" },
    { scope: "assignment/*/*/user:jane%2Fdoe", reason: "denied" },
    { scope: "assignment/*/%ud800/*", reason: "denied" },
    { scope: "membership/Finance/*", reason: "denied" },
  ];
  expect(lines(liveAssignmentsCsv(live({ unread }), accountNames))).toEqual(
    [
      "*,,%ud800,*,*,unchecked",
      "*,,*,USER,jane/doe,unchecked",
      "222222222222,development,Dev/Ops,*,*,unchecked",
    ].sort(),
  );
});

it("a group that is renamed and loses an assignment in the same run does not keep it", () => {
  const rows = planned(
    {
      groups: ["New"],
      permissionSets: ["Dev"],
      previously: { groups: { New: ["Old"] } },
      assignments: ["111111111111/Dev/group:New"],
    },
    {
      groups: ["Old"],
      permissionSets: ["Dev"],
      assignments: ["111111111111/Dev/group:Old", "222222222222/Dev/group:Old"],
    },
  );
  expect(rows).toEqual(["111111111111,production,Dev,GROUP,New,assigned"]);
});

describe("csv", () => {
  it("quotes what RFC 4180 wants quoted, and ends lines with CRLF", () => {
    expect(
      csvText([
        ["a", "b c"],
        ['say "x"', "1,2"],
      ]),
    ).toBe('a,b c\r\n"say ""x""","1,2"\r\n');
  });

  it("shows as escapes what would break a line, move a cursor or hide", () => {
    expect(csvText([["two\nlines\r", "\tx", "\u001b[31m\u009b\u202e", "\u200b=1"]])).toBe(
      "two\\nlines\\r,\\tx,\\u001b[31m\\u009b\\u202e,\\u200b=1\r\n",
    );
  });

  it.each(["=1+1", "+1", "-1", "@SUM(A1)", "＝1", "＋1", "－1", "＠x"])("%j is no formula", (text) => {
    expect(csvText([[text]])).toBe(`"'${text}"\r\n`);
  });

  it("what would begin a field where semicolons split is none either", () => {
    expect(csvText([["x;=1+1"]])).toBe('"x;=1+1"\r\n');
  });

  it("other names are left as they are", () => {
    expect(csvText([["a=b", "x-y", "jane@company.com", "'quoted'"]])).toBe(
      "a=b,x-y,jane@company.com,'quoted'\r\n",
    );
  });
});
