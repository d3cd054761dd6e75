/**
 * Runs nodes in the order of their dependencies. A failure stops only what depends on it; an interruption stops
 * whatever has not begun, and what is under way ends by itself.
 */
export interface GraphNode {
  readonly address: string;
  /** Addresses of nodes that must be done before this one starts. */
  readonly dependsOn: readonly string[];
}

/** What `run` answers. not-started: it was interrupted before it had any effect. */
export type NodeEnd = "done" | "failed" | "not-started";

export type NodeState =
  | { readonly status: "pending" | "running" | NodeEnd }
  /** `cause`: address of the node whose failure is the reason, directly or not. */
  | { readonly status: "skipped"; readonly cause: string };

export interface GraphOptions<Node> {
  /** Never rejects. Nodes that are free are handed over in the order given; `run` may queue them. */
  readonly run: (node: Node) => Promise<NodeEnd>;
  readonly onSkip: (node: Node, cause: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Final states in the order of `nodes`. Throws before anything runs where the dependencies make no sense. */
export const runGraph = async <Node extends GraphNode>(
  nodes: readonly Node[],
  options: GraphOptions<Node>,
): Promise<readonly NodeState[]> => {
  checkDependencies(nodes);
  const states = new Map<string, NodeState>(nodes.map((node) => [node.address, { status: "pending" }]));
  const open = new Map(nodes.map((node) => [node.address, new Set(node.dependsOn).size]));
  const dependents = new Map<string, Node[]>(nodes.map((node) => [node.address, []]));
  for (const node of nodes) {
    for (const dependency of new Set(node.dependsOn)) dependents.get(dependency)?.push(node);
  }
  const dependentsOf = (address: string): readonly Node[] => dependents.get(address) ?? [];

  const skipDependents = (cause: string): void => {
    const causes = [cause];
    for (let address = causes.pop(); address !== undefined; address = causes.pop()) {
      for (const node of dependentsOf(address)) {
        if (states.get(node.address)?.status !== "pending") continue;
        states.set(node.address, { status: "skipped", cause });
        options.onSkip(node, cause);
        causes.push(node.address);
      }
    }
  };

  const start = async (node: Node): Promise<void> => {
    states.set(node.address, { status: "running" });
    const status = await options.run(node);
    states.set(node.address, { status });
    if (status === "failed") skipDependents(node.address);
    if (status === "done")
      await startFree(dependentsOf(node.address).filter((other) => countDown(other) === 0));
  };
  const countDown = (node: Node): number => {
    const left = (open.get(node.address) ?? 0) - 1;
    open.set(node.address, left);
    return left;
  };
  const startFree = async (free: readonly Node[]): Promise<void> => {
    if (options.signal?.aborted) return;
    await Promise.all(free.filter((node) => states.get(node.address)?.status === "pending").map(start));
  };

  await startFree(nodes.filter((node) => open.get(node.address) === 0));
  return nodes.map((node) => notPending(states.get(node.address)));
};

const notPending = (state: NodeState | undefined): NodeState =>
  state === undefined || state.status === "pending" ? { status: "not-started" } : state;

/** A plan that was edited by hand, or a mistake in the planner: better found before the first write. */
const checkDependencies = (nodes: readonly GraphNode[]): void => {
  const byAddress = new Map(nodes.map((node) => [node.address, node]));
  if (byAddress.size < nodes.length) throw new Error("The plan names one address twice.");
  const finished = new Set<string>();
  for (const root of nodes) {
    // Iterative: a plan may be deeper than the call stack.
    const path: { node: GraphNode; next: number }[] = [{ node: root, next: 0 }];
    const onPath = new Set([root.address]);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const dependency = finished.has(top.node.address) ? undefined : top.node.dependsOn[top.next];
      top.next += 1;
      if (dependency === undefined) {
        finished.add(top.node.address);
        onPath.delete(top.node.address);
        path.pop();
        continue;
      }
      const node = byAddress.get(dependency);
      if (node === undefined) {
        throw new Error(`${top.node.address} depends on ${dependency}, which is not in the plan.`);
      }
      if (onPath.has(dependency)) {
        const cycle = [...onPath].slice([...onPath].indexOf(dependency));
        throw new Error(
          `The changes depend on each other in a circle: ${[...cycle, dependency].join(" → ")}.`,
        );
      }
      onPath.add(dependency);
      path.push({ node, next: 0 });
    }
  }
};
