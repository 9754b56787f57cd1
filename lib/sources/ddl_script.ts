/**
 * A file of DDL as statements: each with the settings of the session that its
 * file has made until there, what is refused said with its line. It knows what
 * schema files look like, pg_dump's too; it must not know databases.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import {
  lineAndColumn,
  type Problem,
  splitStatements,
  type Statement,
} from "../sql/split.ts";

/** A text of DDL, and the path that messages name it by. */
export interface DdlFile {
  /** The path as the user would type it. */
  readonly path: string;
  /** What is in it. */
  readonly text: string;
}

/** A statement that sets something. */
export interface SettingStatement {
  /** The statement, without LOCAL. */
  readonly sql: string;
  /** Where it stands in its file, in UTF-16 units. */
  readonly start: number;
}

/** What a file's SET statements have made of the session. */
export interface SessionState {
  /** The statements that bring it about, from the session's own settings. */
  readonly statements: readonly SettingStatement[];
  /** Whether bodies of functions are checked. */
  readonly checksBodies: boolean;
}

/** A statement of a file. */
export interface DdlStatement {
  /** Its file. */
  readonly file: DdlFile;
  /** Where and what it is. */
  readonly statement: Statement;
  /** The settings that it runs under. */
  readonly state: SessionState;
}

/** What a file says. */
export interface DdlScript {
  /** What is to be run. */
  readonly statements: readonly DdlStatement[];
  /** What was passed over, one line each. */
  readonly warnings: readonly string[];
}

const FRESH: SessionState = { statements: [], checksBodies: true };

/** psql's commands that change nothing of what the statements do. */
const HARMLESS =
  /^\\(restrict|unrestrict|echo|qecho|warn|timing|pset|encoding|\.$)/;

/** Settings that say how to run, or that an older server does not know. */
const IGNORED_SETTINGS: ReadonlySet<string> = new Set([
  "client_encoding",
  "client_min_messages",
  "idle_in_transaction_session_timeout",
  "idle_session_timeout",
  "lock_timeout",
  "log_min_messages",
  "restrict_nonsystem_relation_kind",
  "row_security",
  "statement_timeout",
  "synchronous_commit",
  "transaction_timeout",
]);

/**
 * The error for something in a file.
 *
 * @param file The file.
 * @param offset Where in it, in UTF-16 units.
 * @param what The message behind "Cannot load FILE: ", and a hint.
 */
export function ddlError(
  file: DdlFile,
  offset: number,
  what: {
    readonly message: string;
    readonly hint?: string;
    readonly details?: readonly string[];
  },
): PawlError {
  return new PawlError(
    "schema-invalid",
    `Cannot load ${file.path}: ${what.message}`,
    {
      location: locationIn(file, offset),
      ...(what.hint === undefined ? {} : { hint: what.hint }),
      ...(what.details === undefined ? {} : { details: what.details }),
    },
  );
}

/** A place in a file, for a caret below its line. */
export function locationIn(file: DdlFile, offset: number): {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly text: string;
} {
  const { line, column, text } = lineAndColumn(file.text, offset);
  return { file: file.path, line, column, text: text.slice(0, 200) };
}

/** Such as `schema/users.sql:12`. */
export function placeOf({ file, statement }: DdlStatement): string {
  return `${file.path}:${lineAndColumn(file.text, statement.start).line}`;
}

/**
 * Reads a file's statements.
 *
 * @param file The file.
 * @returns The statements that define something, in the order of the file.
 * @throws {PawlError} `statement-failed` for what cannot be a schema: rows for
 * COPY, commands of psql's, quotes that never close, a transaction that is
 * rolled back.
 */
export function readDdlScript(file: DdlFile): DdlScript {
  const { statements, problems } = splitStatements(file.text);
  for (const problem of problems) refuseProblem(file, problem);
  const reader = new ScriptReader(file);
  for (const statement of statements) reader.add(statement);
  return reader;
}

function refuseProblem(file: DdlFile, problem: Problem): void {
  const { kind, name = "", message, offset } = problem;
  switch (kind) {
    case "meta-command": {
      const line = lineAndColumn(file.text, offset).text;
      if (HARMLESS.test(name) || /^\s*\\set\s+ON_ERROR_STOP\b/.test(line)) {
        return;
      }
      throw ddlError(file, offset, {
        message: `${name} is a command of psql's, not SQL`,
        hint: name === "\\connect" || name === "\\c"
          ? "A schema is of one database: take the line out, and CREATE DATABASE with it"
          : /^\\ir?$|^\\include/.test(name)
          ? "Name the directory, or several files, as the source: every file in it is loaded, in any order"
          : "Take it out: a schema is plain SQL",
      });
    }
    case "copy-from-stdin":
      throw ddlError(file, offset, {
        message,
        hint:
          "A schema has no rows: dump it by pg_dump --schema-only; rows belong into seeds",
      });
    case "unterminated-string":
    case "unterminated-identifier":
    case "unterminated-dollar-string":
    case "unterminated-comment":
    case "nul-character":
      throw ddlError(file, offset, { message });
    default:
      kind satisfies never;
  }
}

