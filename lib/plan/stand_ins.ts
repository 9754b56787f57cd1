/**
 * What is made, or left, in two goes: first what stands for it, so that what
 * it needs and what needs it can be made or dropped meanwhile. Names no kind.
 * Pure.
 *
 * @module
 */

import type { StandIn } from "../kinds/kind.ts";
import type { SchemaObject } from "../schema/schema.ts";
import type { Nodes } from "./homes.ts";
import { nodeName } from "./nodes.ts";
import { kind, type Work } from "./work.ts";

/** An object that something stands in for. */
export interface StoodFor {
  readonly standIn: StandIn;
  /** The nodes of its circle, for which the stand-in is enough. */
  readonly circle: ReadonlySet<string>;
}

/** Which objects have a stand-in, as circles make it necessary. */
export class StandIns {
  /** By address of what is created, or altered. */
  readonly created = new Map<string, StoodFor>();
  /** By address of what is dropped. */
  readonly dropped = new Map<string, StoodFor>();
  readonly #work: Work;

  constructor(work: Work) {
    this.#work = work;
  }

  /**
   * Takes one of each circle that a stand-in opens.
   *
   * @param circles By a node's name the circle that it is in.
   * @param graph The nodes.
   * @returns Whether there was any.
   */
  take(circles: ReadonlyMap<string, number>, graph: Nodes): boolean {
    const opened = new Set<string>();
    const { alters, creates, drops } = this.#work;
    // What is altered by saying all of it again is changed in two goes as well.
    const altered = [...alters.values()].filter(({ object, statements }) =>
      statements.find(({ phase }) => phase === "create")?.sql ===
        (kind(object).standIn(object)?.become[0]?.sql ?? "")
    ).map(({ object }) => object);
    for (const object of [...creates.values(), ...altered]) {
      const stood = standInOf(object, {
        own: nodeName("main", object.address),
        nodeOf: (dep) => graph.creating(dep) ?? nodeName("main", dep),
        objects: graph.target.objects,
        circles,
      });
      takeStandIn(this.created, object, stood, opened);
    }
    for (const object of drops.values()) {
      const stood = standInOf(object, {
        own: nodeName("drop", object.address),
        nodeOf: (dep) => graph.dropping(dep) ?? nodeName("main", dep),
        objects: graph.target.before.objects,
        circles,
      });
      takeStandIn(this.dropped, object, stood, opened);
    }
    return opened.size > 0;
  }
}

/**
 * What can stand in for an object so that a circle is one no longer.
 *
 * @param object The object.
 * @param graph Its node and those of what it depends on, and their circles.
 * @returns Undefined where it is in no circle, or nothing opens that.
 */
export function standInOf(
  object: SchemaObject,
  graph: {
    readonly own: string;
    readonly nodeOf: (address: string) => string;
    readonly objects: ReadonlyMap<string, SchemaObject>;
    readonly circles: ReadonlyMap<string, number>;
  },
): StoodFor | undefined {
  const { circles, nodeOf, objects, own } = graph;
  const circle = circles.get(own);
  const standIn = circle === undefined
    ? undefined
    : kind(object).standIn(object);
  const opens = object.depends.some((dep) => {
    const needed = objects.get(dep);
    const node = nodeOf(dep);
    return needed !== undefined && node !== own &&
      circles.get(node) === circle && standIn?.needs(needed) === false;
  });
  if (standIn === undefined || !opens) return undefined;
  const nodes = [...circles].filter(([, other]) => other === circle);
  return { standIn, circle: new Set(nodes.map(([id]) => id)) };
}

/**
 * Takes a stand-in, at most one for each circle at a time.
 *
 * @param taken Those that were taken, by address; what is taken is added.
 * @param object The object.
 * @param stood What stands in for it.
 * @param opened Nodes of circles that are open already; its own are added.
 */
export function takeStandIn(
  taken: Map<string, StoodFor>,
  { address }: SchemaObject,
  stood: StoodFor | undefined,
  opened: Set<string>,
): void {
  if (stood === undefined || taken.has(address)) return;
  for (const node of stood.circle) if (opened.has(node)) return;
  for (const node of stood.circle) opened.add(node);
  taken.set(address, stood);
}
