/**
 * What a connection to PostgreSQL is to the rest of pawl: one small interface
 * over a server (npm:pg) and the embedded database (PGlite in a Worker).
 * Values travel as PostgreSQL's text format, so that both say the same.
 *
 * @module
 */

/** A parameter of {@linkcode Session.query}, sent in text format. */
export type Parameter = string | null;

/** A column of a result. */
export interface Field {
  /** The column's name. */
  readonly name: string;
  /** The OID of its type. */
  readonly typeOid: number;
}

/** What one statement returned. */
export interface StatementResult {
  /** The command tag's first word(s), such as `SELECT` or `CREATE TABLE`. */
  readonly command: string;
  /** Rows affected or returned; null for commands that count none. */
  readonly rowCount: number | null;
  /** The columns; empty for commands that return no rows. */
  readonly fields: readonly Field[];
  /** The rows, each value in text format. */
  readonly rows: readonly (readonly (string | null)[])[];
}

/** A statement of a script whose rows are coming. */
export interface RowSource {
  /** Its number in the script, from 0. */
  readonly statement: number;
  /** Its columns. */
  readonly fields: readonly Field[];
}

/**
 * Takes the rows of a script as they come, instead of results that hold them.
 *
 * @param values The row, each value in text format.
 * @param source Where it is from: one object for all rows of a statement.
 */
export type RowListener = (
  values: readonly (string | null)[],
  source: RowSource,
) => void;

/** A notice, warning or other message that is no error. */
export interface Notice {
  /** NOTICE, WARNING, INFO, LOG or DEBUG. */
  readonly severity: string;
  /** The five-character SQLSTATE. */
  readonly sqlstate: string;
  /** The primary message. */
  readonly message: string;
  /** The DETAIL field. */
  readonly detail?: string;
  /** The HINT field. */
  readonly hint?: string;
}

/** What is known of the database behind a session. */
export interface DatabaseInfo {
  /** `server` for a PostgreSQL server, `embedded` for PGlite. */
  readonly backend: "server" | "embedded";
  /** `server_version_num`, such as 150018. */
  readonly version: number;
  /** `server_version`, such as `15.18`. */
  readonly versionText: string;
  /** `current_database()`. */
  readonly database: string;
  /** `session_user`. */
  readonly user: string;
  /** Where it is, without any secret: `host:port/database`, or `pglite:DIR`. */
  readonly place: string;
  /** The backend's process id (0 on the embedded database). */
  readonly pid: number;
  /**
   * Whether a connection pooler may hand each transaction to another backend:
   * the pid of BackendKeyData is not `pg_backend_pid()`.
   */
  readonly pooled: boolean;
  /** `pg_is_in_recovery()`. */
  readonly standby: boolean;
}

/** One connection to a database. Calls are made one at a time. */
export interface Session {
  /** What is known of the database, read once while connecting. */
  readonly info: DatabaseInfo;
  /** False once the connection is closed or lost. */
  readonly open: boolean;

  /**
   * Runs one statement with parameters by the extended protocol.
   *
   * @throws {ServerError} When the server refuses the statement.
   * @throws {ConnectionLostError} When the connection ends in the middle.
   */
  query(
    sql: string,
    parameters?: readonly Parameter[],
  ): Promise<StatementResult>;

  /**
   * Runs any number of statements in one round trip by the simple protocol.
   *
   * With `onRow` the results have no rows: each is handed over when it comes,
   * while the server works on. What `onRow` throws is thrown when the script
   * has ended; rows that follow are dropped.
   *
   * @throws {ServerError} With `completed`, the number of statements that ran.
   * @throws {ConnectionLostError} When the connection ends in the middle.
   */
  script(sql: string, onRow?: RowListener): Promise<StatementResult[]>;

  /** Calls `listener` for every notice until the returned function is called. */
  onNotice(listener: (notice: Notice) => void): () => void;

  /**
   * Asks the server to cancel what this session runs now. Harmless when idle.
   * On the embedded database the Worker is terminated: the session is closed.
   */
  cancel(): Promise<void>;

  /** Ends the connection. May be called twice. */
  close(): Promise<void>;
}

/** The fields of an ErrorResponse message. */
export interface ServerErrorFields {
  /** ERROR, FATAL or PANIC. */
  readonly severity: string;
  /** The five-character SQLSTATE. */
  readonly sqlstate: string;
  /** The primary message. */
  readonly message: string;
  /** The DETAIL field. */
  readonly detail?: string;
  /** The HINT field. */
  readonly hint?: string;
  /** In characters from 1, into the text that was sent. */
  readonly position?: number;
  /** In characters from 1, into `internalQuery`. */
  readonly internalPosition?: number;
  /** A query that the server made itself, such as one of a function. */
  readonly internalQuery?: string;
  /** The CONTEXT field. */
  readonly where?: string;
  /** The schema that the error is about. */
  readonly schema?: string;
  /** The table that the error is about. */
  readonly table?: string;
  /** The column that the error is about. */
  readonly column?: string;
  /** The data type that the error is about. */
  readonly dataType?: string;
  /** The constraint that the error is about. */
  readonly constraint?: string;
}

/** A statement was refused by the server; the connection is still good. */
export class ServerError extends Error {
  /** Always `ServerError`. */
  override readonly name = "ServerError";
  /** Every field of the server's ErrorResponse. */
  readonly fields: ServerErrorFields;
  /** How many statements of the script had completed before. */
  readonly completed: number;

  /** Wraps the fields of an ErrorResponse. */
  constructor(fields: ServerErrorFields, completed: number) {
    super(fields.message);
    this.fields = fields;
    this.completed = completed;
  }

  /** The five-character SQLSTATE. */
  get sqlstate(): string {
    return this.fields.sqlstate;
  }
}

/** The connection ended: nobody knows whether what was being run has happened. */
export class ConnectionLostError extends Error {
  /** Always `ConnectionLostError`. */
  override readonly name = "ConnectionLostError";
  /** What the server said last, when it said something (a FATAL error). */
  readonly fields: ServerErrorFields | undefined;

  /** Makes the error; `fields` where the server said why. */
  constructor(message: string, fields?: ServerErrorFields) {
    super(message);
    this.fields = fields;
  }
}

/**
 * The rows of a result as records by column name, values in text format.
 *
 * @param result What a statement returned.
 * @returns One record a row.
 */
export function records(
  result: StatementResult,
): Record<string, string | null>[] {
  return result.rows.map((row) =>
    Object.fromEntries(
      result.fields.map((field, i) => [field.name, row[i] ?? null]),
    )
  );
}
