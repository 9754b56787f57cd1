/**
 * How a table becomes another, attribute by attribute.
 *
 * @module
 */

import { address } from "../schema/address.ts";
import type { SchemaObject } from "../schema/schema.ts";
import { quoteIdentifier } from "../sql/quote.ts";
import { keepsOrder } from "./composite_alter.ts";
import { dataLoss, type Hazard } from "./hazard.ts";
import {
  columnQualified,
  descendantsOf,
  isRebuilt,
  parentNames,
  partitionParent,
  tableList,
} from "./inheritance.ts";
import {
  type Alteration,
  altered,
  attach,
  type ChangeTarget,
  create,
  type KindStatement,
  qualify,
  release,
  REPLACE,
} from "./kind.ts";
import { parameterChanges } from "./storage_parameters.ts";
import { followParent, parentChanges } from "./table_parents.ts";
import { rebuilt } from "./table_rebuild.ts";
import { freeName } from "./stored_type.ts";
import type { TablePayload } from "./table.ts";

type Table = SchemaObject<"table", TablePayload>;

/**
 * How a table becomes another.
 *
 * @param from As it was.
 * @param to As it is to be.
 * @param keys The keys of the payload that differ.
 * @param target What it is written for.
 */
export function alterTable(
  from: Table,
  to: Table,
  keys: readonly string[],
  target: ChangeTarget,
): Alteration {
  if (isRebuilt(to.address, target)) return rebuilt(from, to, target);
  const changed = new Set(keys);
  const { payload: is } = to;
  const alter = `ALTER TABLE ${qualify(to.name)}`;
  const rewrite: Hazard = {
    kind: "rewrite",
    reason: `${qualify(to.name)} is written anew while all others wait`,
  };
  const statements: KindStatement[] = [];
  if (changed.has("partitionOf") || changed.has("inherits")) {
    statements.push(...parentChanges(from, to, target));
  }
  if (changed.has("ofType")) {
    // The old type may be about to go.
    if (from.payload.ofType !== undefined) {
      statements.push(release(`${alter} NOT OF`));
    }
    if (is.ofType !== undefined) {
      statements.push(attach(`${alter} OF ${is.ofType}`));
    }
  }
  if (changed.has("persistence")) {
    statements.push(create(
      `${alter} SET ${is.persistence === "unlogged" ? "UNLOGGED" : "LOGGED"}`,
      {
        hazards: [
          rewrite,
          ...(is.persistence === "unlogged"
            ? [
              {
                kind: "data-loss",
                reason: `the rows of ${
                  qualify(to.name)
                } are gone after a crash, and standbys have none of them`,
              } as const,
            ]
            : []),
        ],
        remakesRows: true,
        after: samePersistenceFirst(to, target),
      },
    ));
    statements.push(...sequencesLeft(to, target));
  }
  if (changed.has("accessMethod")) {
    statements.push(create(
      `${alter} SET ACCESS METHOD ${
        quoteIdentifier(is.accessMethod ?? "heap")
      }`,
      { hazards: [rewrite], remakesRows: true },
    ));
  }
  if (changed.has("tablespace")) {
    statements.push(create(
      `${alter} SET TABLESPACE ${
        quoteIdentifier(is.tablespace ?? "pg_default")
      }`,
      { hazards: [rewrite] },
    ));
  }
  statements.push(
    ...[
      ...parameterChanges(from.payload.parameters, is.parameters),
      ...parameterChanges(
        from.payload.toastParameters,
        is.toastParameters,
        "toast.",
      ),
    ].map((clause) => create(`${alter} ${clause}`)),
  );
  if (changed.has("rowSecurity")) {
    statements.push(...rowSecurityChanges(from, to));
  }
  if (changed.has("replicaIdentity")) statements.push(replicaIdentity(to));
  if (changed.has("clusterOn")) statements.push(clusterOn(to));
  return altered(statements);
}

