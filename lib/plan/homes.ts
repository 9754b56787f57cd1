/**
 * Where the statements of a part are: with its whole, or by itself. Names no
 * kind. Pure.
 *
 * @module
 */

import type { ChangeTarget } from "../kinds/kind.ts";
import type { SchemaObject } from "../schema/schema.ts";
import { kind, type Work } from "./work.ts";

/** What a graph says of its nodes. */
export interface Nodes {
  readonly target: ChangeTarget;
  /** The node that creates an object, if there is one. */
  creating(address: string): string | undefined;
  /** The node that drops an object, if there is one. */
  dropping(address: string): string | undefined;
}

/** Where the statements of a part are: with its whole, or by itself. */
export class Homes {
  /** By address of what is dropped: what takes it along. */
  readonly dropped = new Map<string, string>();
  /** By address of what is created: what it is written with. */
  readonly created = new Map<string, string>();
  readonly #work: Work;

  constructor(work: Work, target: ChangeTarget) {
    this.#work = work;
    const { drops, creates } = work;
    for (const [address, object] of drops) {
      if (object.parent !== undefined && drops.has(object.parent)) {
        this.dropped.set(address, object.parent);
      } else {
        const taken = [
          ...object.depends,
          ...kind(object).attachesTo(object, target.before.objects),
        ].find((dep) =>
          drops.has(dep) &&
          kind(object).goesWith(object, (a) => a === dep, target)
        );
        if (taken !== undefined) this.dropped.set(address, taken);
      }
    }
    for (const [address, object] of creates) {
      const { parent } = object;
      if (
        parent !== undefined && kind(object).foldsInto && creates.has(parent)
      ) this.created.set(address, parent);
    }
  }

  /** The object whose DROP drops an object. */
  dropOf(address: string): string {
    const home = this.dropped.get(address);
    return home === undefined ? address : this.dropOf(home);
  }

  /** The object whose CREATE creates an object. */
  createOf(address: string): string {
    return this.created.get(address) ?? address;
  }

  /**
   * Takes parts out of their wholes that are in a circle with them.
   *
   * @param circles By a node's name the circle that it is in.
   * @param graph The nodes.
   * @returns Whether there were any.
   */
  unfold(circles: ReadonlyMap<string, number>, graph: Nodes): boolean {
    let found = false;
    const takeOut = (
      homes: Map<string, string>,
      objects: ReadonlyMap<string, SchemaObject>,
      nodeOf: (address: string) => string | undefined,
    ) => {
      for (const [address] of [...homes]) {
        const object = objects.get(address);
        const own = nodeOf(address);
        if (object === undefined || own === undefined) continue;
        const stuck = object.depends.some((dep) => {
          const other = nodeOf(dep);
          return other !== undefined && other !== own &&
            circles.has(own) && circles.get(own) === circles.get(other);
        });
        if (!stuck || !hasDrop(object, homes === this.dropped, graph)) continue;
        homes.delete(address);
        found = true;
      }
    };
    takeOut(this.created, this.#work.creates, (a) => graph.creating(a));
    takeOut(this.dropped, this.#work.drops, (a) => graph.dropping(a));
    return found;
  }
}

/** What has no statement of its own cannot be done by itself. */
function hasDrop(object: SchemaObject, drop: boolean, graph: Nodes): boolean {
  return !drop || kind(object).drop(object, graph.target).length > 0;
}
