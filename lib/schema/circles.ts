/**
 * Circles among what must be put in order: who is in one with whom. Names no
 * kind. Pure.
 *
 * @module
 */

import type { Node } from "./order.ts";

/**
 * Finds the nodes that each need one another: the strongly connected
 * components, by Tarjan, without recursion.
 *
 * @param nodes The nodes, in any order.
 * @returns By a node's name the number of its circle; nodes in none are absent.
 */
export function circlesOf(
  nodes: readonly Node[],
): ReadonlyMap<string, number> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const onStack = new Set<string>();
  const stack: string[] = [];
  const group = new Map<string, number>();
  let groups = 0;
  for (const { id: start } of nodes) {
    if (index.has(start)) continue;
    const work: { readonly id: string; next: number }[] = [];
    const enter = (id: string) => {
      index.set(id, index.size);
      low.set(id, index.size - 1);
      stack.push(id);
      onStack.add(id);
      work.push({ id, next: 0 });
    };
    enter(start);
    for (let at = work.at(-1); at !== undefined; at = work.at(-1)) {
      const { id } = at;
      const other = byId.get(id)?.after[at.next++];
      if (other !== undefined) {
        if (!byId.has(other)) continue;
        if (!index.has(other)) enter(other);
        else if (onStack.has(other)) {
          low.set(id, Math.min(low.get(id) ?? 0, index.get(other) ?? 0));
        }
        continue;
      }
      work.pop();
      const above = work.at(-1);
      if (above !== undefined) {
        low.set(
          above.id,
          Math.min(low.get(above.id) ?? 0, low.get(id) ?? 0),
        );
      }
      if (low.get(id) !== index.get(id)) continue;
      const members: string[] = [];
      for (let member = stack.pop(); member !== undefined;) {
        onStack.delete(member);
        members.push(member);
        if (member === id) break;
        member = stack.pop();
      }
      if (members.length > 1) {
        for (const member of members) group.set(member, groups);
      }
      groups++;
    }
  }
  return group;
}
