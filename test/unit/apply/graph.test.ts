import { expect, test } from "vitest";
import type { GraphNode, NodeEnd } from "../../../src/apply/graph.ts";
import { runGraph } from "../../../src/apply/graph.ts";

const node = (address: string, ...dependsOn: string[]): GraphNode => ({ address, dependsOn });

const execute = async (
  nodes: readonly GraphNode[],
  end: (address: string) => NodeEnd | Promise<NodeEnd> = () => "done",
  signal?: AbortSignal,
) => {
  const started: string[] = [];
  const skipped: string[] = [];
  const states = await runGraph(nodes, {
    run: async ({ address }) => {
      started.push(address);
      return await end(address);
    },
    onSkip: ({ address }, cause) => skipped.push(`${address} because of ${cause}`),
    signal,
  });
  return { started, skipped, states };
};

test("starts what is free in the order given, and the rest when what it needs is done", async () => {
  const { started, states } = await execute([
    node("d", "b", "c"),
    node("b", "a"),
    node("a"),
    node("c"),
    node("e"),
  ]);
  expect(started).toEqual(["a", "c", "e", "b", "d"]);
  expect(states.map(({ status }) => status)).toEqual(["done", "done", "done", "done", "done"]);
});

test("a failure skips its dependents, directly and further on, and nothing else", async () => {
  const { started, skipped, states } = await execute(
    [node("a"), node("b", "a"), node("c", "b"), node("x"), node("y", "x"), node("z", "y", "b")],
    (address) => (address === "a" ? "failed" : "done"),
  );
  expect(started).toEqual(["a", "x", "y"]);
  expect(skipped).toEqual(["b because of a", "c because of a", "z because of a"]);
  expect(states).toEqual([
    { status: "failed" },
    { status: "skipped", cause: "a" },
    { status: "skipped", cause: "a" },
    { status: "done" },
    { status: "done" },
    { status: "skipped", cause: "a" },
  ]);
});

test("after an interruption what is under way ends and nothing new starts", async () => {
  const controller = new AbortController();
  const { started, states } = await execute(
    [node("a"), node("b"), node("c", "a")],
    (address) => {
      if (address === "a") controller.abort();
      return address === "b" ? "not-started" : "done";
    },
    controller.signal,
  );
  expect(started).toEqual(["a", "b"]);
  expect(states.map(({ status }) => status)).toEqual(["done", "not-started", "not-started"]);
});

test("a dependency that is named twice counts once", async () => {
  const { states } = await execute([node("a"), node("b", "a", "a")]);
  expect(states[1]).toEqual({ status: "done" });
});

test.each([
  [[node("a"), node("a")], "The plan names one address twice."],
  [[node("a", "b")], "a depends on b, which is not in the plan."],
  [[node("x"), node("a", "c"), node("b", "a"), node("c", "b")], "a → c → b → a"],
  [[node("a", "a")], "a → a"],
])("refuses a plan that makes no sense before anything starts", async (nodes, message) => {
  let started = 0;
  await expect(
    execute(nodes, () => {
      started += 1;
      return "done";
    }),
  ).rejects.toThrow(message);
  expect(started).toBe(0);
});

test("a chain of a hundred thousand is no problem", async () => {
  const chain = Array.from({ length: 100_000 }, (_, index) =>
    index === 0 ? node("0") : node(`${index}`, `${index - 1}`),
  );
  const { states } = await execute(chain.toReversed(), (address) => (address === "0" ? "failed" : "done"));
  expect(states.filter(({ status }) => status === "skipped")).toHaveLength(99_999);
});
