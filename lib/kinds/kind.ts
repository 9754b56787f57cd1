/**
 * What a kind of object is: the one place that knows its catalog query, how a
 * row becomes an object, and the SQL that creates it. One file a kind.
 *
 * @module
 */

import { quoteIdentifier } from "../sql/quote.ts";
import type { Hazard } from "./hazard.ts";
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

/** One statement about an object: what it does, and when and how it runs. */
export interface KindStatement {
  /** The SQL, without its semicolon. */
  readonly sql: string;
  /**
   * `prepare` before anything else, while everything is as it was: a check that
   * proves NOT NULL;
   * `release` before what the object lets go of is dropped, such as a default;
   * `create` in the order of dependencies; `validate` later, in a transaction
   * of its own, while nothing waits for it; `attach` after everything exists:
   * what would make a circle, such as a sequence's owning column.
   */
  readonly phase: "prepare" | "release" | "create" | "validate" | "attach";
  /** Secrets that it lacks, by name: then it is no SQL that can run. */
  readonly withheld?: readonly string[];
  /** Whether it cannot run inside a transaction block: CONCURRENTLY. */
  readonly alone?: boolean;
  /** Whether what comes next must see it committed: a new value of an enum. */
  readonly commits?: boolean;
  /**
   * Of phase `validate`: whether it waits for nobody, and is committed with
   * those around it that do not either.
   */
  readonly brief?: boolean;
  /**
   * Addresses of what must be there already, beyond what the object depends
   * on: the index that an `attach` statement names.
   */
  readonly after?: readonly string[];
  /** Addresses of what must be gone by then, where it goes at all. */
  readonly afterDrop?: readonly string[];
  /** Addresses whose `attach` statements must have run. */
  readonly afterAttached?: readonly string[];
  /**
   * Addresses whose `attach` and `validate` statements must have run: of what
   * has its rows by them.
   */
  readonly afterFilled?: readonly string[];
  /** What it does to data, or to those who work with it. */
  readonly hazards?: readonly Hazard[];
  /**
   * What stands behind the table's name, where it may stand behind other such
   * clauses in one ALTER TABLE.
   */
  readonly clause?: string;
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
   * Whether a relation is there already and in use, so that writers must not
   * be blocked. Absent: nothing is.
   *
   * @param address Of the table or materialized view.
   */
  readonly inUse?: ((address: string) => boolean) | undefined;
  /** The schema as it was, by the same names; absent: nothing was there. */
  readonly before?: CreateTarget | undefined;
  /**
   * Whether an object that was there is dropped, for good or to be created
   * again; known once all changes are.
   *
   * @param address Of the object.
   */
  readonly isReplaced?: ((address: string) => boolean) | undefined;
  /**
   * Whether a type becomes a new one of the same name, by itself or with what
   * it is made of; known from the beginning.
   *
   * @param address Of the type, or a collation.
   */
  readonly isAnew?: ((address: string) => boolean) | undefined;
  /**
   * What COMMENT calls an object, such as `TABLE public.users`.
   *
   * @param address Its address; undefined is returned for an unknown one.
   */
  phrase(address: string): string | undefined;
}

/** What a change is written for: the schema as it is to be, and as it was. */
export interface ChangeTarget extends CreateTarget {
  /** The schema as it was, by the same names: after renames. */
  readonly before: CreateTarget;
}

/** How an object becomes another of the same address. */
export type Alteration =
  | {
    readonly how: "alter";
    readonly statements: readonly KindStatement[];
    /**
     * Whether an object that depends on it must be out of the way meanwhile:
     * dropped before, and created after. Absent: none must.
     */
    readonly disturbs?: (dependent: SchemaObject) => boolean;
  }
  | {
    /** Dropped and created again, with all that is a part of it. */
    readonly how: "replace";
    /** What is lost by it, beyond what `drop` says. */
    readonly hazards?: readonly Hazard[];
    /**
     * Whether what it is a part of must be replaced: how, its own `follow` says
     * of the part.
     */
    readonly whole?: boolean;
    /**
     * Where what uses it can go over to the new one while both exist: how the
     * old one gets out of the way, and how it is dropped from there.
     */
    readonly aside?: {
      readonly away: readonly KindStatement[];
      readonly gone: readonly KindStatement[];
      /**
       * Whether the old one holds on to what it depends on, so that this can
       * only change once it is gone. Absent: it does not.
       */
      readonly holdsOn?: boolean;
    };
  };

