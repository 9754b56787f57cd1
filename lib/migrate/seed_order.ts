/**
 * The order that foreign keys give to tables: what is referred to comes first,
 * and what refers to one another comes together. It knows only names. Pure.
 *
 * @module
 */

/**
 * Groups nodes so that each comes after all that it depends on; nodes that
 * depend on one another (a cycle) are in one group. Otherwise the given order
 * is kept.
 *
 * @param nodes The nodes.
 * @param dependsOn What a node depends on; what is not among the nodes is left out.
 * @returns The groups in order (Tarjan's strongly connected components).
 */
export function dependencyGroups<T>(
  nodes: readonly T[],
  dependsOn: (node: T) => readonly T[],
): T[][] {
  const known = new Set(nodes);
  const index = new Map<T, number>();
  const open: T[] = [];
  const isOpen = new Set<T>();
  const groups: T[][] = [];

  const visit = (node: T): number => {
    const own = index.size;
    index.set(node, own);
    let low = own;
    open.push(node);
    isOpen.add(node);
    for (const other of dependsOn(node)) {
      if (!known.has(other)) continue;
      if (!index.has(other)) low = Math.min(low, visit(other));
      else if (isOpen.has(other)) low = Math.min(low, index.get(other) ?? low);
    }
    if (low === own) {
      const group = open.splice(open.indexOf(node));
      for (const each of group) isOpen.delete(each);
      groups.push(nodes.filter((each) => group.includes(each)));
    }
    return low;
  };
  for (const node of nodes) if (!index.has(node)) visit(node);
  return groups;
}
