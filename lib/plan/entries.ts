/**
 * The nodes of a plan's graph with what they run, and the edges between them.
 * Knows no rule by which there is an edge, and names no kind. Pure.
 *
 * @module
 */

import type { ChangeTarget, KindStatement } from "../kinds/kind.ts";
import type { Node } from "../schema/order.ts";
import type { Schema, SchemaObject } from "../schema/schema.ts";
import type { Homes, Nodes } from "./homes.ts";
import { type Action, nodeKey, nodeName, type Role } from "./nodes.ts";
import type { PlannedStatement } from "./planned_statement.ts";
import type { StandIns } from "./stand_ins.ts";
import type { Work } from "./work.ts";

/** What the graph is made of. */
export interface GraphContext {
  readonly from: Schema;
  readonly to: Schema;
  readonly target: ChangeTarget;
}

/** A graph while it is made. */
export interface GraphParts extends Nodes {
  readonly work: Work;
  readonly homes: Homes;
  readonly standIns: StandIns;
  readonly context: GraphContext;
  readonly entries: Entries;
}

/** A node, with what it runs. */
interface Entry {
  readonly statements: PlannedStatement[];
  key: string;
  readonly after: Set<string>;
  /** What had better come before it, and need not where that makes a circle. */
  readonly better: Set<string>;
}

/** What the statements of a node say that they come after, by address. */
export interface Wanted {
  readonly id: string;
  readonly after: readonly string[];
  readonly afterDrop: readonly string[];
  readonly afterAttached: readonly string[];
  readonly afterFilled: readonly string[];
}

/** The nodes, by their names. */
export class Entries {
  readonly #entries = new Map<string, Entry>();
  readonly #wanted: Wanted[] = [];

  /** The names of the nodes. */
  get ids(): Iterable<string> {
    return this.#entries.keys();
  }

  /** What statements say they come after. */
  get wanted(): readonly Wanted[] {
    return this.#wanted;
  }

  /** Whether there is such a node. */
  has(id: string): boolean {
    return this.#entries.has(id);
  }

  /** What a node runs. */
  statements(id: string): readonly PlannedStatement[] {
    return this.#entries.get(id)?.statements ?? [];
  }

  /** Leaves a node with nothing to run, where there is one. */
  clear(id: string): void {
    const entry = this.#entries.get(id);
    if (entry !== undefined) entry.statements.length = 0;
  }

  /** Names of what comes before a node, or had better. */
  before(id: string): readonly string[] {
    const entry = this.#entries.get(id);
    return entry === undefined
      ? []
      : [...new Set([...entry.after, ...entry.better])];
  }

  /** The nodes, to be put in order. */
  nodes(): Node[] {
    return [...this.#entries].map(([id, { key }]) => ({
      id,
      key,
      after: this.before(id),
    }));
  }

  /** Adds a node, or statements to one. */
  add(
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

  /**
   * Adds an edge, where there are both nodes.
   *
   * @param id What comes later.
   * @param before What comes before it.
   * @param strength Weak: it need not, where that makes a circle.
   */
  after(
    id: string | undefined,
    before: string | undefined,
    strength: "strong" | "weak" = "strong",
  ): void {
    if (id === undefined || before === undefined || id === before) return;
    if (!this.#entries.has(before)) return;
    const entry = this.#entries.get(id);
    (strength === "strong" ? entry?.after : entry?.better)?.add(before);
  }

  /** Keeps what a statement says of its order: others may have no node yet. */
  want(
    id: string,
    { after = [], afterDrop = [], afterAttached = [], afterFilled = [] }:
      KindStatement,
  ): void {
    if (
      [after, afterDrop, afterAttached, afterFilled].some((of) => of.length > 0)
    ) this.#wanted.push({ id, after, afterDrop, afterAttached, afterFilled });
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
}
