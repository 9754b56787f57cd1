/**
 * The database as a JavaScript or TypeScript migration sees it.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import type { Parameter, StatementResult } from "../pg/session.ts";
import { classify } from "../sql/classify.ts";
import { splitStatements } from "../sql/split.ts";
import { type Execution, withCancel } from "./execution.ts";

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
export function encodeParameter(value: ParameterValue): Parameter {
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
export function decodeColumn(
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

/** What a program is given, and what its end does. */
export interface ProgramSession {
  readonly db: MigrationDatabase;
  /** Waits for the calls that the program has not awaited; later ones are refused. */
  end(): Promise<void>;
}

/** Makes the database for one program; `transactional` says whether it runs in one transaction. */
export function programDatabase(
  execution: Execution,
  options: { readonly transactional: boolean; readonly signal: AbortSignal },
): ProgramSession {
  const pending = new Set<Promise<unknown>>();
  let ended = false;
  const tracked = <T>(work: () => Promise<T>): Promise<T> => {
    if (ended) {
      return Promise.reject(
        new TypeError("the migration has ended: await every call on db"),
      );
    }
    const call = withCancel(execution, work);
    pending.add(call);
    const settled = () => void pending.delete(call);
    call.then(settled, settled);
    return call;
  };
  const run = (sql: string, parameters: readonly ParameterValue[]) => {
    refuseControl(sql);
    return tracked(() =>
      execution.session.query(sql, parameters.map(encodeParameter))
    );
  };
  let inTransaction = false;
  const db: MigrationDatabase = {
    query: async (sql, parameters = []) => rowsOf(await run(sql, parameters)),
    execute: async (sql, parameters = []) =>
      (await run(sql, parameters)).rowCount ?? 0,
    script: async (sql) => {
      refuseControl(sql);
      await tracked(() => execution.session.script(sql));
    },
    transaction: async (work) => {
      if (options.transactional || inTransaction) {
        throw new TypeError(
          options.transactional
            ? "db.transaction() needs the line // pawl:transaction none: the whole migration is one transaction"
            : "db.transaction() inside db.transaction()",
        );
      }
      inTransaction = true;
      try {
        await execution.session.script("BEGIN");
        const value = await work();
        await withCancel(execution, () => execution.session.script("COMMIT"));
        return value;
      } catch (error) {
        if (execution.session.open) await execution.session.script("ROLLBACK");
        throw error;
      } finally {
        inTransaction = false;
      }
    },
    log: (message) =>
      execution.onEvent({
        type: "notice",
        notice: { severity: "LOG", sqlstate: "00000", message },
      }),
    signal: options.signal,
  };
  return {
    db,
    end: async () => {
      ended = true;
      await Promise.allSettled(pending);
    },
  };
}

/** A program's own COMMIT would part the migration from its history row. */
function refuseControl(sql: string): void {
  for (const statement of splitStatements(sql).statements) {
    const { control, verb } = classify(statement);
    if (
      control === "begin" || control === "commit" || control === "rollback" ||
      control === "prepare-transaction"
    ) {
      throw new PawlError(
        "migration-invalid",
        `Cannot run ${verb} in a migration: pawl begins and ends its transaction`,
        {
          hint: "Use db.transaction() under // pawl:transaction none",
        },
      );
    }
  }
}
