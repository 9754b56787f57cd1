/**
 * Whether a statement that cannot run in a transaction has happened: what to
 * ask the catalog before it is sent, and what the answers before and now mean
 * together. Pure: SQL as text, answers as data.
 *
 * @module
 */

import type { Effect } from "../sql/classification.ts";
import { classify } from "../sql/classify.ts";
import type { QualifiedName } from "../sql/names.ts";
import { splitStatements } from "../sql/split.ts";
import { dollarQuote, quoteLiteral, quoteQualified } from "../sql/quote.ts";

/** What became of a statement. */
export type Outcome =
  | { readonly kind: "done" }
  | { readonly kind: "not-done" }
  /** A concurrent build has left this index INVALID. */
  | {
    readonly kind: "invalid-index";
    readonly schema: string;
    readonly name: string;
    readonly oid: number;
    readonly table: number;
    /** `i` for an ordinary index, `I` for a partitioned one. */
    readonly relkind: string;
  }
  /** DETACH … CONCURRENTLY stopped between its two transactions. */
  | {
    readonly kind: "detach-pending";
    readonly parent: string;
    readonly partition: string;
  }
  /** Only a person can tell; `look` says where. */
  | { readonly kind: "unknown"; readonly look: string };

function qualified(name: QualifiedName): string {
  return quoteQualified(name.schema, name.name);
}

function regclass(name: QualifiedName): string {
  return `pg_catalog.to_regclass(${quoteLiteral(qualified(name))})`;
}

/** What a statement does, by its text. */
export function effectOf(sql: string): Effect {
  const [statement] = splitStatements(sql).statements;
  return statement === undefined
    ? { kind: "unknown" }
    : classify(statement).effect;
}

/**
 * An SQL expression of type jsonb that says how things stand, taken once
 * before the statement is sent and once when it must be known whether it
 * happened.
 *
 * @returns Undefined where the catalog cannot tell, or need not.
 */
export function probeStatement(effect: Effect): string | undefined {
  switch (effect.kind) {
    case "index-created":
      return `(SELECT coalesce(pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object('oid', i.indexrelid::bigint, 'table', i.indrelid::bigint, 'schema', n.nspname, 'name', c.relname, 'relkind', c.relkind, 'valid', i.indisvalid AND i.indisready)), '[]'::jsonb) FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE i.indrelid = ${
        regclass(effect.table)
      })`;
    case "index-dropped":
      return `pg_catalog.to_jsonb(${regclass(effect.index)}::oid::bigint)`;
    case "partition-detached":
      return `(SELECT pg_catalog.jsonb_build_object('pending', h.inhdetachpending) FROM pg_catalog.pg_inherits h WHERE h.inhparent = ${
        regclass(effect.parent)
      } AND h.inhrelid = ${regclass(effect.partition)})`;
    case "database-created":
    case "database-dropped":
      return oidOf("pg_database", "datname", effect.name);
    case "tablespace-created":
    case "tablespace-dropped":
      return oidOf("pg_tablespace", "spcname", effect.name);
    case "subscription-created":
    case "subscription-dropped":
      return oidOf("pg_subscription", "subname", effect.name);
    case "transactional":
    case "reindexed":
    case "idempotent":
    case "unknown":
      return undefined;
    default:
      return effect satisfies never;
  }
}

function oidOf(table: string, column: string, name: string): string {
  return `(SELECT pg_catalog.to_jsonb(oid::bigint) FROM pg_catalog.${table} WHERE ${column} = ${
    quoteLiteral(name)
  })`;
}

interface IndexState {
  readonly oid: number;
  readonly table: number;
  readonly schema: string;
  readonly name: string;
  readonly relkind: string;
  readonly valid: boolean;
}

function isIndexState(value: unknown): value is IndexState {
  return typeof value === "object" && value !== null && "oid" in value &&
    "valid" in value &&
    "name" in value && "schema" in value && "relkind" in value &&
    "table" in value;
}

function indexStates(value: unknown): IndexState[] {
  return Array.isArray(value) ? value.filter(isIndexState) : [];
}

/**
 * What became of a statement that was begun.
 *
 * @param effect What it does.
 * @param before The answer to the probe before it was sent.
 * @param now The answer now.
 */
