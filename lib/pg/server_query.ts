/**
 * One round trip to a server, as the driver runs it: what is sent, and what is
 * kept of the answers. Everything is text; of COPY nothing is kept.
 *
 * @module
 */

import type { DriverConnection, DriverField, DriverQuery } from "./driver.ts";
import type {
  Field,
  Notice,
  Parameter,
  RowListener,
  RowSource,
  ServerErrorFields,
  StatementResult,
} from "./session.ts";

/** What was asked and what has come back. */
export class RoundTrip implements DriverQuery {
  /** What the statements returned. */
  readonly results: StatementResult[] = [];
  /** The ErrorResponse, when there was one. */
  error: ServerErrorFields | undefined;
  /** How many CommandComplete messages came. */
  completed = 0;
  readonly #sql: string;
  readonly #parameters: readonly Parameter[] | undefined;
  #fields: readonly Field[] = [];
  #rows: (readonly (string | null)[])[] = [];
  #copyRefused = false;
  readonly #onRow: RowListener | undefined;
  #source: RowSource | undefined;
  #thrown: { readonly error: unknown } | undefined;

  /**
   * Prepares a round trip.
   *
   * @param sql What to run.
   * @param parameters The parameters of one statement, for the extended
   * protocol; undefined for the simple protocol.
   * @param onRow Takes the rows; undefined: the results have them.
   */
  constructor(
    sql: string,
    parameters: readonly Parameter[] | undefined,
    onRow?: RowListener,
  ) {
    this.#sql = sql;
    this.#parameters = parameters;
    this.#onRow = onRow;
  }

  /** Sends it. Statements and portals are unnamed, as poolers need it. */
  submit(connection: DriverConnection): null {
    if (this.#parameters === undefined) {
      connection.query(this.#sql);
      return null;
    }
    connection.parse({ text: this.#sql, name: "", types: [] });
    connection.bind({
      portal: "",
      statement: "",
      values: this.#parameters,
      binary: false,
    });
    connection.describe({ type: "P", name: "" });
    connection.execute({ portal: "", rows: 0 });
    connection.sync();
    return null;
  }

  /** Remembers the columns of the rows that follow. */
  handleRowDescription(
    message: { readonly fields: readonly DriverField[] },
  ): void {
    this.#rows = [];
    this.#fields = message.fields.map((field) => ({
      name: field.name,
      typeOid: field.dataTypeID,
    }));
    this.#source = { statement: this.completed, fields: this.#fields };
  }

  /** Keeps a row, or hands it over. An error there must not break the driver. */
  handleDataRow(
    message: { readonly fields: readonly (string | null)[] },
  ): void {
    if (this.#onRow === undefined) {
      this.#rows.push(message.fields);
    } else if (this.#source !== undefined && this.#thrown === undefined) {
      try {
        this.#onRow(message.fields, this.#source);
      } catch (error) {
        this.#thrown = { error };
      }
    }
  }

