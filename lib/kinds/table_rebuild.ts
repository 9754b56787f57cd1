/**
 * How a table is made anew with its rows: nothing else makes a table
 * partitioned, or partitioned in another way. The old one stands aside until
 * the new one has its rows, before that has indexes and triggers.
 *
 * @module
 */

import type { SchemaObject } from "../schema/schema.ts";
import { quoteIdentifier, quoteLiteral } from "../sql/quote.ts";
import { isColumn } from "./column.ts";
import { continueNumbers, identitySequence } from "./column_numbers.ts";
import { typeChange } from "./column_type.ts";
import type { Hazard } from "./hazard.ts";
import {
  columnQualified,
  columnsIn,
  descendantsOf,
  isOfNewType,
  parentNames,
  partitionParent,
  scatteredFrom,
  tableList,
} from "./inheritance.ts";
import {
  type Alteration,
  type ChangeTarget,
  create,
  type KindStatement,
  qualify,
} from "./kind.ts";
import { dropKept } from "./parent_parts.ts";
import { freeName } from "./stored_type.ts";
import { goneBeforeLeaving } from "./moved_partitions.ts";
import { conversion } from "./type_conversion.ts";

/**
 * How a table is made anew.
 *
 * @param from As it was.
 * @param to As it is to be.
 * @param target What SQL is written for.
 */
export function rebuilt(
  from: SchemaObject,
  to: SchemaObject,
  target: ChangeTarget,
): Alteration {
  const [schema = ""] = from.name;
  const name = qualify(from.name);
  const old = freeName(from, target);
  const sequences = [...target.before.objects.values()].flatMap((sequence) => {
    const owner = target.objects.get(sequence.address)?.payload.ownedBy;
    return sequence.kind === "sequence" &&
        ownerTable(sequence, target) === from.address
      ? [{ sequence, owner }]
      : [];
  });
  const hazards: readonly Hazard[] = [{
    kind: "data-dependent",
    allow: "rebuild-table",
    reason: `the rows of ${
      tableList([
        from,
        ...descendantsOf(name, target.before.objects).filter((child) =>
          partitionParent(child) !== undefined
        ),
      ])
    } move to a new table, and must fit it`,
  }, {
    kind: "rewrite",
    reason: `${name} is written anew while all others wait`,
  }];
  return {
    how: "replace",
    aside: {
      away: [
        // What becomes of its parents' columns is nothing to the old rows.
        ...leave(from, target),
        ...unforced(from),
        ...dropKept(from, target),
        create(`ALTER TABLE ${name} RENAME TO ${quoteIdentifier(old)}`, {
          hazards,
        }),
        ...sequences.map(({ sequence }) =>
          create(`ALTER SEQUENCE ${qualify(sequence.name)} OWNED BY NONE`)
        ),
        ...columnsIn(from.address, target.before.objects).flatMap((column) =>
          sequenceAway(column, target)
        ),
        ...goneSequences(from, target),
      ],
      gone: [
        ...moveRows(
          // Those of tables that inherit from it are theirs.
          (from.payload.partitionBy === undefined ? "ONLY " : "") +
            qualify([schema, old]),
          to,
          target,
        ),
        create(`DROP TABLE ${qualify([schema, old])}`),
        ...sequences.flatMap(({ sequence, owner }) =>
          owner === undefined ? [] : [
            create(
              `ALTER SEQUENCE ${qualify(sequence.name)} OWNED BY ${
                String(owner)
              }`,
            ),
          ]
        ),
      ],
    },
  };
}

/** Forced policies would hide rows from the owner, who moves them. */
function unforced({ name, payload }: SchemaObject): KindStatement[] {
  return String(payload.rowSecurity).endsWith("forced")
    ? [create(`ALTER TABLE ${qualify(name)} NO FORCE ROW LEVEL SECURITY`)]
    : [];
}

function leave(from: SchemaObject, target: ChangeTarget): KindStatement[] {
  const name = qualify(from.name);
  const partitioned = partitionParent(from);
  return [
    ...(from.payload.ofType === undefined
      ? []
      : [create(`ALTER TABLE ${name} NOT OF`)]),
    ...parentNames(from).map((parent) =>
      partitioned === undefined
        ? create(`ALTER TABLE ${name} NO INHERIT ${parent}`)
        : create(`ALTER TABLE ${parent} DETACH PARTITION ${name}`, {
          afterDrop: goneBeforeLeaving(parent, target),
        })
    ),
  ];
}

