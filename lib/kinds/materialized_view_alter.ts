/**
 * The SQL of materialized views: how one is created, and what of it can be
 * changed while its rows stay.
 *
 * @module
 */

import { address } from "../schema/address.ts";
import type { SchemaObject } from "../schema/schema.ts";
import { quoteIdentifier } from "../sql/quote.ts";
import {
  dependsOnExtension,
  extensionChanges,
} from "./depends_on_extension.ts";
import { dataLoss, type Hazard } from "./hazard.ts";
import {
  type Alteration,
  altered,
  attach,
  type ChangeTarget,
  create,
  type CreateTarget,
  type KindStatement,
  qualify,
  release,
  REPLACE,
} from "./kind.ts";
import type {
  ColumnSetting,
  MaterializedViewPayload,
} from "./materialized_view.ts";
import { filling, isFilledBeforeOwner } from "./materialized_view_fill.ts";
import { parameterChanges, storageClauses } from "./storage_parameters.ts";

type MaterializedView = SchemaObject<
  "materialized_view",
  MaterializedViewPayload
>;

/**
 * The SQL that creates a materialized view. It is filled at the end: its query
 * may call functions that need everything else.
 *
 * @param view The view.
 * @param _children It has none that are written with it.
 * @param target What it is written for.
 */
export function createMaterializedView(
  view: MaterializedView,
  _children: readonly SchemaObject[],
  target: CreateTarget,
): readonly KindStatement[] {
  const { payload } = view;
  const name = qualify(view.name);
  const parts = [
    `CREATE MATERIALIZED VIEW ${name}`,
    ...storageClauses(payload),
  ];
  return [
    create(`${parts.join(" ")} AS\n${payload.query}\nWITH NO DATA`),
    ...Object.entries(payload.columnSettings ?? {}).flatMap(
      ([column, setting]) =>
        columnClauses({}, setting, "").map((clause) =>
          create(alterColumn(name, column, clause))
        ),
    ),
    ...(payload.clusterOn === undefined
      ? []
      : [clusterOn(view, payload.clusterOn)]),
    ...dependsOnExtension(`MATERIALIZED VIEW ${name}`, payload.extensions),
    ...(payload.populated ? [filling(view, target)] : []),
  ];
}

/** The SQL that drops a materialized view; it is computed anew where it is replaced. */
export function dropMaterializedView(
  view: MaterializedView,
  target: ChangeTarget,
): readonly KindStatement[] {
  const name = qualify(view.name);
  const again = target.objects.has(view.address);
  // Nobody can read one without rows.
  if (again && !view.payload.populated) {
    return [create(`DROP MATERIALIZED VIEW ${name}`)];
  }
  const hazard: Hazard = again
    ? {
      kind: "rewrite",
      reason:
        `the materialized view ${name} is computed anew, and nobody can read it until that is done`,
    }
    : view.payload.populated
    ? dataLoss(
      "drop-materialized-view",
      `the rows of the materialized view ${name} are gone`,
    )
    : {
      kind: "manual",
      allow: "drop-materialized-view",
      reason:
        `whoever still refreshes the materialized view ${name} gets an error`,
    };
  return [create(`DROP MATERIALIZED VIEW ${name}`, { hazards: [hazard] })];
}

/**
 * How a materialized view becomes another: by ALTER while the query is the
 * same.
 *
 * @param from As it was.
 * @param to As it is to be.
 * @param keys What differs.
 * @param target What it is written for.
 */
