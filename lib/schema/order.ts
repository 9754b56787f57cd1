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

/** A binary heap of nodes by key. */
class Heap {
  readonly #nodes: Node[] = [];

  push(node: Node): void {
    const nodes = this.#nodes;
    let i = nodes.push(node) - 1;
    while (i > 0) {
      const up = (i - 1) >> 1;
      if (!this.#swapIfBefore(i, up)) break;
      i = up;
    }
  }

  pop(): Node | undefined {
    const nodes = this.#nodes;
    const top = nodes[0];
    const last = nodes.pop();
    if (top === undefined || last === undefined || nodes.length === 0) {
      return top;
    }
    nodes[0] = last;
    for (let i = 0;;) {
      const left = 2 * i + 1;
      const right = left + 1;
      let least = i;
      if (this.#before(left, least)) least = left;
      if (this.#before(right, least)) least = right;
      if (least === i) return top;
      this.#swapIfBefore(least, i);
      i = least;
    }
  }

  #before(a: number, b: number): boolean {
    const left = this.#nodes[a];
    const right = this.#nodes[b];
    return left !== undefined && right !== undefined &&
      (left.key < right.key || (left.key === right.key && left.id < right.id));
  }

  #swapIfBefore(a: number, b: number): boolean {
    if (!this.#before(a, b)) return false;
    const left = this.#nodes[a];
    const right = this.#nodes[b];
    if (left === undefined || right === undefined) return false;
    this.#nodes[a] = right;
    this.#nodes[b] = left;
    return true;
  }
}

/**
 * Orders nodes.
 *
 * @param nodes The nodes, in any order.
 * @returns Every node once; where there are circles, the node of the smallest
 * key among those that are left is taken as if nothing had to come before it.
 */
export function topologicalOrder(nodes: readonly Node[]): Ordered {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const waiting = new Map<string, Set<string>>();
  const followers = new Map<string, string[]>();
  const ready = new Heap();
  for (const node of nodes) {
    const before = new Set(
      node.after.filter((id) => id !== node.id && byId.has(id)),
    );
    if (before.size === 0) ready.push(node);
    else waiting.set(node.id, before);
    for (const id of before) {
      const list = followers.get(id);
      if (list === undefined) followers.set(id, [node.id]);
      else list.push(node.id);
    }
  }
  const order: string[] = [];
  const cut: { from: string; to: string }[] = [];
  while (order.length < nodes.length) {
    const node = ready.pop() ?? breakCircle(waiting, byId, cut);
    if (node === undefined) break;
    order.push(node.id);
    for (const id of followers.get(node.id) ?? []) {
      const before = waiting.get(id);
      before?.delete(node.id);
      const follower = byId.get(id);
      if (before?.size === 0 && follower !== undefined) {
        waiting.delete(id);
        ready.push(follower);
      }
    }
  }
  return { order, cut };
}

function breakCircle(
  waiting: Map<string, Set<string>>,
  byId: ReadonlyMap<string, Node>,
  cut: { from: string; to: string }[],
): Node | undefined {
  let least: Node | undefined;
  for (const id of waiting.keys()) {
    const node = byId.get(id);
    if (node !== undefined && (least === undefined || node.key < least.key)) {
      least = node;
    }
  }
  if (least === undefined) return undefined;
  for (const to of waiting.get(least.id) ?? []) {
    cut.push({ from: least.id, to });
  }
  waiting.delete(least.id);
  return least;
}
