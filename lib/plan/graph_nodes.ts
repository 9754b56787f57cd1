/**
 * What a plan's graph has nodes for: drops, creations and alterations with
 * their phases, and what comes by itself and must go. Names no kind. Pure.
 *
 * @module
 */

import { create, type KindStatement, release } from "../kinds/kind.ts";
import type { SchemaObject } from "../schema/schema.ts";
import type { GraphParts } from "./entries.ts";
import { type Action, nodeName } from "./nodes.ts";
import { kind } from "./work.ts";

/**
 * Adds a node for each thing that is done.
 *
 * @param graph The graph, which gets them.
 */
export function addNodes(graph: GraphParts): void {
  addDrops(graph);
  addCreates(graph);
  addAlters(graph);
  addStrays(graph);
  relieveDrops(graph);
}

function addDrops(graph: GraphParts): void {
  const { entries, homes, standIns, work } = graph;
  for (const [address, object] of work.drops) {
    if (homes.dropOf(address) !== address) continue;
    const aside = work.asides.get(address);
    if (aside !== undefined) {
      entries.add("away", object, aside.away, "alter");
      entries.add("gone", object, aside.gone, "drop");
      entries.after(nodeName("gone", address), nodeName("away", address));
      for (const role of ["away", "gone"] as const) {
        for (const statement of aside[role]) {
          entries.want(nodeName(role, address), statement);
        }
      }
      continue;
    }
    const losses = work.losses.get(address) ?? [];
    const statements = kind(object).drop(object, graph.target);
    entries.add(
      "drop",
      object,
      losses.length === 0 ? statements : statements.map((statement, i) => ({
        ...statement,
        hazards: i > 0
          ? statement.hazards ?? []
          : [...statement.hazards ?? [], ...losses],
      })),
      "drop",
    );
    for (const statement of statements) {
      entries.want(nodeName("drop", address), statement);
    }
    const stood = standIns.dropped.get(address);
    if (stood === undefined) continue;
    entries.add("release", object, [release(stood.standIn.sql)], "alter");
    entries.after(nodeName("drop", address), nodeName("release", address));
  }
}

function addCreates(graph: GraphParts): void {
  const { entries, homes, standIns, work } = graph;
  const children = new Map<string, SchemaObject[]>();
  for (const [address, home] of homes.created) {
    const child = work.creates.get(address);
    if (child === undefined) continue;
    const list = children.get(home);
    if (list === undefined) children.set(home, [child]);
    else list.push(child);
  }
  for (const [address, object] of work.creates) {
    if (homes.created.has(address)) continue;
    const parts = (children.get(address) ?? []).sort((a, b) =>
      a.position - b.position
    );
    const stood = standIns.created.get(address)?.standIn;
    addPhases(
      graph,
      object,
      stood?.become ?? kind(object).create(object, parts, graph.target),
      "create",
    );
    const announcement = stood?.sql ?? kind(object).announce(object);
    if (announcement !== undefined) {
      entries.add(
        "announce",
        object,
        [create(announcement)],
        "create",
      );
    }
  }
}

function addAlters(graph: GraphParts): void {
  const { entries, standIns, work } = graph;
  for (const { object, statements } of work.alters.values()) {
    addPhases(graph, object, statements, "alter");
    const stood = standIns.created.get(object.address)?.standIn;
    if (stood === undefined) continue;
    entries.add("announce", object, [create(stood.sql)], "alter");
  }
}

/** A main node even without statements: others wait for it. */
function addPhases(
  { entries }: GraphParts,
  object: SchemaObject,
  statements: readonly KindStatement[],
  action: Action,
): void {
  const { address } = object;
  const of = (phase: KindStatement["phase"]) =>
    statements.filter((statement) => statement.phase === phase);
  const main = of("create");
  entries.add("main", object, main, action);
  for (const role of ["prepare", "release"] as const) {
    const before = of(role);
    if (before.length === 0) continue;
    entries.add(role, object, before, action);
    entries.after(nodeName("release", address), nodeName("prepare", address));
    entries.after(nodeName("main", address), nodeName(role, address));
  }
  for (const role of ["attach", "validate"] as const) {
    const later = of(role);
    if (later.length === 0) continue;
    entries.add(role, object, later, action);
    entries.after(nodeName(role, address), nodeName("main", address));
  }
  for (const statement of statements) {
    const role = statement.phase === "create" ? "main" : statement.phase;
    entries.want(nodeName(role, address), statement);
  }
}

function addStrays(graph: GraphParts): void {
  const { entries, work } = graph;
  for (const { object, subject } of work.strays) {
    entries.add(
      "stray",
      object,
      kind(object).drop(object, graph.target),
      "drop",
    );
    entries.after(
      nodeName("stray", object.address),
      graph.creating(subject) ?? nodeName("main", subject),
    );
    // What is to be instead comes after it.
    const again = graph.creating(object.address);
    entries.after(again, nodeName("stray", object.address));
  }
}

/** What another statement takes is not dropped by one of its own. */
function relieveDrops({ entries }: GraphParts): void {
  for (const id of [...entries.ids]) {
    for (const { takes = [] } of entries.statements(id)) {
      for (const address of takes) entries.clear(nodeName("drop", address));
    }
  }
}
