/**
 * The one graph of a plan, and the order that follows from it: circles are
 * opened until there are none, and what is absent for a moment is so in one
 * transaction. Names no kind. Pure.
 *
 * @module
 */

import type { ChangeTarget } from "../kinds/kind.ts";
import { circlesOf } from "../schema/circles.ts";
import { topologicalOrder } from "../schema/order.ts";
import { addDependencyEdges } from "./dependency_edges.ts";
import { Entries, type GraphContext, type GraphParts } from "./entries.ts";
import { addNodes } from "./graph_nodes.ts";
import { Homes } from "./homes.ts";
import { nodeName } from "./nodes.ts";
import type { PlannedStatement } from "./planned_statement.ts";
import { StandIns } from "./stand_ins.ts";
import { addStatementEdges } from "./statement_edges.ts";
import { type Committing, outsideWindows, type Window } from "./windows.ts";
import type { Work } from "./work.ts";

/**
 * Every statement of some work, in an order in which they can run.
 *
 * @param work What has to happen.
 * @param context Both schemas, and what SQL is written for.
 */
export function orderWork(
  work: Work,
  context: GraphContext,
): PlannedStatement[] {
  const homes = new Homes(work, context.target);
  const standIns = new StandIns(work);
  for (;;) {
    const graph = new Graph(work, { homes, standIns }, context);
    const { entries } = graph;
    const nodes = entries.nodes();
    const { order, cut } = topologicalOrder(nodes);
    const circles = cut.length === 0 ? undefined : circlesOf(nodes);
    // What can stand in keeps a whole together; else a part that is in a circle
    // with its whole is done by itself.
    if (
      circles === undefined ||
      !standIns.take(circles, graph) && !homes.unfold(circles, graph)
    ) {
      const loosened = circles !== undefined && entries.loosen(circles)
        ? topologicalOrder(entries.nodes()).order
        : order;
      return outsideWindows(loosened, graph.windows(), graph)
        .flatMap((id) => entries.statements(id));
    }
  }
}

class Graph implements GraphParts, Committing {
  readonly target: ChangeTarget;
  readonly entries = new Entries();
  readonly work: Work;
  readonly homes: Homes;
  readonly standIns: StandIns;
  readonly context: GraphContext;

  constructor(
    work: Work,
    { homes, standIns }: {
      readonly homes: Homes;
      readonly standIns: StandIns;
    },
    context: GraphContext,
  ) {
    this.work = work;
    this.homes = homes;
    this.standIns = standIns;
    this.context = context;
    this.target = context.target;
    addNodes(this);
    addDependencyEdges(this);
    addStatementEdges(this);
  }

  after(id: string): Iterable<string> {
    return this.entries.before(id);
  }

  commits(id: string): boolean {
    return this.entries.statements(id).some(({ alone, commits, phase }) =>
      alone === true || commits === true || phase === "validate"
    );
  }

  /** What is absent, or other than it was, until another node has run. */
  windows(): Window[] {
    const windows: Window[] = [];
    const add = (open: string | undefined, close: string | undefined) => {
      if (open === undefined || close === undefined) return;
      windows.push({ open, close });
    };
    for (const address of this.work.drops.keys()) {
      add(this.dropping(address), this.creating(address));
    }
    for (const address of this.work.asides.keys()) {
      add(nodeName("away", address), nodeName("gone", address));
    }
    for (const address of this.work.alters.keys()) {
      const attached = nodeName("attach", address);
      add(
        nodeName("release", address),
        this.entries.has(attached) ? attached : nodeName("main", address),
      );
    }
    for (const address of this.standIns.created.keys()) {
      add(nodeName("announce", address), nodeName("main", address));
    }
    for (const address of this.standIns.dropped.keys()) {
      add(nodeName("release", address), nodeName("drop", address));
    }
    return windows;
  }

  /** The node that creates an object, if there is one. */
  creating(address: string): string | undefined {
    return this.work.creates.has(address)
      ? nodeName("main", this.homes.createOf(address))
      : undefined;
  }

  /** The node that drops an object, if there is one. */
  dropping(address: string): string | undefined {
    if (!this.work.drops.has(address)) return undefined;
    const home = this.homes.dropOf(address);
    return nodeName(this.work.asides.has(home) ? "gone" : "drop", home);
  }
}
