/**
 * The one graph of a plan: what each object needs to be done before and after
 * others, and the order that follows. Names no kind. Pure.
 *
 * @module
 */

import {
  type ChangeTarget,
  create,
  type KindStatement,
  release,
} from "../kinds/kind.ts";
import { circlesOf } from "../schema/circles.ts";
import { type Node, topologicalOrder } from "../schema/order.ts";
import type { Schema, SchemaObject } from "../schema/schema.ts";
import { Homes, type Nodes } from "./homes.ts";
import { type Action, nodeKey, nodeName, type Role } from "./nodes.ts";
import { StandIns } from "./stand_ins.ts";
import type { StrongMode } from "../sql/locked_relations.ts";
import { type Committing, outsideWindows, type Window } from "./windows.ts";
import { kind, type Work } from "./work.ts";

/** A statement of a plan. */
export interface PlannedStatement extends KindStatement {
  /** The object that it is about. */
  readonly address: string;
  /** What is done to that. */
  readonly action: Action;
  /** What it was joined of, where it is about several objects. */
  readonly parts?: readonly PlannedStatement[];
  /** The tables that were there and that writers wait for, in which mode. */
  readonly locks?: ReadonlyMap<string, StrongMode>;
}

/** What the graph is made of. */
export interface GraphContext {
  readonly from: Schema;
  readonly to: Schema;
  readonly target: ChangeTarget;
}

/** A node, with what it runs. */
interface Entry {
  readonly statements: PlannedStatement[];
  key: string;
  readonly after: Set<string>;
  /** What had better come before it, and need not where that makes a circle. */
  readonly better: Set<string>;
}

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
    const nodes = graph.nodes();
    const { order, cut } = topologicalOrder(nodes);
    const circles = cut.length === 0 ? undefined : circlesOf(nodes);
    // What can stand in keeps a whole together; else a part that is in a circle
    // with its whole is done by itself.
    if (
      circles === undefined ||
      !standIns.take(circles, graph) && !homes.unfold(circles, graph)
    ) {
      const loosened = circles !== undefined && graph.loosen(circles)
        ? topologicalOrder(graph.nodes()).order
        : order;
      return outsideWindows(loosened, graph.windows(), graph)
        .flatMap((id) => graph.statements(id));
    }
  }
}

