/**
 * What is absent for a moment, such as a view that is dropped and created again,
 * is to be absent inside of one transaction: what is committed by itself goes
 * before that, or after it, where it can. Names no kind. Pure.
 *
 * @module
 */

/** Something that is not what it is to be from one node to another. */
export interface Window {
  /** The node that opens it: drops a view, detaches a partition. */
  readonly open: string;
  /** The node that closes it. */
  readonly close: string;
}

/** Nodes, as far as it matters here. */
export interface Committing {
  /** Names of the nodes that come before a node. */
  after(id: string): Iterable<string>;
  /** Whether a node's statements are not all one transaction. */
  commits(id: string): boolean;
}

/**
 * Takes what is committed by itself out of the windows that it stands in by
 * chance.
 *
 * @param order An order of nodes.
 * @param windows What is open from where to where.
 * @param graph What must come before what.
 * @returns Another order of the same nodes, in which as much comes before as
 * in the first one.
 */
export function outsideWindows(
  order: readonly string[],
  windows: readonly Window[],
  graph: Committing,
): readonly string[] {
  const at = new Map(order.map((id, i) => [id, i]));
  const open = windows.filter((window) => !graph.commits(window.open));
  const inside = committedInside(order, open, { at, graph });
  if (inside.length === 0) return order;
  /** Edges that the order keeps. */
  const before = (id: string) =>
    [...graph.after(id)].filter((other) =>
      (at.get(other) ?? Infinity) < (at.get(id) ?? 0)
    );
  const opened = below(
    order,
    new Set(open.map((window) => window.open)),
    before,
  );
  const early = above(inside.filter((id) => !opened.has(id)), before);
  const needed = above(open.map((window) => window.close), before);
  const late = below(
    order,
    new Set(inside.filter((id) => opened.has(id) && !needed.has(id))),
    before,
  );
  return [
    ...order.filter((id) => early.has(id)),
    ...order.filter((id) => !early.has(id) && !late.has(id)),
    ...order.filter((id) => late.has(id)),
  ];
}

function committedInside(
  order: readonly string[],
  windows: readonly Window[],
  { at, graph }: {
    readonly at: ReadonlyMap<string, number>;
    readonly graph: Committing;
  },
): string[] {
  const change = new Int32Array(order.length + 1);
  for (const { open, close } of windows) {
    const [from, to] = [at.get(open), at.get(close)];
    if (from === undefined || to === undefined || to <= from + 1) continue;
    change[from + 1] = (change[from + 1] ?? 0) + 1;
    change[to] = (change[to] ?? 0) - 1;
  }
  let depth = 0;
  return order.filter((id, i) => {
    depth += change[i] ?? 0;
    return depth > 0 && graph.commits(id);
  });
}

/** Nodes, and what must come before them. */
function above(
  ids: readonly string[],
  before: (id: string) => readonly string[],
): ReadonlySet<string> {
  const found = new Set(ids);
  for (const id of found) for (const other of before(id)) found.add(other);
  return found;
}

/** Nodes, and what must come after them. */
function below(
  order: readonly string[],
  ids: ReadonlySet<string>,
  before: (id: string) => readonly string[],
): ReadonlySet<string> {
  const found = new Set(ids);
  for (const id of order) {
    if (before(id).some((other) => found.has(other))) found.add(id);
  }
  return found;
}
