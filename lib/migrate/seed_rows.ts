/**
 * Matches the rows of seed files to tables: which columns are given, which key
 * finds a row again. It knows the table's description and the file's places;
 * it asks no database. Pure.
 *
 * @module
 */

import { nearest } from "../config/suggest.ts";
import type { PawlError } from "../errors.ts";
import { quoteQualified } from "../sql/quote.ts";
import type { SeedColumn, SeedKey, SeedTable } from "./seed_catalog.ts";
import type { SeedRow, SeedSection } from "./seed_data.ts";
import { describeValue, hasNul, seedError } from "./seed_value.ts";

/** Rows of one table that give the same columns. */
export interface SeedSet {
  /** The columns that every row gives, by name. */
  readonly columns: readonly SeedColumn[];
  /** The rows in order. */
  readonly rows: readonly SeedRow[];
}

/** What is to be loaded into one table. */
export interface TableLoad {
  /** The table. */
  readonly table: SeedTable;
  /** The table as SQL, schema-qualified. */
  readonly name: string;
  /** What a row is found by. */
  readonly key: SeedKey;
  /** The rows, by the columns that they give. */
  readonly sets: readonly SeedSet[];
}

/** A part of a seed file and the table that it means. */
export interface FoundSection {
  /** The part of the file. */
  readonly section: SeedSection;
  /** The table that it means. */
  readonly table: SeedTable;
}

/**
 * Matches sections to tables.
 *
 * @param found The sections with their tables.
 * @returns One load for each table that has rows, in the order of first mention.
 * @throws {PawlError} `seed-invalid` with file and line.
 */
export function matchRows(found: readonly FoundSection[]): TableLoad[] {
  const byTable = new Map<
    string,
    { readonly table: SeedTable; readonly rows: SeedRow[] }
  >();
  for (const { section, table } of found) {
    refuseRelation(section, table);
    const entry = byTable.get(table.oid) ?? { table, rows: [] };
    for (const row of section.rows) entry.rows.push(row);
    byTable.set(table.oid, entry);
  }
  return [...byTable.values()].flatMap(({ table, rows }) => {
    const [first] = rows;
    return first === undefined ? [] : [loadOf(table, rows, first)];
  });
}

const RELATIONS: Readonly<Record<string, string>> = {
  v: "a view",
  m: "a materialized view",
  f: "a foreign table",
};

function refuseRelation(section: SeedSection, table: SeedTable): void {
  const kind = RELATIONS[table.relkind];
  if (kind === undefined) return;
  throw seedError(section.file, section.offset, {
    message: `Cannot seed ${section.name}: it is ${kind}, not a table`,
    hint: "Name the tables below it, or put the rows into a .sql seed",
  });
}

function loadOf(
  table: SeedTable,
  rows: readonly SeedRow[],
  first: SeedRow,
): TableLoad {
  const sets = new Map<string, { columns: SeedColumn[]; rows: SeedRow[] }>();
  for (const row of rows) {
    const columns = [...row.cells.keys()].sort().map((name) =>
      checkCell(table, row, name)
    );
    const id = JSON.stringify(columns.map((column) => column.name));
    const set = sets.get(id) ?? { columns, rows: [] };
    set.rows.push(row);
    sets.set(id, set);
  }
  const key = chooseKey(table, rows, first);
  for (const row of rows) refuseOtherKey(table, row, key);
  return {
    table,
    name: quoteQualified(table.schema, table.name),
    key,
    sets: [...sets.values()],
  };
}

/** The column that a cell is for; refuses what cannot be put there. */
function checkCell(table: SeedTable, row: SeedRow, name: string): SeedColumn {
  const cell = row.cells.get(name);
  const column = table.columns.get(name);
  const fail = (message: string, hint?: string): PawlError =>
    seedError(row.file, cell?.offset ?? row.offset, {
      message: `Cannot seed ${table.name}: ${message}`,
      ...(hint === undefined ? {} : { hint }),
    });
  if (column === undefined || cell === undefined) {
    const near = nearest(name, table.columns.keys());
    throw fail(
      `it has no column ${name}`,
      near === undefined
        ? `Its columns: ${[...table.columns.keys()].join(", ")}`
        : `Did you mean ${near}?`,
    );
  }
  if (column.generated) {
    throw fail(
      `${name} is a generated column`,
      "Leave it out: the database computes it",
    );
  }
  const { value } = cell;
  const fits = value.kind === "list"
    ? column.shape === "array" || column.shape === "json"
    : value.kind === "map"
    ? column.shape === "composite" || column.shape === "json"
    : true;
  if (!fits) {
    throw fail(
      `${name} is ${column.type}, and ${describeValue(value)} is given`,
      "Write the value as a string, as PostgreSQL reads it",
    );
  }
  if (hasNul(value)) {
    throw fail(`${name} has a NUL character, which PostgreSQL cannot store`);
  }
  return column;
}

function gives(row: SeedRow, key: SeedKey): boolean {
  return key.columns.every(({ name }) => {
    const kind = row.cells.get(name)?.value.kind;
    return kind !== undefined && kind !== "null";
  });
}

/** The first key of the table that all rows give: its primary key, or another. */
function chooseKey(
  table: SeedTable,
  rows: readonly SeedRow[],
  first: SeedRow,
): SeedKey {
  const chosen = table.keys.find((key) => rows.every((row) => gives(row, key)));
  if (chosen !== undefined) return chosen;
  const names = table.keys.map((key) =>
    `(${key.columns.map((column) => column.name).join(", ")})`
  );
  if (names.length === 0) {
    throw seedError(first.file, first.offset, {
      message:
        `Cannot seed ${table.name}: it has no primary key and no unique constraint, so a second run would insert the same rows again`,
      hint: "Give the table a primary key, or put the rows into a .sql seed",
    });
  }
  const lacking = rows.find((row) =>
    !table.keys.some((key) => gives(row, key))
  );
  if (lacking !== undefined) {
    throw seedError(lacking.file, lacking.offset, {
      message: `Cannot seed ${table.name}: this row does not give ${
        names.join(" or ")
      }, so a second run would insert it again`,
      hint: "Give every row its key, or put it into a .sql seed",
    });
  }
  const [best] = table.keys;
  const other = rows.find((row) => best !== undefined && !gives(row, best));
  throw seedError((other ?? first).file, (other ?? first).offset, {
    message:
      `Cannot seed ${table.name}: its rows are not all known by the same key (${
        names.join(" or ")
      })`,
    hint: "Give all rows of a table the same key",
  });
}

/** A row that is found by one key must not change another identity of it. */
function refuseOtherKey(table: SeedTable, row: SeedRow, key: SeedKey): void {
  const inKey = new Set(key.columns.map((column) => column.name));
  const primary = table.keys.find((each) => each.primary)?.columns ?? [];
  const fixed = [...table.columns.values()].filter((column) =>
    column.identityAlways || primary.some(({ name }) => name === column.name)
  );
  const given = fixed.find(({ name }) =>
    !inKey.has(name) && row.cells.has(name)
  );
  if (given === undefined) return;
  throw seedError(row.file, row.cells.get(given.name)?.offset ?? row.offset, {
    message: `Cannot seed ${table.name}: its rows are found by (${
      [...inKey].join(", ")
    }), and this one gives ${given.name} too`,
    hint: given.identityAlways && !primary.some(({ name }) =>
        name === given.name
      )
      ? `Leave ${given.name} out: it is GENERATED ALWAYS AS IDENTITY`
      : `Give ${
        primary.map(({ name }) => name).join(", ")
      } in all rows of the table, or in none`,
  });
}
