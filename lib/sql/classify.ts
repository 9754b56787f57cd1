/**
 * What a statement is, by its tokens alone: whether a transaction may hold
 * it, what it locks, creates and destroys, and how the catalog tells whether
 * it has happened. It knows no parser and no catalog: what neither words nor
 * names tell is decided to the side of caution.
 *
 * @module
 */

import type {
  Effect,
  StatementClass,
  TransactionControl,
} from "./classification.ts";
import { Cursor, type SqlToken, tokensOf } from "./cursor.ts";
import { destructionsOf } from "./destructive.ts";
import { isDml, readDml } from "./dml.ts";
import { execution } from "./effect.ts";
import { type Head, readHead } from "./head.ts";
import { NO_LOCKS, type StrongLocks } from "./locked_relations.ts";
import { strongLocks } from "./locks.ts";
import { onlyValidates } from "./locks_alter.ts";
import { type QualifiedName, relationKey } from "./names.ts";
import { inspectCode, type OpaqueCode } from "./opaque.ts";
import type { Statement } from "./split.ts";

export type {
  Destruction,
  DestructionKind,
  Effect,
  StatementClass,
  TransactionControl,
  TransactionRule,
} from "./classification.ts";

/** First words of what defines objects or locks like it. */
const DDL: ReadonlySet<string> = new Set([
  "create",
  "alter",
  "drop",
  "truncate",
  "comment",
  "grant",
  "revoke",
  "security",
  "reindex",
  "cluster",
  "refresh",
  "import",
  "reassign",
]);

const TRANSACTIONAL: Effect = { kind: "transactional" };

/** What every statement is unless its tokens say otherwise. */
const ORDINARY = {
  transaction: "allowed",
  control: undefined,
  ddl: false,
  concurrently: false,
  validate: false,
  strongLock: false,
  relations: [],
  modes: NO_LOCKS.modes,
  locksOthers: false,
  creates: undefined,
  destructive: [],
  effect: TRANSACTIONAL,
} satisfies Omit<StatementClass, "verb">;

/**
 * Classifies a statement.
 *
 * @param statement A statement of `splitStatements()`.
 * @returns What can be said of it.
 *
 * @example An index that is built beside the running application
 * ```ts
 * import { classify } from "./classify.ts";
 * import { splitStatements } from "./split.ts";
 * import assert from "node:assert/strict";
 *
 * const [statement] = splitStatements(
 *   "CREATE INDEX CONCURRENTLY users_email_idx ON app.users (email)",
 * ).statements;
 * assert.ok(statement);
 * const { verb, transaction, effect } = classify(statement);
 * assert.equal(verb, "CREATE INDEX");
 * assert.equal(transaction, "forbidden");
 * assert.deepEqual(effect, {
 *   kind: "index-created",
 *   index: "users_email_idx",
 *   table: { schema: "app", name: "users" },
 *   ifNotExists: false,
 * });
 * ```
 */
export function classify(statement: Statement): StatementClass {
  if (isDml(statement.words)) {
    const { verb, creates, destructive } = readDml(statement.text);
    return {
      ...ORDINARY,
      verb,
      ddl: creates !== undefined,
      creates: creates === undefined ? undefined : relationKey(creates),
      destructive,
    };
  }
  const tokens = tokensOf(statement.text);
  const start = new Cursor(tokens);
  const head = readHead(start);
  const control = controlOf(head, start);
  if (control !== undefined) {
    const inside = control === "savepoint" || control === "release" ||
      control === "rollback-to";
    const transaction = inside ? "allowed" : "forbidden";
    return { ...ORDINARY, verb: head.verb, control, transaction };
  }
  const behind = (): Cursor => new Cursor(tokens, start.at);
  const code = head.verb === "DO" ? inspectCode(tokens) : undefined;
  const locks = code === undefined
    ? strongLocks(head, behind())
    : asLocks(code);
  return {
    ...ORDINARY,
    ...execution(head, behind()),
    verb: createsAs(head, behind()) ? "CREATE TABLE AS" : head.verb,
    ddl: DDL.has(head.action),
    validate: head.verb === "ALTER TABLE" && onlyValidates(behind()),
    strongLock: locks.modes.size > 0 || locks.others,
    relations: [...locks.modes.keys()],
    modes: locks.modes,
    locksOthers: locks.others,
    creates: created(head, behind()),
    destructive: code?.destructive ?? destructionsOf(head, behind()),
  };
}

/**
 * Whether a statement takes a strong lock on a relation that was there
 * before: the statements that `statement_timeout` is for.
 *
 * @param statement What a statement is.
 * @param created The relations that the same run has created, as `creates`
 * gives them.
 * @returns False where all that it locks so is new.
 */
export function locksExisting(
  statement: StatementClass,
  created: ReadonlySet<string>,
): boolean {
  return statement.strongLock &&
    (statement.locksOthers ||
      statement.relations.some((relation) => !created.has(relation)));
}

function asLocks(code: OpaqueCode): StrongLocks {
  return code.strongLock ? { ...NO_LOCKS, others: true } : NO_LOCKS;
}

function controlOf(
  head: Head,
  cursor: Cursor,
): TransactionControl | undefined {
  switch (head.verb) {
    case "BEGIN":
    case "START TRANSACTION":
      return "begin";
    case "COMMIT":
      return "commit";
    case "PREPARE TRANSACTION":
      return "prepare-transaction";
    case "SAVEPOINT":
      return "savepoint";
    case "RELEASE":
      return "release";
    case "ROLLBACK": {
      const rest = new Cursor(cursor.tokens, cursor.at);
      if (!rest.accept("work")) rest.accept("transaction");
      return rest.isNext("to") ? "rollback-to" : "rollback";
    }
    default:
      return undefined;
  }
}

/** The relation that CREATE surely creates. */
function created(head: Head, cursor: Cursor): string | undefined {
  if (head.action !== "create" || head.orReplace) return undefined;
  switch (head.object) {
    case "table":
    case "foreign table":
    case "view":
    case "materialized view":
    case "sequence": {
      if (cursor.accept("if", "not", "exists")) return undefined;
      const name: QualifiedName | undefined = cursor.name();
      return name === undefined ? undefined : relationKey(name);
    }
    default:
      return undefined;
  }
}

/** Whether CREATE TABLE takes its rows from a query. */
function createsAs(head: Head, cursor: Cursor): boolean {
  if (head.verb !== "CREATE TABLE") return false;
  cursor.accept("if", "not", "exists");
  cursor.name();
  const first: SqlToken | undefined = cursor.tokens[cursor.at];
  return first !== undefined && cursor.skipTo("as");
}
