/**
 * What a kind of object is: the one place that knows its catalog query, how a
 * row becomes an object, and the SQL that creates it. One file a kind.
 *
 * @module
 */

import { quoteIdentifier } from "../sql/quote.ts";
import type { Row } from "./row.ts";
import type { Payload, SchemaObject } from "../schema/schema.ts";
import type { Shape } from "../schema/shape.ts";

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

/** The SQL of an object, and when it runs. */
export interface CreateStatement {
  readonly sql: string;
  /**
   * `create` in the order of dependencies; `attach` after everything exists:
   * what would make a circle, such as a sequence's owning column.
   */
  readonly phase: "create" | "attach";
  /** Secrets that it lacks, by name: then it is no SQL that can run. */
  readonly withheld?: readonly string[];
}

/** A body that PostgreSQL keeps as text, without its dependencies. */
export interface OpaqueBody {
  /** Its language, such as `sql` or `plpgsql`. */
  readonly language: string;
  /** The body. */
  readonly text: string;
  /** The statement that creates what has it. */
  readonly statement: string;
  /** The schemas of its own `search_path`, where it sets one. */
  readonly searchPath: readonly string[] | undefined;
}

/** What SQL is written for. */
export interface CreateTarget {
  /** `server_version_num` of the server that is to run it. */
  readonly version: number;
  /** Every object that is to be there, by address. */
  readonly objects: ReadonlyMap<string, SchemaObject>;
  /** The role that owns the database; undefined: whoever runs it. */
  readonly databaseOwner?: string | undefined;
  /** Values of secrets by their hashes: for SQL that carries them. */
  readonly secrets?: ReadonlyMap<string, string> | undefined;
  /**
   * What COMMENT calls an object, such as `TABLE public.users`.
   *
   * @param address Its address; undefined is returned for an unknown one.
   */
  phrase(address: string): string | undefined;
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
  /**
   * The statement that makes its name known, for what it depends on and that
   * depends on it: a shell type. Undefined where there is no such circle.
   */
  readonly announce?: (object: SchemaObject<K, P>) => string | undefined;
  /** Its body, where that may need what `pg_depend` does not say. */
  readonly body?: (object: SchemaObject<K, P>) => OpaqueBody | undefined;
  /** Whether objects of this kind are written with their parent. */
  readonly foldsInto?: boolean;
  /**
   * For kinds of objects about others: what a row of another kind says of its
   * owner and privileges.
   */
  aspects?(subject: Subject, context: AspectContext): readonly ReadObject<P>[];
  /**
   * For kinds of objects about others, instead of `read`: what a row of its
   * own query says, after the rows of all other kinds.
   */
  readAspects?(row: Row, context: AspectContext): readonly ReadObject<P>[];
}

/** A statement that runs in the order of dependencies. */
export function create(sql: string): CreateStatement {
  return { sql, phase: "create" };
}

/**
 * A statement that lacks secrets, which are kept as hashes only.
 *
 * @param withheld Their names; where there are none the statement can run.
 * @param sql The statement.
 */
export function createWithout(
  withheld: readonly string[],
  sql: string,
): CreateStatement {
  return withheld.length === 0
    ? create(sql)
    : { sql, phase: "create", withheld };
}

/** A statement that runs after everything exists. */
export function attach(sql: string): CreateStatement {
  return { sql, phase: "attach" };
}

/** The schema, name and further parts of an object whose address was made of quoted parts. */
export function qualify(parts: readonly string[]): string {
  return parts.map(quoteIdentifier).join(".");
}
