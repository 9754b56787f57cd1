/**
 * The index of a key that is built before its columns take the place of
 * others, and what makes a key of it: on a partitioned table, on each
 * partition that has rows, whose keys the table's own takes over.
 *
 * @module
 */

import { keyIndexOf } from "../kinds/constraint_definition.ts";
import { indexTextOf } from "../kinds/constraint_create.ts";
import {
  type Constraint,
  nameOnPartition,
} from "../kinds/constraint_inheritance.ts";
import { writeIndex } from "../kinds/index_definition.ts";
import { create, qualify } from "../kinds/kind.ts";
import {
  isPartitioned,
  partitionsBelow,
  tableAt,
} from "../kinds/partitions.ts";
import type { PlannedStatement } from "../plan/mod.ts";
import { address } from "../schema/address.ts";
import type { Schema } from "../schema/schema.ts";
import { quoteIdentifier } from "../sql/quote.ts";

/** A key in the making. */
export interface KeyTwin {
  /** What builds its index. */
  readonly index: PlannedStatement;
  /** What makes the key of that. */
  readonly become: PlannedStatement;
  /** The address of a partition's own key, until the table's takes it over. */
  readonly part?: string;
}

/** What a key's index is built with. */
export interface KeyTwinOptions {
  /** The key as it is to be in the end. */
  readonly goal: Constraint;
  /** The schema in which it is built. */
  readonly schema: Schema;
  /** Whether the build may block writers. */
  readonly locking: boolean;
  /** Gives an index a name that nothing has, of the name that its key will have. */
  readonly nameOf: (name: string) => string;
}

/**
 * The indexes of a key.
 *
 * @param key The key, on the columns that take the others' places.
 * @param options The goal, names.
 * @returns Undefined where it has none that can be built before.
 */
export function keyTwins(
  key: Constraint,
  { goal, schema, locking, nameOf }: KeyTwinOptions,
): readonly KeyTwin[] | undefined {
  const index = keyIndexOf(key.payload.definition);
  if (index === undefined) return undefined;
  const of = (table: readonly string[], name: string): KeyTwin => {
    const on = qualify(table);
    const made = nameOf(name);
    const about = { address: key.address, action: "create" } as const;
    return {
      index: {
        ...create(
          writeIndex({ ...indexTextOf(key, index), on }, {
            name: made,
            concurrently: !locking,
          }),
          {
            alone: !locking,
            hazards: [{
              kind: "data-dependent",
              allow: "add-unique",
              reason: `it fails where rows of ${on} are equal`,
            }],
          },
        ),
        ...about,
      },
      become: {
        ...create(
          `ALTER TABLE ${on} ADD CONSTRAINT ${
            quoteIdentifier(name)
          } ${index.type} USING INDEX ${quoteIdentifier(made)}${index.timing}`,
        ),
        ...about,
      },
    };
  };
  const table = key.name.slice(0, 2);
  const whole = tableAt(key.parent, schema.objects);
  if (!isPartitioned(whole)) return [of(table, key.name[2] ?? "")];
  const leaves = partitionsBelow(qualify(table), schema.objects)
    .filter((part) => !isPartitioned(part));
  const names = leaves.map(({ name }) => nameOnPartition(goal, name));
  return names.some((name) => name === undefined)
    ? undefined
    : leaves.map((part, i) => ({
      ...of(part.name, names[i] ?? ""),
      part: address("constraint", [...part.name, names[i] ?? ""]),
    }));
}
