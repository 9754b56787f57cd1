/**
 * What generated schemas are made of, as a generator and the kinds see it:
 * items that offer facts, and need those of others.
 *
 * @module
 */

/** Something that an item offers to others: a column, a key, what can have a comment. */
export interface Fact {
  /** What it is, such as `column` or `table`. */
  readonly tag: string;
  /** What it belongs to; empty for what stands by itself. */
  readonly of: string;
  /** As SQL writes it. */
  readonly name: string;
  /** What distinguishes it further, such as a column's type; empty where nothing does. */
  readonly type: string;
}

/** What a kind makes. */
export interface Draft {
  /** Facts of other items without which it cannot be. */
  readonly needs: readonly Fact[];
  /** What it offers. */
  readonly facts: readonly Fact[];
  /** The statements that create it, without semicolons. */
  readonly sql: readonly string[];
}

/** What a kind makes things with. */
export interface Maker {
  /** `server_version_num` by 10,000. */
  readonly version: number;
  /** A name of its own, quoted where it must be. */
  readonly name: string;
  /** The same with a schema. */
  readonly full: string;
  /** The schema, as a fact to be needed. */
  readonly schema: Fact;
  /** What it is a part of, for kinds that are. */
  readonly of: Fact;
  /** Whether something happens that does so often. */
  chance(probability: number): boolean;
  /** One of a list. */
  one<T>(list: readonly [T, ...T[]]): T;
  /** A fact of an earlier item; undefined where there is none. */
  find(wanted: Partial<Fact>): Fact | undefined;
}

/** A kind of items. */
export interface RandomKind {
  /** Its name, for reading. */
  readonly kind: string;
  /** How often it comes. */
  readonly weight: number;
  /** The tag of what it is a part of; undefined for what stands by itself. */
  readonly of?: string;
  /** Whether there is one of it at most in what it is a part of. */
  readonly single?: boolean;
  /** Makes one; undefined where something is missing for it. */
  make(maker: Maker): Draft | undefined;
}

/** Makes a fact. */
export function fact(tag: string, name: string, of = "", type = ""): Fact {
  return { tag, name, of, type };
}

/** What can have a comment, an owner and privileges, by what SQL calls it. */
export function subject(
  phrase: string,
  options: { readonly owned?: boolean; readonly granted?: string } = {},
): Fact[] {
  return [
    fact("commented", phrase),
    ...(options.owned === true ? [fact("owned", phrase)] : []),
    ...(options.granted === undefined
      ? []
      : [fact("granted", options.granted)]),
  ];
}
