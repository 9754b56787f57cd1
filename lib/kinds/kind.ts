/**
 * What a kind of object is: the one place that knows its catalog query, how a
 * row becomes an object, and the SQL that creates it. One file a kind.
 *
 * @module
 */

import { quoteIdentifier } from "../sql/quote.ts";
import type { Row } from "../catalog/row.ts";
import type { Payload, SchemaObject } from "../schema/schema.ts";
import type { Shape } from "../schema/shape.ts";

/** What a catalog query must know. */
export interface CatalogContext {
  /** `server_version_num`. */
  readonly version: number;
  /**
   * An SQL condition on `n.nspname` of a `pg_namespace n`: the schemas that
   * are managed.
   */
  readonly managed: string;
  /**
   * An SQL condition that leaves out what belongs to an extension.
   *
   * @param catalog The catalog, such as `pg_class`.
   * @param oid The expression of the object's OID, such as `c.oid`.
   */
  notOfExtension(catalog: string, oid: string): string;
}

/** What a row says an object is. */
export interface ReadObject<P extends Payload> {
  readonly address: string;
  /** The parts of its name, as the catalog has them. */
  readonly name: readonly string[];
  readonly payload: P;
  readonly parent?: string | undefined;
  /** Where it stands among the parts of its parent; never part of a hash. */
  readonly position?: number;
  /**
   * Further catalog rows that stand for this object in `pg_depend`, as
   * `catalog oid` or `catalog oid sub`: a view's rewrite rule, a column's default.
   */
  readonly aliases?: readonly string[];
  /** Addresses that it depends on and `pg_depend` does not say. */
  readonly depends?: readonly string[];
  /**
   * Addresses that only its `attach` statements need, so that `pg_depend`'s
   * word for them is no edge in the order: the column that owns a sequence.
   */
  readonly attachesTo?: readonly string[];
}

/** The SQL of an object, and when it runs. */
export interface CreateStatement {
  readonly sql: string;
  /**
   * `create` in the order of dependencies; `attach` after everything exists:
   * what would make a circle, such as a sequence's owning column.
   */
  readonly phase: "create" | "attach";
}

/** What SQL is written for. */
export interface CreateTarget {
  /** `server_version_num` of the server that is to run it. */
  readonly version: number;
}

/** A kind of object. */
export interface KindModule<K extends string, P extends Payload> {
  readonly kind: K;
  /** The catalog whose rows the objects are; for `pg_depend`, comments, owners. */
  readonly catalog: string;
  /** What its payload holds. */
  readonly shape: Readonly<Record<string, Shape<unknown>>>;
  /** Whether a value is its payload; the registry makes it of `shape`. */
  readonly holds: (payload: unknown) => payload is P;
  /** What its comment is on, such as `TABLE`; undefined where it can have none of its own. */
  readonly commentOn: ((object: SchemaObject<K, P>) => string) | undefined;
  /**
   * One SELECT. Its columns are `oid`, `sub` (0 but for columns), and what
   * `read` reads; with `owner` (a role's name) and `acl` (to_json(text[]))
   * where there are such things. Undefined where the version has no such kind.
   */
  query(context: CatalogContext): string | undefined;
  /** Makes an object of a row; undefined for a row that is none. */
  read(row: Row, context: CatalogContext): ReadObject<P> | undefined;
  /**
   * The SQL that creates it.
   *
   * @param object The object.
   * @param children The objects that are parts of it and of a kind with
   * `foldsInto`, in their order: a table's columns.
   * @param target What it is written for.
   */
  create(
    object: SchemaObject<K, P>,
    children: readonly SchemaObject[],
    target: CreateTarget,
  ): readonly CreateStatement[];
  /** Whether objects of this kind are written with their parent. */
  readonly foldsInto?: boolean;
}

/** A statement that runs in the order of dependencies. */
export function create(sql: string): CreateStatement {
  return { sql, phase: "create" };
}

/** A statement that runs after everything exists. */
export function attach(sql: string): CreateStatement {
  return { sql, phase: "attach" };
}

/** The schema, name and further parts of an object whose address was made of quoted parts. */
export function qualify(parts: readonly string[]): string {
  return parts.map(quoteIdentifier).join(".");
}