class Graph implements Nodes, Committing {
  readonly target: ChangeTarget;
  readonly #entries = new Map<string, Entry>();
  readonly #work: Work;
  readonly #homes: Homes;
  readonly #standIns: StandIns;
  readonly #context: GraphContext;
  /** What statements say they come after, by address. */
  readonly #wanted: {
    readonly id: string;
    readonly after: readonly string[];
    readonly afterDrop: readonly string[];
    readonly afterAttached: readonly string[];
    readonly afterFilled: readonly string[];
  }[] = [];

  constructor(
    work: Work,
    { homes, standIns }: {
      readonly homes: Homes;
      readonly standIns: StandIns;
    },
    context: GraphContext,
  ) {
    this.#work = work;
    this.#homes = homes;
    this.#standIns = standIns;
    this.#context = context;
    this.target = context.target;
    this.#addDrops();
    this.#addCreates();
    this.#addAlters();
    this.#addStrays();
    this.#edgesOfDrops();
    this.#edgesOfCreates();
    this.#edgesOfAlters();
    this.#edgesOfStatements();
    this.#edgesOfAttachments();
  }

  nodes(): Node[] {
    return [...this.#entries].map(([id, { key, after, better }]) => ({
      id,
      key,
      after: [...new Set([...after, ...better])],
    }));
  }

  /**
   * Lets go of what only had better come before in a circle: most of what is
   * altered does not mind what depends on it.
   *
   * @param circles By a node's name the circle that it is in.
   * @returns Whether there was anything.
   */
  loosen(circles: ReadonlyMap<string, number>): boolean {
    let found = false;
    for (const [id, { better }] of this.#entries) {
      const circle = circles.get(id);
      for (const other of better) {
        if (circle === undefined || circles.get(other) !== circle) continue;
        better.delete(other);
        found = true;
      }
    }
    return found;
  }

  statements(id: string): readonly PlannedStatement[] {
    return this.#entries.get(id)?.statements ?? [];
  }

  after(id: string): Iterable<string> {
    const entry = this.#entries.get(id);
    return entry === undefined ? [] : [...entry.after, ...entry.better];
  }

  commits(id: string): boolean {
    return this.statements(id).some(({ alone, commits, phase }) =>
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
    for (const address of this.#work.drops.keys()) {
      add(this.dropping(address), this.creating(address));
    }
    for (const address of this.#work.asides.keys()) {
      add(nodeName("away", address), nodeName("gone", address));
    }
    for (const address of this.#work.alters.keys()) {
      const attached = nodeName("attach", address);
      add(
        nodeName("release", address),
        this.#entries.has(attached) ? attached : nodeName("main", address),
      );
    }
    for (const address of this.#standIns.created.keys()) {
      add(nodeName("announce", address), nodeName("main", address));
    }
    for (const address of this.#standIns.dropped.keys()) {
      add(nodeName("release", address), nodeName("drop", address));
    }
    return windows;
  }

  /** The node that creates an object, if there is one. */
  creating(address: string): string | undefined {
    return this.#work.creates.has(address)
      ? nodeName("main", this.#homes.createOf(address))
      : undefined;
  }

  /** The node that drops an object, if there is one. */
  dropping(address: string): string | undefined {
    if (!this.#work.drops.has(address)) return undefined;
    const home = this.#homes.dropOf(address);
    return nodeName(this.#work.asides.has(home) ? "gone" : "drop", home);
  }

  #add(
    role: Role,
    object: SchemaObject,
    statements: readonly KindStatement[],
    action: Action,
  ): void {
    const { address } = object;
    const id = nodeName(role, address);
    const known = this.#entries.get(id);
    const planned = statements.map((statement) => ({
      ...statement,
      address,
      action,
    }));
    if (known !== undefined) {
      known.statements.push(...planned);
      return;
    }
    const alone = statements.some((statement) => statement.alone);
    this.#entries.set(id, {
      statements: planned,
      key: nodeKey(role, object, { alone, action }),
      after: new Set(),
      better: new Set(),
    });
  }

  #after(
    id: string | undefined,
    before: string | undefined,
    strength: "strong" | "weak" = "strong",
  ): void {
    if (id === undefined || before === undefined || id === before) return;
    if (!this.#entries.has(before)) return;
    const entry = this.#entries.get(id);
    (strength === "strong" ? entry?.after : entry?.better)?.add(before);
  }

  #addDrops(): void {
    for (const [address, object] of this.#work.drops) {
      if (this.#homes.dropOf(address) !== address) continue;
      const aside = this.#work.asides.get(address);
      if (aside !== undefined) {
        this.#add("away", object, aside.away, "alter");
        this.#add("gone", object, aside.gone, "drop");
        this.#after(nodeName("gone", address), nodeName("away", address));
        for (const role of ["away", "gone"] as const) {
          for (const statement of aside[role]) {
            this.#want(nodeName(role, address), statement);
          }
        }
        continue;
      }
      const losses = this.#work.losses.get(address) ?? [];
      const statements = kind(object).drop(object, this.target);
      this.#add(
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
        this.#want(nodeName("drop", address), statement);
      }
      const stood = this.#standIns.dropped.get(address);
      if (stood === undefined) continue;
      this.#add("release", object, [release(stood.standIn.sql)], "alter");
      this.#after(nodeName("drop", address), nodeName("release", address));
    }
  }

  #addCreates(): void {
    const children = new Map<string, SchemaObject[]>();
    for (const [address, home] of this.#homes.created) {
      const child = this.#work.creates.get(address);
      if (child === undefined) continue;
      const list = children.get(home);
      if (list === undefined) children.set(home, [child]);
      else list.push(child);
    }
    for (const [address, object] of this.#work.creates) {
      if (this.#homes.created.has(address)) continue;
      const parts = (children.get(address) ?? []).sort((a, b) =>
        a.position - b.position
      );
      const stood = this.#standIns.created.get(address)?.standIn;
      this.#addPhases(
        object,
        stood?.become ?? kind(object).create(object, parts, this.target),
        "create",
      );
      const announcement = stood?.sql ?? kind(object).announce(object);
      if (announcement !== undefined) {
        this.#add(
          "announce",
          object,
          [create(announcement)],
          "create",
        );
      }
    }
  }

  #addAlters(): void {
    for (const { object, statements } of this.#work.alters.values()) {
      this.#addPhases(object, statements, "alter");
      const stood = this.#standIns.created.get(object.address)?.standIn;
      if (stood === undefined) continue;
      this.#add("announce", object, [create(stood.sql)], "alter");
    }
  }

  /** A main node even without statements: others wait for it. */
  #addPhases(
    object: SchemaObject,
    statements: readonly KindStatement[],
    action: Action,
  ): void {
    const { address } = object;
    const of = (phase: KindStatement["phase"]) =>
      statements.filter((statement) => statement.phase === phase);
    const main = of("create");
    this.#add("main", object, main, action);
    for (const role of ["prepare", "release"] as const) {
      const before = of(role);
      if (before.length === 0) continue;
      this.#add(role, object, before, action);
      this.#after(nodeName("release", address), nodeName("prepare", address));
      this.#after(nodeName("main", address), nodeName(role, address));
    }
    for (const role of ["attach", "validate"] as const) {
      const later = of(role);
      if (later.length === 0) continue;
      this.#add(role, object, later, action);
      this.#after(nodeName(role, address), nodeName("main", address));
    }
    for (const statement of statements) {
      const role = statement.phase === "create" ? "main" : statement.phase;
      this.#want(nodeName(role, address), statement);
    }
  }

  /** Others may have no node yet. */
  #want(
    id: string,
    { after = [], afterDrop = [], afterAttached = [], afterFilled = [] }:
      KindStatement,
  ): void {
    if (
      [after, afterDrop, afterAttached, afterFilled].some((of) => of.length > 0)
    ) this.#wanted.push({ id, after, afterDrop, afterAttached, afterFilled });
  }

  #edgesOfStatements(): void {
    for (
      const { id, after, afterDrop, afterAttached, afterFilled } of this.#wanted
    ) {
      for (const other of afterDrop) this.#after(id, this.dropping(other));
      for (const other of afterAttached) {
        this.#after(id, nodeName("attach", other));
      }
      for (const other of afterFilled) {
        this.#after(id, nodeName("attach", other));
        this.#after(id, nodeName("validate", other));
      }
      for (const other of after) {
        this.#after(id, this.creating(other) ?? nodeName("main", other));
        if (!this.#work.creates.has(other)) {
          const dropping = this.dropping(other);
          if (dropping?.startsWith("drop ")) this.#after(id, dropping);
        }
        // Rows go back once all of their new places are attached.
        if (id.startsWith("gone ")) this.#after(id, nodeName("attach", other));
      }
    }
  }

  /**
   * What is attached comes after what is attached of those that it depends on:
   * a materialized view is filled after those that it reads through views.
   */
  #edgesOfAttachments(): void {
    const known = new Map<string, ReadonlySet<string>>();
    for (const id of this.#entries.keys()) {
      const space = id.indexOf(" ");
      const [role, address] = [id.slice(0, space), id.slice(space + 1)];
      if (role !== "attach" && role !== "validate") continue;
      for (const other of this.#attachedAbove(address, known)) {
        this.#after(id, nodeName("attach", other));
        if (role === "validate") this.#after(id, nodeName("validate", other));
      }
    }
  }

  /** The nearest objects with something attached that an object depends on. */
  #attachedAbove(
    address: string,
    known: Map<string, ReadonlySet<string>>,
  ): ReadonlySet<string> {
    const found = known.get(address);
    if (found !== undefined) return found;
    const above = new Set<string>();
    known.set(address, above);
    const object = this.#context.to.objects.get(address);
    const needed = [...object?.depends ?? [], object?.parent ?? ""];
    for (const dep of needed) {
      if (dep === "") continue;
      if (
        this.#entries.has(nodeName("attach", dep)) ||
        this.#entries.has(nodeName("validate", dep))
      ) above.add(dep);
      else {
        for (const other of this.#attachedAbove(dep, known)) above.add(other);
      }
    }
    return above;
  }

  #addStrays(): void {
    for (const { object, subject } of this.#work.strays) {
      this.#add(
        "stray",
        object,
        kind(object).drop(object, this.target),
        "drop",
      );
      this.#after(
        nodeName("stray", object.address),
        this.creating(subject) ?? nodeName("main", subject),
      );
      // What is to be instead comes after it.
      const again = this.creating(object.address);
      this.#after(again, nodeName("stray", object.address));
    }
  }

  #edgesOfDrops(): void {
    for (const [address, object] of this.#work.drops) {
      const own = this.dropping(address);
      if (
        object.parent !== undefined && this.#work.drops.has(object.parent)
      ) this.#after(this.dropping(object.parent), own);
      const stood = this.#standIns.dropped.get(address)?.standIn;
      const isOpaque = kind(object).body(object) !== undefined;
      for (const dep of object.depends) {
        const needed = this.#context.from.objects.get(dep);
        const last = needed !== undefined && stood?.needs(needed) === false
          ? nodeName("release", address)
          : own;
        // Before it is dropped, moved aside, or changed.
        this.#after(this.dropping(dep), last);
        // What stands aside is called by the names as they were.
        const away = last?.replace(/^gone /, "away ");
        const holdsOn = this.#work.asides.get(address)?.holdsOn === true;
        if (this.#work.asides.has(dep)) {
          this.#after(nodeName("away", dep), away);
        }
        // What a body that is a string names does not hold it.
        if (this.#work.alters.has(dep) && !isOpaque) {
          this.#after(
            nodeName("main", dep),
            holdsOn ? last : away,
            holdsOn ? "strong" : "weak",
          );
        }
      }
    }
  }

  #edgesOfCreates(): void {
    const taken = new Map<string, string[]>();
    for (const [address, object] of this.#work.drops) {
      for (const place of kind(object).occupies(object)) {
        // What is written with its whole stands aside with it.
        const home = kind(object).foldsInto
          ? this.#homes.dropOf(address)
          : address;
        const node = this.#work.asides.has(home)
          ? nodeName("away", home)
          : this.dropping(address);
        if (node === undefined) continue;
        const nodes = taken.get(place);
        if (nodes === undefined) taken.set(place, [node]);
        else nodes.push(node);
      }
    }
    for (const [address, object] of this.#work.creates) {
      const main = this.creating(address);
      if (main === undefined) continue;
      // Its name must be free for what stands in for it.
      const own = this.#standIns.created.has(address)
        ? nodeName("announce", address)
        : main;
      if (this.#work.asides.has(address)) {
        this.#after(own, nodeName("away", address));
        this.#after(nodeName("gone", address), own);
      } else if (this.#work.drops.has(address)) {
        const dropping = this.dropping(address);
        // What goes with something that stands aside is long out of the way.
        if (dropping?.startsWith("gone") !== true) this.#after(own, dropping);
      }
      for (const place of kind(object).occupies(object)) {
        for (const node of taken.get(place) ?? []) {
          // A part's place is its whole's, which stands aside with it.
          if (node !== own.replace(/^main /, "gone ")) this.#after(own, node);
        }
      }
      this.#needs(main, address, object);
      // What was in the way of an alteration or a drop comes back after it: a
      // foreign key would refer to the old index else.
      const aside = this.dropping(address)?.startsWith("gone") === true;
      for (const dep of this.#work.drops.get(address)?.depends ?? []) {
        // What stands aside is in nobody's way.
        if (aside) break;
        if (this.#work.alters.has(dep)) {
          const change = nodeName("main", dep);
          // What stands in for it holds on to nothing of its circle.
          const circle = this.#standIns.created.get(address)?.circle;
          this.#after(circle?.has(change) ? main : own, change);
        }
        const dropping = this.dropping(dep);
        if (
          !this.#work.creates.has(dep) && dropping?.startsWith("gone") === false
        ) this.#after(own, dropping);
      }
      const announced = nodeName("announce", address);
      if (this.#entries.has(announced)) {
        this.#after(main, announced);
        for (const dep of object.depends) {
          if (!this.#needsFirst(object, dep)) continue;
          this.#after(announced, this.creating(dep));
          // A shell type needs nothing that changes.
          if (
            this.#standIns.created.has(address) && this.#work.alters.has(dep)
          ) this.#after(announced, nodeName("main", dep));
        }
      }
    }
  }

  /** Whether what is announced, or stood in for, needs something before that. */
  #needsFirst({ address }: SchemaObject, dep: string): boolean {
    const stood = this.#standIns.created.get(address)?.standIn;
    const needed = this.#context.to.objects.get(dep);
    if (stood !== undefined) {
      return needed !== undefined && stood.needs(needed);
    }
    return this.#work.creates.get(dep)?.depends.includes(address) !== true;
  }

  /** What creates something far enough for what needs it. */
  #madeFor(own: string, address: string, dep: string): string | undefined {
    const announced = nodeName("announce", dep);
    const stood = this.#standIns.created.get(dep);
    const circular = stood === undefined
      ? this.#work.creates.get(dep)?.depends.includes(address)
      : stood.circle.has(own);
    return circular && this.#entries.has(announced)
      ? announced
      : this.creating(dep);
  }

  /** After everything that an object depends on is as it is to be. */
  #needs(own: string, address: string, object: SchemaObject): void {
    const { parent } = object;
    for (
      const dep of parent === undefined
        ? object.depends
        : [...object.depends, parent]
    ) {
      if (this.creating(dep) === own) continue;
      this.#after(own, this.#madeFor(own, address, dep));
      if (this.#work.alters.has(dep)) {
        const stood = this.#standIns.created.get(dep)?.circle.has(own) === true;
        this.#after(own, nodeName(stood ? "announce" : "main", dep));
      }
    }
  }

  /** What stands in for something that is altered comes before that. */
  #standFirst(object: SchemaObject): void {
    const { address } = object;
    const announced = nodeName("announce", address);
    if (!this.#entries.has(announced)) return;
    this.#after(nodeName("main", address), announced);
    this.#after(announced, nodeName("release", address));
    for (const dep of object.depends) {
      if (!this.#needsFirst(object, dep)) continue;
      this.#after(announced, this.creating(dep) ?? nodeName("main", dep));
    }
  }

  #edgesOfAlters(): void {
    const { from } = this.#context;
    for (const [address, { object, follows }] of this.#work.alters) {
      const own = nodeName("main", address);
      const before = nodeName("release", address);
      this.#needs(own, address, object);
      this.#standFirst(object);
      for (const dep of from.objects.get(address)?.depends ?? []) {
        // What it lets go of is changed afterwards: a key's column.
        if (this.#work.alters.has(dep) && !object.depends.includes(dep)) {
          this.#after(nodeName("main", dep), own);
        }
        if (follows.has(dep)) this.#after(nodeName("main", dep), before);
        const dropping = this.dropping(dep);
        if (dropping === undefined) continue;
        const released = this.#entries.has(before);
        if (follows.has(dep)) {
          if (this.#work.asides.has(dep)) {
            this.#after(dropping, own);
            if (released) this.#after(nodeName("away", dep), before);
          } else if (released) this.#after(dropping, before);
        } else if (!this.#work.creates.has(dep)) {
          this.#after(dropping, own);
          if (released) this.#after(dropping, before);
        }
      }
      for (const dep of follows) {
        this.#after(own, this.#madeFor(own, address, dep));
      }
    }
  }
}
