/**
 * What comes before what because statements say so, and what is attached or
 * validated before what. Names no kind. Pure.
 *
 * @module
 */

import type { GraphParts } from "./entries.ts";
import { nodeName } from "./nodes.ts";

/**
 * Adds the edges that statements ask for, and those of what comes last.
 *
 * @param graph The graph, with its nodes.
 */
export function addStatementEdges(graph: GraphParts): void {
  edgesOfStatements(graph);
  edgesOfAttachments(graph);
}

function edgesOfStatements(graph: GraphParts): void {
  const { entries, work } = graph;
  for (
    const { id, after, afterDrop, afterAttached, afterFilled } of entries.wanted
  ) {
    for (const other of afterDrop) entries.after(id, graph.dropping(other));
    for (const other of afterAttached) {
      entries.after(id, nodeName("attach", other));
    }
    for (const other of afterFilled) {
      entries.after(id, nodeName("attach", other));
      entries.after(id, nodeName("validate", other));
    }
    for (const other of after) {
      entries.after(id, graph.creating(other) ?? nodeName("main", other));
      if (!work.creates.has(other)) {
        const dropping = graph.dropping(other);
        if (dropping?.startsWith("drop ")) entries.after(id, dropping);
      }
      // Rows go back once all of their new places are attached.
      if (id.startsWith("gone ")) entries.after(id, nodeName("attach", other));
    }
  }
}

/**
 * What is attached comes after what is attached of those that it depends on:
 * a materialized view is filled after those that it reads through views.
 */
function edgesOfAttachments(graph: GraphParts): void {
  const { entries } = graph;
  const known = new Map<string, ReadonlySet<string>>();
  for (const id of entries.ids) {
    const space = id.indexOf(" ");
    const [role, address] = [id.slice(0, space), id.slice(space + 1)];
    if (role !== "attach" && role !== "validate") continue;
    for (const other of attachedAbove(graph, address, known)) {
      entries.after(id, nodeName("attach", other));
      if (role === "validate") entries.after(id, nodeName("validate", other));
    }
  }
}

/** The nearest objects with something attached that an object depends on. */
function attachedAbove(
  graph: GraphParts,
  address: string,
  known: Map<string, ReadonlySet<string>>,
): ReadonlySet<string> {
  const { context, entries } = graph;
  const found = known.get(address);
  if (found !== undefined) return found;
  const above = new Set<string>();
  known.set(address, above);
  const object = context.to.objects.get(address);
  const needed = [...object?.depends ?? [], object?.parent ?? ""];
  for (const dep of needed) {
    if (dep === "") continue;
    if (
      entries.has(nodeName("attach", dep)) ||
      entries.has(nodeName("validate", dep))
    ) above.add(dep);
    else {
      for (const other of attachedAbove(graph, dep, known)) above.add(other);
    }
  }
  return above;
}