/** Tables that refer to one another cannot be any which way meanwhile: a logged one never refers to an unlogged one. */
function samePersistenceFirst(to: Table, target: ChangeTarget): string[] {
  const unlogged = to.payload.persistence === "unlogged";
  const tables = new Set<string>();
  for (const constraint of target.before.objects.values()) {
    if (
      constraint.kind !== "constraint" ||
      constraint.payload.type !== "foreign key" ||
      !target.objects.has(constraint.address)
    ) continue;
    const owner = constraint.parent ?? "";
    const referenced = constraint.depends.flatMap((dep) => {
      const object = target.before.objects.get(dep);
      return object === undefined ? [] : [object.parent ?? object.address];
    }).filter((table) => table !== owner && table.startsWith("table:"));
    if (unlogged && referenced.includes(to.address)) tables.add(owner);
    if (!unlogged && owner === to.address) {
      for (const table of referenced) tables.add(table);
    }
  }
  return [...tables].filter((table) =>
    table !== to.address &&
    target.before.objects.get(table)?.payload.persistence !==
      target.objects.get(table)?.payload.persistence
  ).sort();
}

/**
 * Since 15 a table takes the sequences of its columns along: those that are not
 * to be what it is go back. One that changes by itself says so by itself.
 */
function sequencesLeft(to: Table, target: ChangeTarget): KindStatement[] {
  if (target.version < 150000) return [];
  const unlogged = to.payload.persistence === "unlogged";
  return [...target.objects.values()].flatMap((sequence) => {
    const { payload } = sequence;
    const was = target.before.objects.get(sequence.address)?.payload;
    const column = columnQualified(String(payload.ownedBy), target.objects);
    return sequence.kind !== "sequence" || column?.parent !== to.address ||
        was?.ownedBy !== payload.ownedBy ||
        was?.unlogged !== payload.unlogged ||
        unlogged === (payload.unlogged === true)
      ? []
      : [attach(
        `ALTER SEQUENCE ${qualify(sequence.name)} SET ${
          payload.unlogged === true ? "UNLOGGED" : "LOGGED"
        }`,
      )];
  });
}

function rowSecurityChanges(from: Table, to: Table): KindStatement[] {
  const alter = `ALTER TABLE ${qualify(to.name)}`;
  const was = from.payload.rowSecurity ?? "";
  const is = to.payload.rowSecurity ?? "";
  const opened: Hazard = {
    kind: "security",
    reason: `policies of ${qualify(to.name)} do not hold any more`,
  };
  const statements: KindStatement[] = [];
  if (was.startsWith("enabled") !== is.startsWith("enabled")) {
    statements.push(
      is.startsWith("enabled")
        ? create(`${alter} ENABLE ROW LEVEL SECURITY`)
        : create(`${alter} DISABLE ROW LEVEL SECURITY`, { hazards: [opened] }),
    );
  }
  if (was.endsWith("forced") !== is.endsWith("forced")) {
    statements.push(
      is.endsWith("forced")
        ? create(`${alter} FORCE ROW LEVEL SECURITY`)
        : create(`${alter} NO FORCE ROW LEVEL SECURITY`, {
          hazards: [opened],
        }),
    );
  }
  return statements;
}

/** The statement that says how a table's rows are told apart in replication. */
export function replicaIdentity({ name, payload }: Table): KindStatement {
  const identity = payload.replicaIdentity;
  const alter = `ALTER TABLE ${qualify(name)} REPLICA IDENTITY`;
  return identity === undefined
    ? attach(`${alter} DEFAULT`)
    : identity === "nothing" || identity === "full"
    ? attach(`${alter} ${identity.toUpperCase()}`)
    : attach(`${alter} USING INDEX ${quoteIdentifier(identity)}`, {
      after: indexAddresses(name, identity),
    });
}