/** The address of the table whose column owns a sequence. */
function ownerTable(
  sequence: SchemaObject,
  target: ChangeTarget,
): string | undefined {
  const { ownedBy } = sequence.payload;
  if (ownedBy === undefined || !target.objects.has(sequence.address)) {
    return undefined;
  }
  return columnQualified(String(ownedBy), target.before.objects)?.parent;
}

/** Sequences of its columns that go with it: a new identity may want the name. */
function goneSequences(
  from: SchemaObject,
  target: ChangeTarget,
): KindStatement[] {
  const { objects } = target.before;
  return [...objects.values()].filter((sequence) =>
    sequence.kind === "sequence" && !target.objects.has(sequence.address) &&
    columnQualified(String(sequence.payload.ownedBy), objects)?.parent ===
      from.address
  ).map((sequence) => sequenceNameAway(sequence.name, sequence, target));
}

function sequenceNameAway(
  name: readonly string[],
  object: SchemaObject,
  target: ChangeTarget,
): KindStatement {
  return create(
    `ALTER SEQUENCE ${qualify(name)} RENAME TO ${
      quoteIdentifier(freeName({ ...object, name }, target))
    }`,
  );
}

/** An identity's sequence keeps its name when its table gets another one. */
function sequenceAway(
  column: SchemaObject,
  target: ChangeTarget,
): KindStatement[] {
  const sequence = isColumn(column) ? identitySequence(column) : undefined;
  return sequence === undefined
    ? []
    : [sequenceNameAway(sequence, column, target)];
}

/** What an identity's sequence is called by then. */
function oldSequence(
  { address }: SchemaObject,
  target: ChangeTarget,
): (readonly string[])[] {
  const was = target.before.objects.get(address);
  const name = was !== undefined && isColumn(was)
    ? identitySequence(was)
    : undefined;
  return was === undefined || name === undefined
    ? []
    : [[name[0] ?? "", freeName({ ...was, name }, target)]];
}

/** What the rows go into: a partition may be the wrong one for them. */
function receiverOf(to: SchemaObject, target: ChangeTarget): string {
  const above = scatteredFrom(to, target);
  return above === undefined ? qualify(to.name) : receiverOf(above, target);
}

function moveRows(
  old: string,
  to: SchemaObject,
  target: ChangeTarget,
): KindStatement[] {
  const columns = columnsIn(to.address, target.objects).filter(isColumn)
    .filter(({ payload }) => payload.generated === undefined)
    .flatMap((column) => {
      const was = target.before.objects.get(column.address);
      if (was === undefined || !isColumn(was)) return [];
      const name = quoteIdentifier(column.name[2] ?? "");
      const anew = !isOfNewType(was, target) ? undefined : conversion(
        name,
        { was: was.payload.type, is: column.payload.type },
        target,
      );
      const value = anew?.using ?? typeChange(
        { type: was.payload.type, base: was.payload.type },
        { type: column.payload.type, base: column.payload.type },
        name,
      ).using ?? name;
      return [{ column, name, value, anew }];
    });
  const [before, after] = (["before", "after"] as const).map((when) =>
    columns.flatMap(({ anew }) => anew?.[when].map((sql) => create(sql)) ?? [])
  );
  const table = qualify(to.name);
  const goal = receiverOf(to, target);
  const partitions = descendantsOf(goal, target.objects)
    .map(({ address }) => address);
  const override =
    columns.some(({ column }) => column.payload.identity !== undefined)
      ? " OVERRIDING SYSTEM VALUE"
      : "";
  return [
    ...before ?? [],
    ...(columns.length === 0 ? [] : [create(
      `INSERT INTO ${goal} (${
        columns.map(({ name }) => name).join(", ")
      })${override} SELECT ${
        columns.map(({ value }) => value).join(", ")
      } FROM ${old}`,
      { after: partitions },
    )]),
    ...after ?? [],
    ...columns.flatMap(({ column }) =>
      column.payload.sequence === undefined ? [] : continueNumbers(column, {
        ...column.payload.sequence,
        name: `pg_catalog.pg_get_serial_sequence(${quoteLiteral(table)}, ${
          quoteLiteral(column.name[2] ?? "")
        })::pg_catalog.regclass`,
      }, oldSequence(column, target))
    ),
  ];
}
