/**
 * One stable topological sort. Of what may come next, the smallest key comes
 * first, so that the same input gives the same output. Names no kind. Pure.
 *
 * @module
 */

/** Something to put in order. */
export interface Node {
  /** Its name. */
  readonly id: string;
  /** What decides among those that may come next; smaller comes first. */
  readonly key: string;
  /** Names of what must come before; unknown names are left out of account. */
  readonly after: readonly string[];
}

/** An order, and what could not be kept. */
export interface Ordered {
  readonly order: readonly string[];
  /** Edges that had to be cut to break circles, as `from` after `to`. */
  readonly cut: readonly { readonly from: string; readonly to: string }[];
}

/** A binary heap of numbers, the least on top. */
class Heap {
  readonly #items: number[] = [];

  push(item: number): void {
    const items = this.#items;
    let i = items.push(item) - 1;
    while (i > 0) {
      const up = (i - 1) >> 1;
      const above = items[up] ?? 0;
      if (above <= item) break;
      items[i] = above;
      i = up;
    }
    items[i] = item;
  }

  pop(): number | undefined {
    const items = this.#items;
    const top = items[0];
    const last = items.pop();
    if (top === undefined || last === undefined || items.length === 0) {
      return top;
    }
    for (let i = 0;;) {
      let least = 2 * i + 1;
      if ((items[least + 1] ?? Infinity) < (items[least] ?? Infinity)) least++;
      const below = items[least];
      if (below === undefined || below >= last) {
        items[i] = last;
        return top;
      }
      items[i] = below;
      i = least;
    }
  }
}

/** A node on its way. */
interface Step {
  readonly node: Node;
  /** Its place among all, by key and name. */
  rank: number;
  /** What must come before it, once each. */
  readonly before: Step[];
  readonly followers: Step[];
  /** How many of `before` have not been placed. */
  missing: number;
  placed: boolean;
  /** The last one that was found to follow it. */
  seenBy: Step | undefined;
}

/**
 * Orders nodes.
 *
 * @param nodes The nodes, in any order.
 * @returns Every node once; where there are circles, the node of the smallest
 * key among those that are left is taken as if nothing had to come before it.
 */
export function topologicalOrder(nodes: readonly Node[]): Ordered {
  const steps = connected(nodes);
  // Numbers are compared faster than keys, time and again.
  const byRank = [...steps].sort((a, b) =>
    compare(a.node.key, b.node.key) || compare(a.node.id, b.node.id)
  );
  for (const [rank, step] of byRank.entries()) step.rank = rank;
  const ready = new Heap();
  for (const step of steps) if (step.missing === 0) ready.push(step.rank);
  const order: string[] = [];
  const cut: { from: string; to: string }[] = [];
  while (order.length < nodes.length) {
    const rank = ready.pop();
    const step = rank === undefined ? breakCircle(steps, cut) : byRank[rank];
    if (step === undefined) break;
    step.placed = true;
    order.push(step.node.id);
    for (const follower of step.followers) {
      follower.missing--;
      if (follower.missing === 0 && !follower.placed) ready.push(follower.rank);
    }
  }
  return { order, cut };
}

function connected(nodes: readonly Node[]): Step[] {
  const byId = new Map<string, Step>();
  const steps = nodes.map((node): Step => {
    const step = {
      node,
      rank: 0,
      before: [],
      followers: [],
      missing: 0,
      placed: false,
      seenBy: undefined,
    };
    byId.set(node.id, step);
    return step;
  });
  for (const step of steps) {
    for (const id of step.node.after) {
      const other = byId.get(id);
      if (other === undefined || other === step || other.seenBy === step) {
        continue;
      }
      other.seenBy = step;
      other.followers.push(step);
      step.missing = step.before.push(other);
    }
  }
  return steps;
}

/** The first of the smallest key among those that are left. */
function breakCircle(
  steps: readonly Step[],
  cut: { from: string; to: string }[],
): Step | undefined {
  let least: Step | undefined;
  for (const step of steps) {
    if (step.placed) continue;
    if (least === undefined || step.node.key < least.node.key) least = step;
  }
  for (const { node, placed } of least?.before ?? []) {
    if (least !== undefined && !placed) {
      cut.push({ from: least.node.id, to: node.id });
    }
  }
  return least;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