  /** Throws what the listener for rows has thrown. */
  rethrow(): void {
    if (this.#thrown !== undefined) throw this.#thrown.error;
  }

  /** A statement has ended well. */
  handleCommandComplete(message: { readonly text: string }): void {
    this.completed++;
    this.results.push({
      ...commandTag(message.text),
      fields: this.#fields,
      rows: this.#rows,
    });
    this.#fields = [];
    this.#rows = [];
  }

  /** An empty statement is none. */
  handleEmptyQuery(): void {}

  /** Cannot happen: all rows are asked for at once. */
  handlePortalSuspended(): void {}

  /** There is nothing to send: the server makes an error of that. */
  handleCopyInResponse(connection: DriverConnection): void {
    this.#copyRefused = true;
    connection.sendCopyFail("pawl has no data to send");
    // The Sync that was sent with the statement was lost in copy mode.
    if (this.#parameters !== undefined) connection.sync();
  }

  /** The data of COPY TO STDOUT goes nowhere. */
  handleCopyData(): void {}

  /** Keeps the first ErrorResponse; whether the connection is lost shows later. */
  handleError(error: unknown): void {
    const fields = errorFields(error);
    if (fields === undefined || this.error !== undefined) return;
    // The server calls a failed COPY a cancelled one (57014), which would read
    // as a time-out or an interrupt.
    this.error = this.#copyRefused && fields.sqlstate === "57014"
      ? {
        ...fields,
        sqlstate: "0A000",
        message: "COPY FROM STDIN cannot run here: there is no data to send",
        hint: "put the rows into INSERT statements, or load the file with psql",
      }
      : fields;
  }

  /** The session settles the round trip. */
  handleReadyForQuery(): void {}
}

/**
 * Splits a command tag.
 *
 * @param tag Such as `INSERT 0 5`, `SELECT 3` or `CREATE TABLE`.
 * @returns The command, and the rows that it counted.
 */
export function commandTag(
  tag: string,
): { readonly command: string; readonly rowCount: number | null } {
  const match = /^(.*?)(?: (\d+))?(?: (\d+))?$/.exec(tag);
  const count = match?.[3] ?? match?.[2];
  return {
    command: match?.[1] ?? tag,
    rowCount: count === undefined ? null : Number(count),
  };
}

/**
 * The fields of an ErrorResponse, from what the driver made of it.
 *
 * @param error What the driver reported.
 * @returns The fields, or undefined when it is no message of the server.
 */
export function errorFields(error: unknown): ServerErrorFields | undefined {
  const message = messageFields(error);
  if (message === undefined) return undefined;
  const { text, sqlstate, severity } = message;
  const position = Number(text("position") ?? 0);
  const internalPosition = Number(text("internalPosition") ?? 0);
  return {
    // Severities are translated by lc_messages; what is not English is an ERROR.
    severity: ["ERROR", "FATAL", "PANIC"].includes(severity)
      ? severity
      : "ERROR",
    sqlstate,
    message: text("message") ?? "",
    ...optional("detail", text("detail")),
    ...optional("hint", text("hint")),
    ...(position > 0 ? { position } : {}),
    ...(internalPosition > 0 ? { internalPosition } : {}),
    ...optional("internalQuery", text("internalQuery")),
    ...optional("where", text("where")),
    ...optional("schema", text("schema")),
    ...optional("table", text("table")),
    ...optional("column", text("column")),
    ...optional("dataType", text("dataType")),
    ...optional("constraint", text("constraint")),
  };
}

/**
 * A notice, from what the driver made of a NoticeResponse.
 *
 * @param notice What the driver reported.
 * @returns The notice, or undefined when it is none.
 */
export function noticeFields(notice: unknown): Notice | undefined {
  const message = messageFields(notice);
  if (message === undefined) return undefined;
  const { text, sqlstate, severity } = message;
  const translated = sqlstate.startsWith("01") ? "WARNING" : "NOTICE";
  return {
    severity: /^(?:NOTICE|WARNING|INFO|LOG|DEBUG\d?)$/.test(severity)
      ? severity.replace(/\d$/, "")
      : translated,
    sqlstate,
    message: text("message") ?? "",
    ...optional("detail", text("detail")),
    ...optional("hint", text("hint")),
  };
}

interface MessageFields {
  readonly text: (name: string) => string | undefined;
  readonly sqlstate: string;
  readonly severity: string;
}

function messageFields(message: unknown): MessageFields | undefined {
  if (typeof message !== "object" || message === null) return undefined;
  const values = new Map<string, unknown>(Object.entries(message));
  // An Error's message is no enumerable property.
  if (message instanceof Error) values.set("message", message.message);
  const text = (name: string): string | undefined => {
    const value = values.get(name);
    return typeof value === "string" ? value : undefined;
  };
  const sqlstate = text("code");
  const severity = text("severity");
  return sqlstate === undefined || severity === undefined
    ? undefined
    : { text, sqlstate, severity };
}

function optional<K extends string>(
  name: K,
  value: string | undefined,
): { readonly [P in K]?: string } {
  if (value === undefined) return {};
  const field: { [P in K]?: string } = {};
  field[name] = value;
  return field;
}
