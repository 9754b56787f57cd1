/**
 * The SQL that puts back what somebody changed by hand: a plan from the schema
 * as it is to the same schema with one difference taken back. Plain SQL, which
 * fits a line or two; what it may lose is said.
 *
 * @module
 */

import { formsOf } from "../kinds/forms.ts";
import {
  needsLeave,
  planChanges,
  type PlannedStatement,
  slicer,
} from "../plan/mod.ts";
import { makeSchema, type Schema } from "../schema/schema.ts";
import type { DriftEntry } from "./report.ts";

/** A difference before it is known how it is taken back. */
export type Difference = Omit<DriftEntry, "undo">;

/** What a database is, and what it is to be. */
export interface UndoSides {
  /** What it is, with what depends on what. */
  readonly is: Schema;
  /** What it was, as far as that is known. */
  readonly was: Schema;
}

/**
 * Whether a difference is taken back by itself: a part goes with its whole, and
 * what is somebody else's is left alone.
 */
export function isUndoable({ apart, partOf }: Difference): boolean {
  return partOf === undefined && (apart === undefined || apart.why === "minor");
}

/**
 * The differences, each with the SQL that takes it back.
 *
 * @param differences What differs.
 * @param sides What is there, and what was.
 */
export async function withUndo(
  differences: readonly Difference[],
  sides: UndoSides,
): Promise<DriftEntry[]> {
  const slice = slicer([sides.is, sides.was]);
  const forms = await formsOf(
    slice(differences.filter(isReturned).map(({ address }) => address)),
  );
  const related = new Related(differences, sides.is);
  return differences.map((difference) => {
    const returned = isUndoable(difference)
      ? related.returnedWith(difference, sides.was)
      : undefined;
    if (returned === undefined) return { ...difference, undo: undefined };
    const [is, was] = slice([...returned].map(({ address }) => address));
    const { statements } = planChanges(is, goalOf(returned, { is, was }), {
      forms,
      locking: true,
      databaseOwner: is.databaseOwner,
    });
    const withheld = statements.some(({ withheld = [] }) =>
      withheld.length > 0
    );
    return {
      ...difference,
      undo: statements.length === 0 || withheld
        ? undefined
        : statements.map((statement) => statementText(statement)).join("\n"),
    };
  });
}

/** Whether a difference may be taken back, by itself or with another one. */
function isReturned({ apart }: Difference): boolean {
  return apart === undefined || apart.why === "minor";
}

/** Which differences are taken back together. */
class Related {
  readonly #byAddress: ReadonlyMap<string, Difference>;
  /** By the address of a whole: what came or went as a part of it. */
  readonly #parts = new Map<string, Difference[]>();
  /** By address: what came and stands on it. */
  readonly #standing = new Map<string, Difference[]>();

  constructor(differences: readonly Difference[], is: Schema) {
    this.#byAddress = new Map(differences.map((one) => [one.address, one]));
    for (const difference of differences) {
      const { address, kind, partOf } = difference;
      if (partOf !== undefined) push(this.#parts, partOf, difference);
      if (kind !== "created") continue;
      for (const dep of is.objects.get(address)?.depends ?? []) {
        push(this.#standing, dep, difference);
      }
    }
  }

  /** A difference and what is in a piece with it; undefined where that is not known. */
  returnedWith(
    difference: Difference,
    was: Schema,
  ): ReadonlySet<Difference> | undefined {
    const returned = new Set([difference]);
    for (const { address, kind } of returned) {
      for (const part of this.#parts.get(address) ?? []) {
        if (part.kind === kind) returned.add(part);
      }
      if (kind === "created") {
        for (const other of this.#standing.get(address) ?? []) {
          returned.add(other);
        }
        continue;
      }
      const object = was.objects.get(address);
      if (object === undefined) return undefined;
      // What it stood on may be gone too.
      for (const dep of object.depends) {
        const other = this.#byAddress.get(dep);
        if (other?.kind === "dropped") returned.add(other);
      }
    }
    return returned;
  }
}

/** The schema as it is, but for some differences. */
function goalOf(
  returned: ReadonlySet<Difference>,
  { is, was }: UndoSides,
): Schema {
  const objects = new Map(is.objects);
  for (const { address, kind } of returned) {
    const object = was.objects.get(address);
    if (kind === "created") objects.delete(address);
    else if (object !== undefined) objects.set(address, object);
  }
  return makeSchema([...objects.values()], is);
}

function push<T>(groups: Map<string, T[]>, key: string, value: T): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [value]);
  else group.push(value);
}

function statementText({ sql, hazards = [] }: PlannedStatement): string {
  return [
    ...hazards.filter(needsLeave).map(({ kind, reason }) =>
      `-- ${kind}: ${reason.replaceAll(/\s+/g, " ")}`
    ),
    `${sql};`,
  ].join("\n");
}