export function outcomeOf(
  effect: Effect,
  before: unknown,
  now: unknown,
): Outcome {
  switch (effect.kind) {
    case "index-created":
      return indexOutcome(effect.index, indexStates(before), indexStates(now));
    case "index-dropped":
    case "database-dropped":
    case "tablespace-dropped":
    case "subscription-dropped":
      return before !== null && now !== before
        ? { kind: "done" }
        : { kind: "not-done" };
    case "database-created":
    case "tablespace-created":
    case "subscription-created":
      return before === null && now !== null
        ? { kind: "done" }
        : { kind: "not-done" };
    case "partition-detached":
      if (before !== null && now === null) return { kind: "done" };
      return isPending(now)
        ? {
          kind: "detach-pending",
          parent: qualified(effect.parent),
          partition: qualified(effect.partition),
        }
        : { kind: "not-done" };
    case "transactional":
    case "reindexed":
    case "idempotent":
      return { kind: "not-done" };
    case "unknown":
      return {
        kind: "unknown",
        look: "the catalog cannot tell: look at what the statement changes",
      };
    default:
      return effect satisfies never;
  }
}

function isPending(value: unknown): boolean {
  return typeof value === "object" && value !== null && "pending" in value &&
    value.pending === true;
}

/** Only an index that was not there before is our statement's. */
function indexOutcome(
  name: string | undefined,
  before: readonly IndexState[],
  now: readonly IndexState[],
): Outcome {
  const known = new Set(before.map((index) => index.oid));
  const fresh = now.filter((index) =>
    !known.has(index.oid) && (name === undefined || index.name === name)
  );
  const [first, second] = fresh;
  if (first === undefined) return { kind: "not-done" };
  if (name === undefined && (second !== undefined || !first.valid)) {
    return {
      kind: "unknown",
      look: `the statement names no index; since then there is ${
        fresh.map((i) => `${i.name}${i.valid ? "" : " (INVALID)"}`).join(", ")
      }`,
    };
  }
  return first.valid ? { kind: "done" } : { kind: "invalid-index", ...first };
}

/** The quoted, qualified name of an index. */
export function quotedIndex(
  index: { readonly schema: string; readonly name: string },
): string {
  return quoteQualified(index.schema, index.name);
}

/** The statement that lists the sessions at work on an index or its table. */
export function indexWorkers(
  index: { readonly oid: number; readonly table: number },
): string {
  return `SELECT l.pid FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid WHERE l.relation IN (${index.oid}, ${index.table}) AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()) AND l.pid <> pg_catalog.pg_backend_pid() AND l.mode IN ('ShareUpdateExclusiveLock', 'ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock') AND coalesce(a.backend_type, '') <> 'autovacuum worker' LIMIT 1`;
}

/** The statement that ends an interrupted DETACH PARTITION CONCURRENTLY. */
export function finishDetach(
  outcome: { readonly parent: string; readonly partition: string },
): string {
  return `ALTER TABLE ${outcome.parent} DETACH PARTITION ${outcome.partition} FINALIZE`;
}

/**
 * A statement that raises where `CREATE INDEX IF NOT EXISTS` would be content
 * with an INVALID index.
 *
 * @param sql The statement that is about to run.
 * @returns Undefined for any other statement.
 */
export function refuseInvalidIndex(sql: string): string | undefined {
  if (!/^create\s+(unique\s+)?index\s/i.test(sql)) return undefined;
  // Read as a concurrent build, whose effect names the index.
  const plain = /^(create\s+(?:unique\s+)?index\s+)(?=if\b)/i;
  const effect = effectOf(sql.replace(plain, "$1CONCURRENTLY "));
  if (
    effect.kind !== "index-created" || !effect.ifNotExists ||
    effect.index === undefined
  ) {
    return undefined;
  }
  const body = [
    "",
    "BEGIN",
    "  IF EXISTS (SELECT FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid",
    `    WHERE i.indrelid = ${regclass(effect.table)} AND c.relname = ${
      quoteLiteral(effect.index)
    }`,
    "    AND c.relkind = 'i' AND NOT (i.indisvalid AND i.indisready)) THEN",
    `    RAISE EXCEPTION USING ERRCODE = 'PAWL2', MESSAGE = ${
      quoteLiteral(
        `index ${effect.index} exists and is INVALID: IF NOT EXISTS would keep it`,
      )
    };`,
    "  END IF;",
    "END",
    "",
  ].join("\n");
  return `DO ${dollarQuote(body)}`;
}
