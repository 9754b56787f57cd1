/**
 * Runs statements of files in a throw-away database, each committed by itself
 * and under its file's settings. What fails is given back, to be tried again.
 * It knows sessions; it must not know orders.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import { ServerError, type Session } from "../pg/session.ts";
import { lackOf, SERVER_SHADOW_HINT } from "../shadow/lacks.ts";
import { classify } from "../sql/classify.ts";
import { DdlMessage } from "./ddl_message.ts";
import {
  ddlError,
  type DdlStatement,
  locationIn,
  type SessionState,
} from "./ddl_script.ts";
import { missingRole, roleRemedy } from "./shadow_roles.ts";

/** A statement that the server refused. */
export interface FailedStatement {
  /** Its number in what was to be run. */
  readonly index: number;
  /** The statement. */
  readonly ddl: DdlStatement;
  /** What the server said. */
  readonly error: ServerError;
  /** Where in its file, in UTF-16 units. */
  readonly offset: number;
}

/** What every statement runs under, whatever its file sets. */
const BASE = [
  "RESET SESSION AUTHORIZATION",
  "RESET ROLE",
  "RESET ALL",
  "SET synchronous_commit = off",
  "SET statement_timeout = 0",
  "SET lock_timeout = 0",
  // COMMIT outside of a transaction block warns.
  "SET client_min_messages = error",
];

/** Statements of one message, at most and to begin with again after a failure. */
const MOST = 256;
/** Characters of one message, at most. */
const LONGEST = 1 << 18;

/** Runs statements, and remembers what the session is set to. */
export class DdlRunner {
  readonly #session: Session;
  readonly #searchPath: string | undefined;
  readonly #signal: AbortSignal | undefined;
  #state: SessionState | undefined;
  /** Roles that no statement made. */
  readonly #roles = new Set<string>();
  /** What roles were given that they lacked, as SQL. */
  readonly #remedies = new Set<string>();

  /**
   * Makes a runner.
   *
   * @param session The throw-away database.
   * @param options The `search_path` of statements whose file sets none, and
   * what stops it.
   */
  constructor(
    session: Session,
    options: {
      readonly searchPath?: string | undefined;
      readonly signal?: AbortSignal | undefined;
    } = {},
  ) {
    this.#session = session;
    this.#searchPath = options.searchPath;
    this.#signal = options.signal;
  }

  /**
   * Runs statements in order; one that fails does not stop the others.
   *
   * @param statements What to run.
   * @param options Whether the first failure is the end of it.
   * @returns What failed.
   * @throws {PawlError} `schema-invalid` for a syntax error,
   * `shadow-lacks` for what the embedded database has not.
   */
  async run(
    statements: readonly DdlStatement[],
    options: { readonly stopAtFailure?: boolean } = {},
  ): Promise<FailedStatement[]> {
    const failures: FailedStatement[] = [];
    let most = MOST;
    for (let next = 0; next < statements.length;) {
      const { message, end } = this.#message(statements, next, most);
      const failed = await this.#send(message, statements);
      if (failed === undefined) {
        next = end;
        most = Math.min(MOST, most * 2);
        continue;
      }
      most = 1;
      next = failed.index;
      if (await this.#mend(failed)) continue;
      if (!this.#isMade(failed)) failures.push(failed);
      if (options.stopAtFailure === true && failures.length > 0) break;
      next++;
    }
    return failures;
  }

  /**
   * Runs statements in one transaction that is rolled back, with function
   * bodies checked.
   *
   * @param statements What to run, with the text to run instead of its own.
   * @returns What failed.
   */
  async check(
    statements: readonly { readonly ddl: DdlStatement; readonly sql: string }[],
  ): Promise<FailedStatement[]> {
    const failures: FailedStatement[] = [];
    for (let next = 0; next < statements.length;) {
      const message = new DdlMessage();
      message.add("BEGIN", next);
      let state: SessionState | undefined;
      const end = Math.min(statements.length, next + MOST);
      for (let i = next; i < end; i++) {
        const one = statements[i];
        if (one === undefined) break;
        if (one.ddl.state !== state) {
          state = one.ddl.state;
          this.#prepare(message, state, i);
          message.add("SET check_function_bodies = on", i);
        }
        message.add(one.sql, i, one.ddl.statement.start);
      }
      message.add("ROLLBACK", end);
      this.#state = undefined;
      const failed = await this.#send(
        message,
        statements.map(({ ddl }) => ddl),
      );
      if (failed !== undefined) {
        await this.#session.script("ROLLBACK");
        failures.push(failed);
      }
      next = failed === undefined ? end : failed.index + 1;
    }
    return failures;
  }

  /** As many statements as one message takes. */
  #message(
    statements: readonly DdlStatement[],
    start: number,
    most: number,
  ): { readonly message: DdlMessage; readonly end: number } {
    const message = new DdlMessage();
    let end = start;
    let state = this.#state;
    for (; end < statements.length && end - start < most; end++) {
      const ddl = statements[end];
      if (ddl === undefined || message.sql.length > LONGEST) break;
      const alone = runsAlone(ddl);
      const prepared = ddl.state === state;
      if (alone && end > start) break;
      if (!prepared) {
        this.#prepare(message, ddl.state, end);
        // A failure further on must not take the settings back.
        message.add("COMMIT", end);
        state = ddl.state;
        if (alone) break;
      }
      message.add(ddl.statement.text, end, ddl.statement.start);
      if (alone) {
        end++;
        break;
      }
      message.add("COMMIT", end);
    }
    this.#state = state;
    return { message, end };
  }

