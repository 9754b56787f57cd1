/**
 * What comes before what because of what depends on what: drops, creations and
 * alterations. Names no kind. Pure.
 *
 * @module
 */

import type { SchemaObject } from "../schema/schema.ts";
import type { GraphParts } from "./entries.ts";
import { nodeName } from "./nodes.ts";
import { kind } from "./work.ts";

/**
 * Adds the edges that follow from dependencies and names.
 *
 * @param graph The graph, with its nodes.
 */
export function addDependencyEdges(graph: GraphParts): void {
  edgesOfDrops(graph);
  edgesOfCreates(graph);
  edgesOfAlters(graph);
  edgesOfOusted(graph);
}

function edgesOfDrops(graph: GraphParts): void {
  const { context, entries, standIns, work } = graph;
  for (const [address, object] of work.drops) {
    const own = graph.dropping(address);
    if (
      object.parent !== undefined && work.drops.has(object.parent)
    ) entries.after(graph.dropping(object.parent), own);
    const stood = standIns.dropped.get(address)?.standIn;
    const isOpaque = kind(object).body(object) !== undefined;
    for (const dep of object.depends) {
      const needed = context.from.objects.get(dep);
      const last = needed !== undefined && stood?.needs(needed) === false
        ? nodeName("release", address)
        : isPartAbove(needed, object) && !work.asides.has(address)
        // Its whole lets go of those that it inherits from when it stands aside.
        ? own?.replace(/^gone /, "away ")
        : own;
      // Before it is dropped, moved aside, or changed.
      entries.after(graph.dropping(dep), last);
      // What stands aside is called by the names as they were.
      const away = last?.replace(/^gone /, "away ");
      const holdsOn = work.asides.get(address)?.holdsOn === true;
      if (work.asides.has(dep)) {
        entries.after(nodeName("away", dep), away);
      }
      // What a body that is a string names does not hold it. Nothing is in the
      // way of what is committed by itself, such as an enum's new value; after
      // this, it would commit this as well.
      const alter = work.alters.get(dep);
      const commits = alter?.statements.every((one) => one.commits) === true;
      if (alter !== undefined && !isOpaque && (holdsOn || !commits)) {
        entries.after(
          nodeName("main", dep),
          holdsOn ? last : away,
          holdsOn ? "strong" : "weak",
        );
      }
    }
  }
}

/** Whether one is a part of another whole, of the same kind: what the other one comes from. */
function isPartAbove(
  needed: SchemaObject | undefined,
  object: SchemaObject,
): boolean {
  return needed?.kind === object.kind && kind(object).foldsInto &&
    needed.parent !== object.parent;
}

function edgesOfCreates(graph: GraphParts): void {
  const { entries, homes, standIns, work } = graph;
  const taken = new Map<string, string[]>();
  for (const [address, object] of work.drops) {
    for (const place of kind(object).occupies(object)) {
      // What is written with its whole stands aside with it.
      const home = kind(object).foldsInto ? homes.dropOf(address) : address;
      const node = work.asides.has(home)
        ? nodeName("away", home)
        : graph.dropping(address);
      if (node === undefined) continue;
      const nodes = taken.get(place);
      if (nodes === undefined) taken.set(place, [node]);
      else nodes.push(node);
    }
  }
  for (const [address, object] of work.creates) {
    const main = graph.creating(address);
    if (main === undefined) continue;
    // Its name must be free for what stands in for it.
    const own = standIns.created.has(address)
      ? nodeName("announce", address)
      : main;
    if (work.asides.has(address)) {
      entries.after(own, nodeName("away", address));
      entries.after(nodeName("gone", address), own);
    } else if (work.drops.has(address)) {
      const dropping = graph.dropping(address);
      // What goes with something that stands aside is long out of the way.
      if (dropping?.startsWith("gone") !== true) entries.after(own, dropping);
    }
    for (const place of kind(object).occupies(object)) {
      for (const node of taken.get(place) ?? []) {
        // A part's place is its whole's, which stands aside with it.
        if (node !== own.replace(/^main /, "gone ")) entries.after(own, node);
      }
    }
    // A trigger would see each row that goes over.
    const { parent = "" } = object;
    if (work.asides.has(parent) && !homes.created.has(address)) {
      entries.after(own, graph.dropping(parent), "weak");
    }
    needs(graph, main, address, object);
    // What was in the way of an alteration or a drop comes back after it: a
    // foreign key would refer to the old index else.
    const aside = graph.dropping(address)?.startsWith("gone") === true;
    for (const dep of work.drops.get(address)?.depends ?? []) {
      // What stands aside is in nobody's way.
      if (aside) break;
      if (work.alters.has(dep)) {
        const change = nodeName("main", dep);
        // What stands in for it holds on to nothing of its circle.
        const circle = standIns.created.get(address)?.circle;
        entries.after(circle?.has(change) ? main : own, change);
      }
      const dropping = graph.dropping(dep);
      if (
        !work.creates.has(dep) && dropping?.startsWith("gone") === false
      ) entries.after(own, dropping);
    }
    const announced = nodeName("announce", address);
    if (entries.has(announced)) {
      entries.after(main, announced);
      for (const dep of object.depends) {
        if (!needsFirst(graph, object, dep)) continue;
        entries.after(announced, graph.creating(dep));
        // A shell type needs nothing that changes.
        if (
          standIns.created.has(address) && work.alters.has(dep)
        ) entries.after(announced, nodeName("main", dep));
      }
    }
  }
}