/** What is there instead of an object, under its name, and fails when it is used. */
export interface StandIn {
  /** The statement that makes one, also of an object that is there. */
  readonly sql: string;
  /** What makes the object of it, instead of creating it. */
  readonly become: readonly KindStatement[];
  /**
   * Whether it needs what the object depends on, too.
   *
   * @param dependency What the object depends on.
   */
  needs(dependency: SchemaObject): boolean;
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
  ): readonly KindStatement[];
  /**
   * The statement that makes its name known, for what it depends on and that
   * depends on it: a shell type. Undefined where there is no such circle.
   */
  readonly announce?: (object: SchemaObject<K, P>) => string | undefined;
  /**
   * What can be there instead of it while something that it needs, and that
   * needs it, is not there yet or no longer. Absent: nothing can.
   */
  standIn?(object: SchemaObject<K, P>): StandIn | undefined;
  /**
   * The SQL that drops it, where it is not `DROP` and what COMMENT calls it.
   *
   * @param object The object.
   * @param target What it is written for; `before` has it.
   */
  drop?(
    object: SchemaObject<K, P>,
    target: ChangeTarget,
  ): readonly KindStatement[];
  /**
   * How it becomes another. Absent: it is replaced.
   *
   * @param from As it was.
   * @param to As it is to be.
   * @param keys The keys of the payload that differ, sorted.
   * @param target What it is written for.
   */
  alter?(
    from: SchemaObject<K, P>,
    to: SchemaObject<K, P>,
    keys: readonly string[],
    target: ChangeTarget,
  ): Alteration;
  /**
   * Whether it cannot come to what it is a part of, so that this must be
   * replaced: how, its `follow` says of the part. Absent: it always can.
   *
   * @param object The part, as it is to be.
   * @param target What it is written for.
   */
  needsWhole?(object: SchemaObject<K, P>, target: ChangeTarget): boolean;
  /**
   * How it outlives that something it depends on is replaced: by statements of
   * phase `release` before that is dropped, and of phase `create` once the new
   * one is there; none where it does not notice. Undefined: it cannot, and is
   * replaced too. Absent: it never can. Where it disturbs others meanwhile, or
   * is replaced while its old self stands aside, it says so as `alter` does.
   *
   * @param from As it was.
   * @param to As it is to be; its own changes are written by `alter` afterwards.
   * @param replaced What is replaced: one that it depends on.
   * @param target What it is written for.
   */
  follow?(
    from: SchemaObject<K, P>,
    to: SchemaObject<K, P>,
    replaced: SchemaObject,
    target: ChangeTarget,
  ): Alteration | readonly KindStatement[] | undefined;
  /**
   * How it makes room for another object of its name, where it is gone for good
   * and what uses it goes over to that one while both exist. Absent: it is
   * dropped first.
   *
   * @param object As it was.
   * @param target What it is written for.
   */
  makeRoom?(object: SchemaObject<K, P>, target: ChangeTarget): Alteration;
  /**
   * How it gets out of the way of an alteration that it is disturbed by without
   * being dropped: by statements of phase `release` before that, and of phase
   * `create` afterwards. Undefined or absent: it is dropped and created again.
   *
   * @param from As it was.
   * @param to As it is to be; its own changes are written by `alter` afterwards.
   * @param target What it is written for.
   */
  yields?(
    from: SchemaObject<K, P>,
    to: SchemaObject<K, P>,
    target: ChangeTarget,
  ): readonly KindStatement[] | undefined;
  /**
   * Whether the server drops it by itself with something that it depends on:
   * an index goes with a column. Absent: only with its parent.
   *
   * @param object The object.
   * @param dropped Whether an object is dropped by its own statement.
   * @param target What it is written for.
   */
  goesWith?(
    object: SchemaObject<K, P>,
    dropped: (address: string) => boolean,
    target: ChangeTarget,
  ): boolean;
  /**
   * Names that nothing else may have at the same time, such as
   * `pg_class public.users`; beside its own in its catalog.
   */
  occupies?(object: SchemaObject<K, P>): readonly string[];
  /**
   * Addresses that only its `attach` statements need, and which are therefore
   * none that it depends on: the column that owns a sequence.
   *
   * @param object The object.
   * @param objects Every object of its schema, by address.
   */
  attachesTo?(
    object: SchemaObject<K, P>,
    objects: ReadonlyMap<string, SchemaObject>,
  ): readonly string[];
  /**
   * What is the same for two objects that differ by their name only, and in
   * nothing else: of such objects, one gone and one new, a rename is made.
   * Absent: never.
   */
  structure?(object: SchemaObject<K, P>): string | undefined;
  /**
   * The SQL that gives it another name. Absent: it has none to give. Undefined:
   * it cannot have that one.
   *
   * @param object As it is.
   * @param name The parts of its new name.
   */
  rename?(
    object: SchemaObject<K, P>,
    name: readonly string[],
  ): readonly KindStatement[] | undefined;
  /**
   * The SQL that gives a part that is no object another name: a value of an
   * enumerated type, an attribute of a composite one. Absent: it has no such
   * parts.
   *
   * @param object As it is.
   * @param from The name that the part has.
   * @param to Its new name.
   * @returns Undefined where it has no such part.
   */
  renamePart?(
    object: SchemaObject<K, P>,
    from: string,
    to: string,
  ): readonly KindStatement[] | undefined;
  /**
   * For kinds of objects about others: what comes into being by itself when an
   * object is created, such as what default privileges give.
   *
   * @param subject The object that is created.
   * @param target What it is written for.
   */
  arises?(
    subject: SchemaObject,
    target: ChangeTarget,
  ): readonly SchemaObject<K, P>[];
  /** Its body, where that may need what `pg_depend` does not say. */
  readonly body?: (object: SchemaObject<K, P>) => OpaqueBody | undefined;
  /** Whether objects of this kind are written with their parent. */
  readonly foldsInto?: boolean;
  /**
   * Objects whose parts it gets, and those that get its own: what a table
   * inherits from, and its partitions. Absent: none.
   *
   * @param object The object.
   * @param objects Every object of its schema, by address.
   */
  kin?(
    object: SchemaObject<K, P>,
    objects: ReadonlyMap<string, SchemaObject>,
  ): readonly string[];
  /** Whether it is about whatever comes into being. */
  readonly pervades?: boolean;
  /**
   * For kinds of objects about others: what a row of another kind says of its
   * owner and privileges.
   */
  aspects?(subject: Subject, context: AspectContext): readonly ReadObject<P>[];
  /**
   * For kinds of objects about others, instead of `read`: what a row of its
   * own query says, after the rows of all other kinds. A column `oid` is that
   * of what the row is about.
   */
  readAspects?(row: Row, context: AspectContext): readonly ReadObject<P>[];
}

