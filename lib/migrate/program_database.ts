/**
 * The database as a JavaScript or TypeScript migration sees it, in the Worker
 * that it runs in. It knows how values are written and read; it must not know
 * the connection, which is the other side's.
 *
 * @module
 */

import type { Parameter, StatementResult } from "../pg/session.ts";

/** A value of a parameter. Objects and arrays of objects are sent as JSON. */
export type ParameterValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | Date
  | Uint8Array
  | readonly ParameterValue[]
  | { readonly [key: string]: unknown };

/** A value of a row: what PostgreSQL's type is in JavaScript, else its text. */
export type ColumnValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | Uint8Array
  | unknown;

/**
 * What `up(db)` and `down(db)` are given.
 *
 * `int2`, `int4`, `oid`, `float4` and `float8` are numbers, `int8` is a
 * bigint, `bool` a boolean, `json` and `jsonb` parsed, `bytea` a Uint8Array;
 * all others, `numeric`, dates and arrays among them, are PostgreSQL's text.
 */
export interface MigrationDatabase {
  /** Runs one statement and returns its rows, with `$1`, `$2` for parameters. */
  query(
    sql: string,
    parameters?: readonly ParameterValue[],
  ): Promise<Record<string, ColumnValue>[]>;
  /** Runs one statement and returns how many rows it changed. */
  execute(sql: string, parameters?: readonly ParameterValue[]): Promise<number>;
  /** Runs any number of statements without parameters. */
  script(sql: string): Promise<void>;
  /**
   * Commits what `work` does as one. Only with `// pawl:transaction none`:
   * otherwise the whole migration is one transaction already.
   */
  transaction<T>(work: () => Promise<T>): Promise<T>;
  /** Says something to whoever runs the migration. */
  log(message: string): void;
  /** Aborted when the run is interrupted. */
  readonly signal: AbortSignal;
}

/** Turns a value into PostgreSQL's text format. */
function encodeParameter(value: ParameterValue): Parameter {
  if (value === null) return null;
  switch (typeof value) {
    case "string":
      return value;
    case "number":
    case "bigint":
      return String(value);
    case "boolean":
      return value ? "t" : "f";
  }
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return `\\x${hex(value)}`;
  if (Array.isArray(value)) return encodeArray(value);
  return JSON.stringify(value);
}

function encodeArray(values: readonly ParameterValue[]): string {
  const items = values.map((value) => {
    if (value === null) return "NULL";
    if (Array.isArray(value)) return encodeArray(value);
    const text = encodeParameter(value) ?? "";
    return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
  });
  return `{${items.join(",")}}`;
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(
    "",
  );
}

/** Turns a column's text into a JavaScript value by the OID of its type. */
function decodeColumn(
  text: string | null,
  typeOid: number,
): ColumnValue {
  if (text === null) return null;
  switch (typeOid) {
    case 16: // bool
      return text === "t";
    case 20: // int8
      return BigInt(text);
    case 21: // int2
    case 23: // int4
    case 26: // oid
    case 700: // float4
    case 701: // float8
      return Number(text);
    case 114: // json
    case 3802: // jsonb
      return JSON.parse(text);
    case 17: // bytea
      return Uint8Array.from(
        text.slice(2).match(/../g) ?? [],
        (pair) => parseInt(pair, 16),
      );
    default:
      return text;
  }
}

function rowsOf(result: StatementResult): Record<string, ColumnValue>[] {
  return result.rows.map((row) =>
    Object.fromEntries(
      result.fields.map((
        field,
        i,
      ) => [field.name, decodeColumn(row[i] ?? null, field.typeOid)]),
    )
  );
}

/** What a program asks of the side that has the connection. */
export type ProgramCall =
  | {
    readonly kind: "query";
    readonly sql: string;
    readonly parameters: readonly Parameter[];
  }
  | { readonly kind: "script"; readonly sql: string }
  | { readonly kind: "begin" | "commit" | "rollback" };

/** What a program is given, and what its end does. */
export interface ProgramSession {
  /** What `up` and `down` are given. */
  readonly db: MigrationDatabase;
  /** Waits for the calls that the program has not awaited; later ones are refused. */
  end(): Promise<void>;
}

/** The other side, as the database of a program needs it. */
export interface ProgramSide {
  /** Whether the whole program is one transaction. */
  readonly transactional: boolean;
  /** Aborted when the run is interrupted. */
  readonly signal: AbortSignal;
  /** Has a call answered; null where it returns nothing. */
  readonly call: (call: ProgramCall) => Promise<StatementResult | null>;
  /** Says something to whoever runs the migration. */
  readonly log: (message: string) => void;
}

/** Makes the database for one program. */
export function programDatabase(side: ProgramSide): ProgramSession {
  const pending = new Set<Promise<unknown>>();
  let ended = false;
  const held = <T>(work: Promise<T>): Promise<T> => {
    pending.add(work);
    const settled = () => void pending.delete(work);
    work.then(settled, settled);
    return work;
  };
  const tracked = (call: ProgramCall): Promise<StatementResult | null> => {
    if (ended) {
      return Promise.reject(
        new TypeError("the migration has ended: await every call on db"),
      );
    }
    return held(side.call(call));
  };
  const run = (sql: string, parameters: readonly ParameterValue[]) =>
    tracked({
      kind: "query",
      sql,
      parameters: parameters.map(encodeParameter),
    });
  let inTransaction = false;
  const inOne = async <T>(work: () => Promise<T>): Promise<T> => {
    inTransaction = true;
    try {
      await tracked({ kind: "begin" });
      const value = await work();
      await tracked({ kind: "commit" });
      return value;
    } catch (error) {
      await side.call({ kind: "rollback" });
      throw error;
    } finally {
      inTransaction = false;
    }
  };
  const db: MigrationDatabase = {
    query: async (sql, parameters = []) => {
      const result = await run(sql, parameters);
      return result === null ? [] : rowsOf(result);
    },
    execute: async (sql, parameters = []) =>
      (await run(sql, parameters))?.rowCount ?? 0,
    script: async (sql) => {
      await tracked({ kind: "script", sql });
    },
    transaction: async (work) => {
      if (side.transactional || inTransaction) {
        throw new TypeError(
          side.transactional
            ? "db.transaction() needs the line // pawl:transaction none: the whole migration is one transaction"
            : "db.transaction() inside db.transaction()",
        );
      }
      // Its end is waited for even where the program does not.
      return await held(inOne(work));
    },
    log: side.log,
    signal: side.signal,
  };
  return {
    db,
    end: async () => {
      ended = true;
      await Promise.allSettled(pending);
    },
  };
}