/** The statement that says which index CLUSTER uses. */
export function clusterOn({ name, payload }: Table): KindStatement {
  const alter = `ALTER TABLE ${qualify(name)}`;
  return payload.clusterOn === undefined
    ? attach(`${alter} SET WITHOUT CLUSTER`)
    : attach(`${alter} CLUSTER ON ${quoteIdentifier(payload.clusterOn)}`, {
      after: indexAddresses(name, payload.clusterOn),
    });
}

/** What an index of a table may be: one by itself, or that of a constraint. */
function indexAddresses(table: readonly string[], index: string): string[] {
  return [
    address("index", [table[0] ?? "", index]),
    address("constraint", [...table, index]),
  ];
}

/**
 * The statements that drop a table.
 *
 * @param table The table.
 * @param target What it is written for.
 */
export function dropTable(
  table: Table,
  target: ChangeTarget,
): KindStatement[] {
  const name = qualify(table.name);
  return [create(`DROP TABLE ${name}`, { hazards: [rowsGone(table, target)] })];
}

function rowsGone(table: Table, target: ChangeTarget): Hazard {
  const name = qualify(table.name);
  const partitions = descendantsOf(name, target.before.objects).filter((
    child,
  ) =>
    partitionParent(child) !== undefined && !target.objects.has(child.address)
  );
  return dataLoss(
    "drop-table",
    `the rows of ${tableList([table, ...partitions])} are gone`,
    [table, ...partitions].map(({ address }) => address),
  );
}

/**
 * How a table makes room for a composite type of its name: columns of its row
 * type go over to that.
 *
 * @param table The table.
 * @param target What it is written for.
 */
export function giveTypeAway(table: Table, target: ChangeTarget): Alteration {
  if (!target.objects.has(address("composite", table.name))) return REPLACE;
  const [schema = ""] = table.name;
  const old = freeName(table, target);
  return {
    how: "replace",
    aside: {
      away: [create(
        `ALTER TABLE ${qualify(table.name)} RENAME TO ${quoteIdentifier(old)}`,
      )],
      gone: [create(`DROP TABLE ${qualify([schema, old])}`, {
        hazards: [rowsGone(table, target)],
      })],
    },
  };
}

/**
 * How a table outlives that something it depends on is replaced.
 *
 * @param from As it was.
 * @param to As it is to be.
 * @param replaced What is replaced.
 * @param target What it is written for.
 */
export function followTable(
  from: Table,
  to: Table,
  replaced: SchemaObject,
  target: ChangeTarget,
): Alteration | readonly KindStatement[] | undefined {
  if (isRebuilt(from.address, target)) return rebuilt(from, to, target);
  if (parentNames(from).includes(qualify(replaced.name))) {
    return followParent(from, to, target);
  }
  if (replaced.kind === "composite") {
    if (!keepsOrder(replaced, target.objects.get(replaced.address))) {
      return rebuilt(from, to, target);
    }
    const alter = `ALTER TABLE ${qualify(to.name)}`;
    return [
      release(`${alter} NOT OF`),
      ...(to.payload.ofType === undefined
        ? []
        : [attach(`${alter} OF ${to.payload.ofType}`)]),
    ];
  }
  // A partition key needs its function, and a column of it may need another
  // table; what else there is, is the columns' own.
  return from.payload.partitionBy === undefined &&
      replaced.parent !== from.address
    ? []
    : rebuilt(from, to, target);
}

/**
 * Whether a partition goes with what it is a partition of.
 *
 * @param table The partition, or another table or foreign table.
 * @param dropped Whether an object is dropped by its own statement.
 * @param target What SQL is written for.
 */
export function goesWithPartitioned(
  table: SchemaObject,
  dropped: (address: string) => boolean,
  target: ChangeTarget,
): boolean {
  return partitionParent(table) !== undefined &&
    // One that is made anew has left by then.
    !isRebuilt(table.address, target) &&
    table.depends.some((dep) =>
      dep.startsWith("table:") && dropped(dep) &&
      // What another server has is none of the rows that go over.
      !(table.kind === "foreign_table" && isRebuilt(dep, target))
    );
}
