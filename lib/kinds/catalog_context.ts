/**
 * What a kind is given to read the catalog with, and what it makes of a row.
 * Types only.
 *
 * @module
 */

import type { Payload } from "../schema/schema.ts";

/** Who owns the database and its schemas. */
export interface Ownership {
  /** The role that owns the database. */
  readonly database: string;
  /**
   * The role that owns a schema. For `public` as it was made with the
   * database: the database's owner.
   *
   * @param name The schema's name.
   * @returns Undefined for a schema of the system.
   */
  ofSchema(name: string): string | undefined;
  /**
   * The role behind an owner's name: `pg_database_owner` stands for the
   * database's.
   *
   * @param role The owner's name.
   */
  behind(role: string): string;
}

/** What a catalog query must know. */
export interface CatalogContext {
  /** `server_version_num`. */
  readonly version: number;
  /**
   * An SQL condition on `n.nspname` of a `pg_namespace n`: the schemas that
   * are managed.
   */
  readonly managed: string;
  /** Whether all schemas are managed, and so what is in none. */
  readonly everything: boolean;
  /**
   * Whether the role was refused this kind's query: it may ask for less. The
   * same query again means that the kind cannot be read.
   */
  readonly refused: boolean;
  /**
   * Takes the value of a secret by its hash, which is all that a payload has;
   * undefined where nobody asked for secrets.
   */
  readonly keepSecret?: ((hash: string, value: string) => void) | undefined;
  /**
   * An SQL condition that leaves out what belongs to an extension.
   *
   * @param catalog The catalog, such as `pg_class`.
   * @param oid The expression of the object's OID, such as `c.oid`.
   */
  notOfExtension(catalog: string, oid: string): string;
  /**
   * An SQL condition that rows meet that are read, where of the rows that
   * belong to relations only some are. They are asked for by whoever asks this
   * query; it is for what a query looks up before.
   *
   * @param oid The expression of the OID.
   */
  among(oid: string): string;
}

/**
 * What may have a comment, an owner or privileges: an object, or a part that
 * is no object by itself, such as a view's column.
 */
export interface Subject {
  /** Its own address, also where it is a part. */
  readonly address: string;
  /** The parts of its name. */
  readonly name: readonly string[];
  /** The address of the object that it is, or is a part of. */
  readonly parent: string;
  /** Of the object that it is, or is a part of. */
  readonly payload: Payload;
  /** What COMMENT calls it, such as `TABLE public.users`; undefined for what can have none. */
  readonly phrase: string | undefined;
  /** The role that owns it or what it is a part of; undefined for what has no owner. */
  readonly owner: string | undefined;
  /** Whether it has an owner of its own, and not that of what it is a part of. */
  readonly ownsItself: boolean;
  /** Its `aclitem`s; undefined where they are the server's own default. */
  readonly acl: readonly string[] | undefined;
}

/** What an object about another one is made with. */
export interface AspectContext extends CatalogContext {
  /** Who owns the database and its schemas. */
  readonly ownership: Ownership;
  /**
   * What a catalog row stands for.
   *
   * @param catalog The catalog, such as `pg_class`.
   * @param oid The row's OID.
   * @param sub The number of a column, or 0.
   * @returns The object, and whether the row is its own: that of a primary
   * key's index is the constraint's only by way of speaking. Undefined for
   * what is not managed.
   */
  find(catalog: string, oid: string, sub: string): Found | undefined;
}

/** What a catalog row stands for. */
export interface Found {
  /** The object. */
  readonly subject: Subject;
  /** Whether the row is the object's own, and no alias. */
  readonly own: boolean;
}

/** What a row says an object is. */
export interface ReadObject<P extends Payload> {
  readonly address: string;
  /**
   * The parts of its name, as the catalog has them. Of several the first is
   * the schema that it is in, if it has an owner.
   */
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
  /** What of it the role may not see, for a notice. */
  readonly unreadable?: string | undefined;
}
