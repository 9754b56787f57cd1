/**
 * Loads rows into tables within the open transaction: finds the tables, puts
 * them in order, sends the statements, and finds the row that one failed for.
 *
 * @module
 */

import { nearest } from "../config/suggest.ts";
import { PawlError } from "../errors.ts";
import { serverReport } from "../pg/server_report.ts";
import { ServerError, type StatementResult } from "../pg/session.ts";
import { type Execution, withCancel } from "./execution.ts";
import { knownTables, readSeedTables, type SeedTable } from "./seed_catalog.ts";
import { parseTableName, type SeedRow, type SeedSection } from "./seed_data.ts";
import { dependencyGroups } from "./seed_order.ts";
import { matchRows, type TableLoad } from "./seed_rows.ts";
import {
  loadStatement,
  type SeedStatement,
  twiceStatement,
} from "./seed_sql.ts";
import { seedError, seedLocation } from "./seed_value.ts";

/** How many rows of a load were new, changed, or the same already. */
export interface RowCounts {
  /** Rows that were not there. */
  readonly inserted: number;
  /** Rows that differed. */
  readonly updated: number;
  /** Rows that were as they should be. */
  readonly unchanged: number;
}

/** Schemas that seeds have no business in. */
const SYSTEM_SCHEMA = /^(pg_.*|information_schema)$/;

/** The tables of the history, whose schema may be one of the user's. */
const HISTORY_TABLES = new Set([
  "meta",
  "migrations",
  "progress",
  "events",
  "objects",
]);

/**
 * Finds the tables that sections mean, and matches their rows to them.
 *
 * @param execution The run, in a transaction.
 * @param sections Parts of seed files.
 * @returns One load for each table that has rows.
 * @throws {PawlError} `seed-invalid` with file and line.
 */
export async function planRows(
  execution: Execution,
  sections: readonly SeedSection[],
): Promise<TableLoad[]> {
  const names = sections.map((section) => {
    const name = parseTableName(section.name);
    if (name !== undefined) return name;
    throw seedError(section.file, section.offset, {
      message: `Cannot seed ${section.name}: it is no name of a table`,
      hint:
        "Write table or schema.table; a name with a dot in it stands in double quotes",
    });
  });
  const tables = await withCancel(
    execution,
    () => readSeedTables(execution.session, names),
  );
  const found = [];
  for (const [i, section] of sections.entries()) {
    const table = tables[i];
    if (table === undefined) throw await noTable(execution, section);
    refuseTable(execution, section, table);
    found.push({ section, table });
  }
  return matchRows(found);
}

async function noTable(
  execution: Execution,
  section: SeedSection,
): Promise<PawlError> {
  const known = await withCancel(
    execution,
    () => knownTables(execution.session),
  );
  const near = known.find((name) => name.endsWith(`.${section.name}`)) ??
    nearest(section.name, known);
  const upgrade = "it makes the tables of pending migrations";
  return seedError(section.file, section.offset, {
    message:
      `Cannot seed ${section.name}: ${execution.session.info.place} has no such table`,
    hint: near === undefined
      ? `Run pawl upgrade first: ${upgrade}`
      : `Did you mean ${near}? Otherwise run pawl upgrade first: ${upgrade}`,
  });
}

function refuseTable(
  execution: Execution,
  section: SeedSection,
  table: SeedTable,
): void {
  const system = SYSTEM_SCHEMA.test(table.schema);
  const own = table.schema === execution.scope.schema &&
    HISTORY_TABLES.has(table.name);
  if (!system && !own) return;
  throw seedError(section.file, section.offset, {
    message: `Cannot seed ${section.name}: it is ${
      system ? "a table of PostgreSQL itself" : "a table of pawl's history"
    }`,
  });
}

/**
 * Loads tables, each behind those that it refers to.
 *
 * @param execution The run, in a transaction.
 * @param loads The tables and their rows.
 * @returns What became of the rows, in the order of the loads.
 * @throws {PawlError} `seed-invalid` for rows with the same key,
 * `statement-failed` with the place of the row.
 */
export async function loadRows(
  execution: Execution,
  loads: readonly TableLoad[],
): Promise<Map<TableLoad, RowCounts>> {
  const byOid = new Map(loads.map((load) => [load.table.oid, load]));
  const groups = dependencyGroups(
    loads,
    (load) =>
      load.table.references.flatMap(({ table }) => {
        const other = byOid.get(table);
        return other === undefined ? [] : [other];
      }),
  );
  const counts = new Map<TableLoad, RowCounts>();
  for (const group of groups) {
    for (const [load, count] of await loadGroup(execution, group)) {
      counts.set(load, count);
    }
  }
  return counts;
}

async function loadGroup(
  execution: Execution,
  group: readonly TableLoad[],
): Promise<Map<TableLoad, RowCounts>> {
  await control(execution, "SAVEPOINT pawl_seed");
  try {
    const counts = await attempt(execution, group);
    await control(execution, "RELEASE SAVEPOINT pawl_seed");
    return counts;
  } catch (error) {
    if (!isOfRow(error)) throw error;
    await control(execution, "ROLLBACK TO SAVEPOINT pawl_seed");
    throw failure(await findRow(execution, group, error));
  }
}