/** A setting, and whether it ends with the transaction. */
interface Setting extends SettingStatement {
  readonly name: string;
  readonly local: boolean;
}

/** Takes a file's statements one after the other. */
class ScriptReader implements DdlScript {
  readonly statements: DdlStatement[] = [];
  readonly warnings: string[] = [];
  readonly #file: DdlFile;
  #settings: readonly Setting[] = [];
  #state = FRESH;
  #begun = false;

  constructor(file: DdlFile) {
    this.#file = file;
  }

  add(statement: Statement): void {
    if (this.#isTransactionControl(statement)) return;
    const setting = settingOf(statement);
    if (setting === "ignored") return;
    if (setting !== undefined) {
      this.#set([...this.#settings, setting]);
      return;
    }
    if (this.#isOfServer(statement)) return;
    this.statements.push({ file: this.#file, statement, state: this.#state });
  }

  #set(settings: readonly Setting[]): void {
    this.#settings = settings;
    const bodies = settings.findLast((s) => s.name === "check_function_bodies");
    this.#state = {
      statements: settings.filter((s) => s !== bodies),
      checksBodies: bodies === undefined ||
        !/\b(off|false|no|0)\b/i.test(bodies.sql),
    };
  }

  /** Each statement is committed by itself: what a file holds together does not matter here. */
  #isTransactionControl({ words, start }: Statement): boolean {
    switch (words[0]) {
      case "begin":
      case "start":
        this.#begun = true;
        return true;
      case "commit":
      case "end":
        this.#begun = false;
        this.#set(this.#settings.filter((setting) => !setting.local));
        return true;
      case "rollback":
      case "abort":
      case "savepoint":
      case "release":
      case "prepare":
        throw ddlError(this.#file, start, {
          message: `${words[0].toUpperCase()} has no place in a schema`,
          hint: this.#begun
            ? "Leave only what is to be there in the end"
            : "Take it out",
        });
      default:
        return false;
    }
  }

  /** What is about the whole server, or the database itself, is no part of a schema. */
  #isOfServer({ words, start }: Statement): boolean {
    const [action = "", object = ""] = words;
    const [, , third = ""] = words;
    const global = object === "database" || object === "tablespace" ||
      object === "system";
    if (action === "comment" || action === "security") {
      return third === "database" || third === "tablespace";
    }
    if (!global || !["alter", "create", "drop"].includes(action)) return false;
    const what = `${action} ${object}`.toUpperCase();
    if (action !== "alter") {
      throw ddlError(this.#file, start, {
        message: `${what} is about the server, not about a schema`,
        hint: "Take it out",
      });
    }
    const { line } = lineAndColumn(this.#file.text, start);
    this.warnings.push(
      `${this.#file.path}:${line}: ${what} is no part of a schema and was passed over`,
    );
    return true;
  }
}

const SET =
  /^set\s+(?:(session|local)\s+(?!authorization\b))?("?[\w.]+"?|time\s+zone|session\s+authorization)/i;
const SET_CONFIG =
  /^select\s+(?:pg_catalog\s*\.\s*)?set_config\s*\(\s*'([\w.]+)'/i;

/** The setting that a statement makes; undefined for any other statement. */
function settingOf(
  { start, text, words }: Statement,
): Setting | "ignored" | undefined {
  const [first, second, third] = words;
  if (first === "select") {
    const name = SET_CONFIG.exec(text)?.[1]?.toLowerCase();
    if (name === undefined) return undefined;
    return IGNORED_SETTINGS.has(name)
      ? "ignored"
      : { start, sql: text, name, local: false };
  }
  if (first === "reset") {
    return { start, sql: text, name: second ?? "", local: false };
  }
  if (first !== "set") return undefined;
  if (
    second === "constraints" || second === "transaction" ||
    (second === "session" && third === "characteristics")
  ) return "ignored";
  const match = SET.exec(text);
  if (match === null) return undefined;
  const name = (match[2] ?? "").toLowerCase().replaceAll('"', "");
  if (IGNORED_SETTINGS.has(name)) return "ignored";
  const local = match[1]?.toLowerCase() === "local";
  return {
    start,
    // Every statement is a transaction of its own here.
    sql: local ? text.replace(/^(set\s+)local\s+/i, "$1") : text,
    name,
    local,
  };
}