/** Whether what is announced, or stood in for, needs something before that. */
function needsFirst(
  { context, standIns, work }: GraphParts,
  { address }: SchemaObject,
  dep: string,
): boolean {
  const stood = standIns.created.get(address)?.standIn;
  const needed = context.to.objects.get(dep);
  if (stood !== undefined) {
    return needed !== undefined && stood.needs(needed);
  }
  return work.creates.get(dep)?.depends.includes(address) !== true;
}

/** What creates something far enough for what needs it. */
function madeFor(
  graph: GraphParts,
  own: string,
  address: string,
  dep: string,
): string | undefined {
  const { entries, standIns, work } = graph;
  const announced = nodeName("announce", dep);
  const stood = standIns.created.get(dep);
  const circular = stood === undefined
    ? work.creates.get(dep)?.depends.includes(address)
    : stood.circle.has(own);
  return circular && entries.has(announced) ? announced : graph.creating(dep);
}

/** After everything that an object depends on is as it is to be. */
function needs(
  graph: GraphParts,
  own: string,
  address: string,
  object: SchemaObject,
): void {
  const { entries, standIns, work } = graph;
  const { parent } = object;
  for (
    const dep of parent === undefined
      ? object.depends
      : [...object.depends, parent]
  ) {
    if (graph.creating(dep) === own) continue;
    entries.after(own, madeFor(graph, own, address, dep));
    if (work.alters.has(dep)) {
      const stood = standIns.created.get(dep)?.circle.has(own) === true;
      entries.after(own, nodeName(stood ? "announce" : "main", dep));
    }
  }
}

/** What stands in for something that is altered comes before that. */
function standFirst(graph: GraphParts, object: SchemaObject): void {
  const { entries } = graph;
  const { address } = object;
  const announced = nodeName("announce", address);
  if (!entries.has(announced)) return;
  entries.after(nodeName("main", address), announced);
  entries.after(announced, nodeName("release", address));
  for (const dep of object.depends) {
    if (!needsFirst(graph, object, dep)) continue;
    entries.after(announced, graph.creating(dep) ?? nodeName("main", dep));
  }
}

function edgesOfAlters(graph: GraphParts): void {
  const { context, entries, work } = graph;
  const { from } = context;
  for (const [address, { object, follows, statements }] of work.alters) {
    const own = nodeName("main", address);
    const before = nodeName("release", address);
    // Of those some say that they come behind what they depended on.
    const behind = new Set(
      statements.flatMap(({ afterDrop = [] }) => afterDrop),
    );
    needs(graph, own, address, object);
    standFirst(graph, object);
    const depends = from.objects.get(address)?.depends ?? [];
    for (const dep of new Set([...depends, ...follows])) {
      // What it lets go of is changed afterwards: a key's column.
      if (
        work.alters.has(dep) && depends.includes(dep) &&
        !object.depends.includes(dep)
      ) entries.after(nodeName("main", dep), own);
      if (follows.has(dep)) entries.after(nodeName("main", dep), before);
      const dropping = graph.dropping(dep);
      if (dropping === undefined || behind.has(dep)) continue;
      const released = entries.has(before);
      if (follows.has(dep)) {
        if (work.asides.has(dep)) {
          // A part that stands aside is still in its whole, whose rows it holds.
          const inside = !depends.includes(dep) &&
            from.objects.get(dep)?.parent !== undefined;
          if (inside) entries.after(own, dropping);
          else entries.after(dropping, own);
          if (released) entries.after(nodeName("away", dep), before);
        } else if (released) entries.after(dropping, before);
      } else if (!work.creates.has(dep)) {
        entries.after(dropping, own);
        if (released) entries.after(dropping, before);
      }
    }
    for (const dep of follows) {
      entries.after(own, madeFor(graph, own, address, dep));
      if (!depends.includes(dep)) entries.after(own, nodeName("main", dep));
    }
  }
}

/** What is in the way of something that it does not depend on leaves before it, and comes behind it. */
function edgesOfOusted(graph: GraphParts): void {
  const { context, entries, work } = graph;
  const yielding = new Set(
    work.ousted.filter(({ before, after }) => before && after)
      .map(({ address }) => address),
  );
  // What is disturbed by that is gone, or has let go, by then.
  for (const [address, { depends }] of work.drops) {
    for (const dep of depends) {
      if (!yielding.has(dep)) continue;
      const last = graph.dropping(address)?.replace(/^gone /, "away ");
      entries.after(nodeName("release", dep), last, "weak");
    }
  }
  for (const [address, { follows }] of work.alters) {
    for (const dep of context.from.objects.get(address)?.depends ?? []) {
      if (!yielding.has(dep) || !follows.has(dep)) continue;
      entries.after(nodeName("release", dep), nodeName("release", address));
    }
  }
  for (const { address, by, before, after } of work.ousted) {
    const main = nodeName("main", address);
    const change = graph.creating(by) ?? nodeName("main", by);
    if (before) {
      const leaving = graph.dropping(address) ??
        (after ? nodeName("release", address) : main);
      entries.after(change, leaving);
      entries.after(nodeName("release", by), leaving);
    }
    if (after) entries.after(graph.creating(address) ?? main, change);
  }
}