/** Checks and loads a group once. */
async function attempt(
  execution: Execution,
  group: readonly TableLoad[],
): Promise<Map<TableLoad, RowCounts>> {
  for (const load of group) await refuseTwice(execution, load);
  const { rows } = await send(execution, loadStatement(group));
  const numbers = (rows[0] ?? []).map(Number);
  const counts = new Map<TableLoad, RowCounts>();
  for (const load of group) {
    let [total, updated, inserted] = [0, 0, 0];
    for (const set of load.sets) {
      const [u = 0, i = 0] = numbers.splice(0, 2);
      total += set.rows.length;
      updated += u;
      inserted += i;
    }
    counts.set(load, {
      inserted,
      updated,
      unchanged: Math.max(0, total - updated - inserted),
    });
  }
  return counts;
}

/** Of two rows with the same key, an UPDATE would take either. */
async function refuseTwice(
  execution: Execution,
  load: TableLoad,
): Promise<void> {
  const { rows } = await send(execution, twiceStatement(load));
  const twice = rows[0]?.[0];
  if (twice === undefined || twice === null) return;
  const places = twice.split(",").flatMap((place) => {
    const [set, row] = place.split(":").map(Number);
    const found = load.sets[(set ?? 0) - 1]?.rows[(row ?? 0) - 1];
    return found === undefined ? [] : [found];
  });
  const last = places.at(-1);
  const others = places.slice(0, -1).map((row) => {
    const { file, line } = seedLocation(row.file, row.offset);
    return `the same key stands in ${file}:${line}`;
  });
  throw new PawlError(
    "seed-invalid",
    `Cannot seed ${load.table.name}: several rows have the same key (${
      load.key.columns.map(({ name }) => name).join(", ")
    })`,
    {
      details: others.slice(0, 5),
      ...(last === undefined
        ? {}
        : { location: seedLocation(last.file, last.offset) }),
    },
  );
}

function send(
  execution: Execution,
  statement: SeedStatement,
): Promise<StatementResult> {
  return withCancel(
    execution,
    () => execution.session.query(statement.sql, statement.parameters),
  );
}

async function control(execution: Execution, sql: string): Promise<void> {
  await withCancel(execution, () => execution.session.script(sql));
}

/** SQLSTATE classes of what a row may be to blame for: data, constraints, code of triggers. */
const ROW_CLASSES = new Set(["22", "23", "44", "P0", "42", "0A", "21", "09"]);
/** Not of a row: no right to a table. */
const PERMISSION = "42501";

function isOfRow(error: unknown): error is ServerError {
  return error instanceof ServerError && error.sqlstate !== PERMISSION &&
    ROW_CLASSES.has(error.sqlstate.slice(0, 2));
}

/** An error, and the row that it is of where one was found. */
interface RowFailure {
  readonly error: ServerError;
  readonly load: TableLoad;
  readonly row: SeedRow | undefined;
}

const FOREIGN_KEY_VIOLATION = "23503";

/**
 * Finds the row that a group failed for by halving: the first without which
 * the rows before it can be loaded.
 */
async function findRow(
  execution: Execution,
  group: readonly TableLoad[],
  error: ServerError,
): Promise<RowFailure> {
  const rows = group.flatMap((load) =>
    load.sets.flatMap((set) => set.rows.map((row) => ({ load, row })))
  );
  const named = group.find((load) => load.table.name === error.fields.table);
  const [first] = group;
  const load = named ?? first;
  if (load === undefined) throw error;
  const broken = load.table.references.find(({ constraint }) =>
    constraint === error.fields.constraint
  );
  const within = broken === undefined ||
    group.some(({ table }) => table.oid === broken.table);
  // Half of a group's rows may lack what the other half has.
  if (error.sqlstate === FOREIGN_KEY_VIOLATION && within) {
    return { error, load, row: undefined };
  }
  let [good, bad, last] = [0, rows.length, error];
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    try {
      // What went well stays loaded: no row is sent more than twice or so.
      await attempt(execution, someRows(group, { from: good, to: middle }));
      good = middle;
      await control(execution, "RELEASE SAVEPOINT pawl_seed");
      await control(execution, "SAVEPOINT pawl_seed");
    } catch (again) {
      if (!isOfRow(again)) throw again;
      if (again.sqlstate === error.sqlstate) [bad, last] = [middle, again];
      else good = middle;
      await control(execution, "ROLLBACK TO SAVEPOINT pawl_seed");
    }
  }
  const guilty = rows[bad - 1];
  return { error: last, load: guilty?.load ?? load, row: guilty?.row };
}

/** A group with some of its rows only, counted over all of its tables. */
function someRows(
  group: readonly TableLoad[],
  range: { readonly from: number; readonly to: number },
): TableLoad[] {
  let passed = 0;
  return group.flatMap((load) => {
    const sets = load.sets.flatMap((set) => {
      const rows = set.rows.slice(
        Math.max(0, range.from - passed),
        Math.max(0, range.to - passed),
      );
      passed += set.rows.length;
      return rows.length === 0 ? [] : [{ ...set, rows }];
    });
    return sets.length === 0 ? [] : [{ ...load, sets }];
  });
}

function failure({ error, load, row }: RowFailure): PawlError {
  const { message, column } = error.fields;
  const cell = column === undefined ? undefined : row?.cells.get(column);
  const file = row?.file ?? load.sets[0]?.rows[0]?.file;
  return new PawlError(
    "statement-failed",
    `Cannot seed ${load.table.name}: ${message}`,
    {
      ...(file === undefined ? {} : {
        location: seedLocation(file, cell?.offset ?? row?.offset),
      }),
      server: serverReport(error.fields),
      details: ["rolled back: nothing was loaded"],
      cause: error,
    },
  );
}