/** What a statement may say beyond its SQL. */
export type StatementOptions = Omit<KindStatement, "sql" | "phase">;

/** A statement that runs in the order of dependencies. */
export function create(
  sql: string,
  options: StatementOptions = {},
): KindStatement {
  return { sql, phase: "create", ...options };
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
): KindStatement {
  return create(sql, withheld.length === 0 ? {} : { withheld });
}

/** A statement that runs after everything exists. */
export function attach(
  sql: string,
  options: StatementOptions = {},
): KindStatement {
  return { sql, phase: "attach", ...options };
}

/** A statement that runs while everything is as it was. */
export function prepare(
  sql: string,
  options: StatementOptions = {},
): KindStatement {
  return { sql, phase: "prepare", ...options };
}

/** A statement that lets go of what is dropped afterwards. */
export function release(
  sql: string,
  options: StatementOptions = {},
): KindStatement {
  return { sql, phase: "release", ...options };
}

/** A statement that runs later, in a transaction of its own. */
export function validate(
  sql: string,
  options: StatementOptions = {},
): KindStatement {
  return { sql, phase: "validate", ...options };
}

/** An alteration by statements; none where nothing needs to be done. */
export function altered(
  statements: readonly KindStatement[],
  disturbs?: (dependent: SchemaObject) => boolean,
): Alteration {
  return {
    how: "alter",
    statements,
    ...(disturbs === undefined ? {} : { disturbs }),
  };
}

/** An alteration by dropping and creating. */
export const REPLACE: Alteration = { how: "replace" };

/** The schema, name and further parts of an object whose address was made of quoted parts. */
export function qualify(parts: readonly string[]): string {
  return parts.map(quoteIdentifier).join(".");
}
