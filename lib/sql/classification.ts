/**
 * The words in which pawl speaks of a statement: whether a transaction may
 * hold it, what it locks and destroys, and how the catalog tells whether it
 * has happened. Types only.
 *
 * @module
 */

import type { StrongMode } from "./locked_relations.ts";
import type { QualifiedName } from "./names.ts";

/**
 * Whether a statement can run inside a transaction block: `depends` where the
 * statement runs code that may itself commit (CALL, DO). The statements that
 * control a transaction as a whole are `forbidden`: they would end, or warn
 * in, the one that is open.
 */
export type TransactionRule = "allowed" | "forbidden" | "depends";

/**
 * What a transaction control statement does. The last three work inside a
 * transaction and leave it open.
 */
export type TransactionControl =
  | "begin"
  | "commit"
  | "rollback"
  | "prepare-transaction"
  | "savepoint"
  | "release"
  | "rollback-to";

/** What a statement destroys. */
export type DestructionKind =
  | "drop-table"
  | "drop-column"
  | "drop-schema"
  | "drop-view"
  | "drop-materialized-view"
  | "drop-foreign-table"
  | "drop-sequence"
  | "drop-type"
  | "drop-domain"
  | "drop-attribute"
  | "drop-extension"
  | "drop-database"
  | "drop-owned"
  | "drop-cascade"
  | "truncate"
  | "delete";

/** One thing that a statement destroys. */
export interface Destruction {
  /** What is done. */
  readonly kind: DestructionKind;
  /** What it is done to, as SQL; "?" where the statement computes it. */
  readonly object: string;
  /** What that means, for people. */
  readonly message: string;
}

/** How the catalog can tell whether a statement has happened. */
export type Effect =
  /** It happened if and only if its transaction was committed. */
  | { readonly kind: "transactional" }
  /** CREATE INDEX CONCURRENTLY: an index that is there may be invalid. */
  | {
    readonly kind: "index-created";
    /** Undefined where the server chooses the name. */
    readonly index: string | undefined;
    /** The table; the index lies in its schema. */
    readonly table: QualifiedName;
    readonly ifNotExists: boolean;
  }
  /** DROP INDEX CONCURRENTLY: an interrupted one leaves it, invalid. */
  | {
    readonly kind: "index-dropped";
    readonly index: QualifiedName;
    readonly ifExists: boolean;
  }
  /**
   * REINDEX outside of a transaction: may run again; a concurrent one that
   * failed leaves invalid indexes behind whose names end in `_ccnew`.
   */
  | {
    readonly kind: "reindexed";
    readonly target: "index" | "table" | "schema" | "database" | "system";
    readonly name: QualifiedName | undefined;
    readonly concurrently: boolean;
  }
  /**
   * DETACH PARTITION CONCURRENTLY: an interrupted one leaves
   * `pg_inherits.inhdetachpending`, and wants DETACH … FINALIZE.
   */
  | {
    readonly kind: "partition-detached";
    readonly parent: QualifiedName;
    readonly partition: QualifiedName;
  }
  | {
    readonly kind:
      | "database-created"
      | "tablespace-created"
      | "subscription-created";
    readonly name: string;
  }
  | {
    readonly kind:
      | "database-dropped"
      | "tablespace-dropped"
      | "subscription-dropped";
    readonly name: string;
    readonly ifExists: boolean;
  }
  /** Running it twice is as good as once. */
  | { readonly kind: "idempotent" }
  /** The catalog cannot tell. */
  | { readonly kind: "unknown" };

/** What can be said of a statement by its tokens. */
export interface StatementClass {
  /** What it is, by PostgreSQL's command tags: `CREATE INDEX`, `UPDATE`. */
  readonly verb: string;
  /** Whether it can run inside a transaction block. */
  readonly transaction: TransactionRule;
  /** What it does to the transaction, if it is transaction control. */
  readonly control: TransactionControl | undefined;
  /** Whether it defines objects, or locks like the statements that do. */
  readonly ddl: boolean;
  /** Whether it says CONCURRENTLY. */
  readonly concurrently: boolean;
  /** Whether it is ALTER TABLE with VALIDATE CONSTRAINT and nothing else. */
  readonly validate: boolean;
  /**
   * Whether it takes SHARE or a stronger lock on a relation that it does not
   * itself create. Of a statement that says CONCURRENTLY and cannot run in a
   * transaction, the short locks at its end do not count.
   */
  readonly strongLock: boolean;
  /** The relations that it names and locks so, by `relationKey()`. */
  readonly relations: readonly string[];
  /** In which mode, the strongest that it takes. */
  readonly modes: ReadonlyMap<string, StrongMode>;
  /**
   * Whether it may lock so relations that it does not name: the table of an
   * index, the other end of a foreign key, what CASCADE reaches, what code
   * does.
   */
  readonly locksOthers: boolean;
  /**
   * The relation that it surely creates, by `relationKey()`: not with IF NOT
   * EXISTS or OR REPLACE.
   */
  readonly creates: string | undefined;
  /** What it destroys. */
  readonly destructive: readonly Destruction[];
  /** How the catalog can tell whether it has happened. */
  readonly effect: Effect;
}
