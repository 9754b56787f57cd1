/**
 * What a kind of object is: the one place that knows its catalog query, how a
 * row becomes an object, and the SQL that creates it. One file a kind, which
 * finds here all that the contract is made of.
 *
 * @module
 */

import type { Payload, SchemaObject } from "../schema/schema.ts";
import type { Shape } from "../schema/shape.ts";
import { quoteQualified } from "../sql/quote.ts";
import type {
  AspectContext,
  CatalogContext,
  ReadObject,
  Subject,
} from "./catalog_context.ts";
import type {
  Alteration,
  ChangeTarget,
  CreateTarget,
  Ousted,
  StandIn,
  Yielding,
} from "./change_target.ts";
import type { Row } from "./row.ts";
import type { KindStatement } from "./statement.ts";
import type { VersionNeed } from "./version_need.ts";

export * from "./catalog_context.ts";
export * from "./change_target.ts";
export * from "./statement.ts";

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
   * What is in its way although it does not depend on it, while it is created
   * for something that is there, or altered: columns that hold rows of its
   * table. Absent: nothing is.
   *
   * @param object As it is to be.
   * @param statements How it is altered; undefined where it is created.
   * @param target What it is written for.
   */
  ousts?(
    object: SchemaObject<K, P>,
    statements: readonly KindStatement[] | undefined,
    target: ChangeTarget,
  ): Ousted;
  /**
   * How it gets out of the way of an alteration that it is disturbed by, or
   * that ousts it, without being dropped. Undefined or absent: it is dropped
   * and created again.
   *
   * @param from As it was.
   * @param to As it is to be; its own changes are written by `alter` afterwards.
   * @param target What it is written for.
   */
  yields?(
    from: SchemaObject<K, P>,
    to: SchemaObject<K, P>,
    target: ChangeTarget,
  ): Yielding | undefined;
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
  /**
   * What it needs that not every supported server has. Absent: nothing.
   *
   * @param object The object, as it is to be.
   * @param objects Every object of its schema, by address.
   */
  needs?(
    object: SchemaObject<K, P>,
    objects: ReadonlyMap<string, SchemaObject>,
  ): readonly VersionNeed[];
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

/** The schema, name and further parts of an object whose address was made of quoted parts. */
export function qualify(parts: readonly string[]): string {
  return quoteQualified(...parts);
}