  #prepare(message: DdlMessage, state: SessionState, index: number): void {
    for (const sql of BASE) message.add(sql, index);
    if (this.#searchPath !== undefined) {
      message.add(`SET search_path = ${this.#searchPath}`, index);
    }
    for (const { sql, start } of state.statements) {
      message.add(sql, index, start);
    }
    message.add("SET check_function_bodies = off", index);
  }

  /** Sends a message; gives back the statement that failed. */
  async #send(
    message: DdlMessage,
    statements: readonly DdlStatement[],
  ): Promise<FailedStatement | undefined> {
    // A request to cancel that comes between two messages is lost.
    if (this.#signal?.aborted) throw this.#signal.reason;
    try {
      await this.#session.script(message.sql);
      return undefined;
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      this.#state = undefined;
      // Nobody's statement is to blame for a cancelled one or a full disk.
      if (/^5[378]/.test(error.sqlstate)) throw error;
      const { index, offset } = message.failed(error.completed, error.fields);
      const ddl = statements[index];
      if (ddl === undefined) throw error;
      return { index, ddl, error, offset: offset ?? ddl.statement.start };
    }
  }

  /** Puts right what may be: a role that is missing is made in the embedded database. */
  async #mend({ ddl, error, offset }: FailedStatement): Promise<boolean> {
    const { sqlstate, message, position } = error.fields;
    const embedded = this.#session.info.backend === "embedded";
    if (sqlstate === "42601" && position !== undefined) {
      throw ddlError(ddl.file, offset, { message });
    }
    const lack = embedded ? lackOf(error.fields) : undefined;
    if (lack !== undefined) {
      throw new PawlError(
        "shadow-lacks",
        `Cannot load ${ddl.file.path}: the embedded database has no ${lack}`,
        {
          location: locationIn(ddl.file, offset),
          hint: SERVER_SHADOW_HINT,
          server: { sqlstate, message },
          cause: error,
        },
      );
    }
    const remedy = roleRemedy(error, ddl.statement.text);
    if (remedy === undefined) return false;
    const role = missingRole(error);
    if (!embedded) {
      if (role === undefined) return false;
      throw ddlError(ddl.file, offset, {
        message,
        hint:
          "A shadow on a server creates no roles: create it there, or use the embedded shadow, which does",
      });
    }
    if (this.#remedies.has(remedy)) return false;
    this.#remedies.add(remedy);
    if (role !== undefined) this.#roles.add(role);
    await this.#session.script(remedy);
    return true;
  }

  /** CREATE ROLE of a role that was missing before. */
  #isMade({ ddl, error }: FailedStatement): boolean {
    const name = /^role "(.*)" already exists$/.exec(error.message)?.[1];
    return name !== undefined && this.#roles.has(name) &&
      ddl.statement.words[0] === "create";
  }
}

/** What cannot be in a transaction, or ends it by itself. */
function runsAlone({ statement }: DdlStatement): boolean {
  const [first] = statement.words;
  return first === "call" || first === "do" ||
    classify(statement).transaction === "forbidden";
}