export function alterMaterializedView(
  from: MaterializedView,
  to: MaterializedView,
  keys: readonly string[],
  target: ChangeTarget,
): Alteration {
  // SET ACCESS METHOD of a materialized view: since 15.
  if (
    keys.includes("query") || keys.includes("columns") ||
    keys.includes("accessMethod") && target.version < 150000 ||
    // REFRESH would run as an owner who may not read what the query does.
    keys.includes("populated") && isFilledBeforeOwner(to, target)
  ) return REPLACE;
  const was = from.payload;
  const is = to.payload;
  const name = qualify(to.name);
  const alter = `ALTER MATERIALIZED VIEW ${name}`;
  const rewrite: Hazard = {
    kind: "rewrite",
    reason: `the materialized view ${name} is written anew`,
  };
  const hazards = is.populated ? [rewrite] : [];
  const statements: KindStatement[] = [];
  if (keys.includes("accessMethod")) {
    statements.push(create(
      `${alter} SET ACCESS METHOD ${
        quoteIdentifier(is.accessMethod ?? "heap")
      }`,
      { hazards },
    ));
  }
  if (keys.includes("tablespace")) {
    statements.push(create(
      `${alter} SET TABLESPACE ${
        quoteIdentifier(is.tablespace ?? "pg_default")
      }`,
      { hazards },
    ));
  }
  for (
    const clause of [
      ...parameterChanges(was.parameters, is.parameters),
      ...parameterChanges(was.toastParameters, is.toastParameters, "toast."),
    ]
  ) statements.push(create(`${alter} ${clause}`));
  statements.push(...columnChanges(from, to, target));
  if (keys.includes("clusterOn")) {
    statements.push(
      is.clusterOn === undefined
        ? release(`${alter} SET WITHOUT CLUSTER`)
        : clusterOn(to, is.clusterOn),
    );
  }
  statements.push(
    ...extensionChanges(
      `MATERIALIZED VIEW ${name}`,
      was.extensions,
      is.extensions,
    ),
  );
  if (keys.includes("populated")) {
    statements.push(is.populated ? filling(to, target) : emptying(to));
  }
  return altered(statements);
}

function emptying(view: MaterializedView): KindStatement {
  const name = qualify(view.name);
  return attach(`REFRESH MATERIALIZED VIEW ${name} WITH NO DATA`, {
    hazards: [
      dataLoss(
        "empty-materialized-view",
        `the rows of the materialized view ${name} are gone`,
      ),
    ],
  });
}

function clusterOn(view: MaterializedView, index: string): KindStatement {
  const [schema = ""] = view.name;
  return attach(
    `ALTER MATERIALIZED VIEW ${qualify(view.name)} CLUSTER ON ${
      quoteIdentifier(index)
    }`,
    { after: [address("index", [schema, index])] },
  );
}

function alterColumn(name: string, column: string, clause: string): string {
  return `ALTER MATERIALIZED VIEW ${name} ALTER COLUMN ${
    quoteIdentifier(column)
  } ${clause}`;
}

function columnChanges(
  from: MaterializedView,
  to: MaterializedView,
  target: ChangeTarget,
): KindStatement[] {
  const was = from.payload.columnSettings ?? {};
  const is = to.payload.columnSettings ?? {};
  return to.payload.columns.flatMap(({ name, type }) =>
    columnClauses(
      was[name] ?? {},
      is[name] ?? {},
      // SET STORAGE DEFAULT: since 16.
      target.version >= 160000 ? "DEFAULT" : usualStorage(type),
    ).map((clause) => create(alterColumn(qualify(to.name), name, clause)))
  );
}

/** The storage of the types of the system that can be stored out of line. */
function usualStorage(type: string): string {
  return /^(?:numeric|inet|cidr)(?:\([\d,]+\))?$/.test(type)
    ? "MAIN"
    : "EXTENDED";
}

function columnClauses(
  was: ColumnSetting,
  is: ColumnSetting,
  storage: string,
): string[] {
  return [
    ...(was.storage === is.storage
      ? []
      : [`SET STORAGE ${is.storage?.toUpperCase() ?? storage}`]),
    ...(was.compression === is.compression
      ? []
      : [`SET COMPRESSION ${is.compression ?? "DEFAULT"}`]),
    ...(was.statistics === is.statistics
      ? []
      : [`SET STATISTICS ${is.statistics ?? -1}`]),
    ...parameterChanges(was.parameters, is.parameters),
  ];
}
