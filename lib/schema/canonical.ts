/**
 * Payloads in canonical form, by their shapes: what two servers say of the
 * same DDL is the same data. Knows no kind: shapes are passed in.
 *
 * @module
 */

import {
  type CanonicalSql,
  canonicalSql,
  loadSqlParser,
  needsParser,
  type ParseSql,
  type SqlForm,
} from "../sql/canonical.ts";
import type { Data } from "./data.ts";
import type { Canonicalize, Hashed } from "./hash.ts";
import type { Schema } from "./schema.ts";
import type { Shape, ValueKind } from "./shape.ts";

/** The keys of a kind's payload. */
export type PayloadShape = Readonly<Record<string, Shape<unknown>>>;

/** What is made canonical. */
export interface CanonicalOptions {
  /**
   * The shape of a kind's payload; undefined for a kind that this pawl does
   * not know, whose payloads stay as they are.
   */
  readonly shapeOf: (kind: string) => PayloadShape | undefined;
  /** Whether values count whose change an application does not notice; true by default. */
  readonly minor?: boolean;
}

/**
 * Makes ready what payloads of some schemas take to be made canonical: the
 * parser is loaded where one of them needs it.
 *
 * @param schemas The schemas.
 * @param options The shapes, and what counts.
 * @returns What `objectHash()` takes, for objects of these schemas.
 *
 * @example
 * ```ts ignore
 * const canonicalize = await prepareCanonical([schema], {
 *   shapeOf: (kind) => kindOf(kind)?.shape,
 * });
 * const hashes = objectHashes(schema, canonicalize);
 * ```
 */
export async function prepareCanonical(
  schemas: readonly Schema[],
  options: CanonicalOptions,
): Promise<Canonicalize> {
  const canonicalizer = new Canonicalizer(options);
  const parsed = schemas.some((schema) => {
    for (const object of schema.objects.values()) {
      if (canonicalizer.needsParser(object)) return true;
    }
    return false;
  });
  if (parsed) await canonicalizer.loadParser();
  return canonicalizer.canonicalize;
}

/** Makes payloads canonical one by one, for those who do not have all of them yet. */
export class Canonicalizer {
  readonly #options: CanonicalOptions;
  readonly #minor: boolean;
  readonly #touched = new Map<string, PayloadShape>();
  readonly #forms = new CanonicalForms();

  /** Makes one without the parser. */
  constructor(options: CanonicalOptions) {
    this.#options = options;
    this.#minor = options.minor ?? true;
  }

  /** Whether an object's payload takes the parser. */
  needsParser({ kind, payload }: Hashed): boolean {
    return takesParser(payload, this.#touchedOf(kind));
  }

  /** Loads the parser. */
  async loadParser(): Promise<void> {
    this.#forms.parse = await loadSqlParser();
  }

  /** The payload of an object in canonical form. */
  readonly canonicalize: Canonicalize = ({ kind, payload }) =>
    canonicalRecord(payload, this.#touchedOf(kind), {
      sql: this.#forms.of,
      minor: this.#minor,
    });

  #touchedOf(kind: string): PayloadShape {
    let shape = this.#touched.get(kind);
    if (shape === undefined) {
      shape = keysToTouch(this.#options.shapeOf(kind) ?? {}, this.#minor);
      this.#touched.set(kind, shape);
    }
    return shape;
  }
}

/** What is done to the values of a payload. */
interface Visit {
  readonly sql: (sql: string, form: SqlForm) => CanonicalSql;
  readonly minor: boolean;
}

/** Texts this short recur: defaults, checks, conditions. */
const CACHED_LENGTH = 200;

/** Canonical forms by text: the same expressions occur in many tables. */
class CanonicalForms {
  parse: ParseSql = () => {
    throw new TypeError("the parser was not loaded");
  };
  readonly #forms = new Map<string, CanonicalSql>();

  readonly of = (sql: string, form: SqlForm): CanonicalSql => {
    // What names its own object occurs once.
    if (sql.length > CACHED_LENGTH || sql.startsWith("CREATE ")) {
      return canonicalSql(sql, form, this.parse);
    }
    const key = `${form} ${sql}`;
    const known = this.#forms.get(key);
    if (known !== undefined) return known;
    const made = canonicalSql(sql, form, this.parse);
    this.#forms.set(key, made);
    return made;
  };
}

/** The keys of a record whose values are not canonical as they are. */
function keysToTouch(keys: PayloadShape, minor: boolean): PayloadShape {
  return Object.fromEntries(
    Object.entries(keys).filter(([, shape]) => isTouched(shape, minor)),
  );
}

function isTouched(shape: Shape<unknown>, minor: boolean): boolean {
  if (shape.minor && !minor) return true;
  switch (shape.kind) {
    case "expression":
    case "query":
    case "statement":
      return true;
    case "list":
    case "map":
      return shape.item !== undefined && isTouched(shape.item, minor);
    case "record":
      return Object.values(shape.keys ?? {}).some((inner) =>
        isTouched(inner, minor)
      );
    // Every version writes these alike; a secret is a hash.
    case "text":
    case "integer":
    case "boolean":
    case "type":
    case "secret":
      return false;
    default:
      return shape.kind satisfies never;
  }
}

type DataRecord = { readonly [key: string]: Data | undefined };

function canonicalRecord(
  value: DataRecord,
  keys: PayloadShape,
  how: Visit,
): DataRecord {
  let result: Record<string, Data | undefined> | undefined;
  for (const key in keys) {
    const item = value[key];
    const shape = keys[key];
    if (item === undefined || shape === undefined) continue;
    // Most payloads stay as they are, and are not copied.
    result ??= { ...value };
    result[key] = shape.minor && !how.minor
      ? undefined
      : canonicalValue(item, shape, how);
  }
  return result ?? value;
}

function canonicalValue(value: Data, shape: Shape<unknown>, how: Visit): Data {
  const { kind, item, keys } = shape;
  if (isSql(kind)) {
    return typeof value === "string" ? how.sql(value, kind) : value;
  }
  if (isList(value)) {
    return item === undefined
      ? value
      : value.map((inner) => canonicalValue(inner, item, how));
  }
  if (!isRecord(value)) return value;
  if (keys !== undefined) {
    return canonicalRecord(value, keysToTouch(keys, how.minor), how);
  }
  if (item === undefined) return value;
  const result: Record<string, Data> = {};
  for (const [key, inner] of Object.entries(value)) {
    if (inner !== undefined) result[key] = canonicalValue(inner, item, how);
  }
  return result;
}

/** Whether a value has SQL in it that tokens are not enough for. */
function takesParser(value: DataRecord, keys: PayloadShape): boolean {
  for (const key in keys) {
    const item = value[key];
    const shape = keys[key];
    if (
      item !== undefined && shape !== undefined && valueTakesParser(item, shape)
    ) return true;
  }
  return false;
}

function valueTakesParser(
  value: Data,
  { kind, item, keys }: Shape<unknown>,
): boolean {
  if (isSql(kind)) return typeof value === "string" && needsParser(value, kind);
  if (isList(value)) {
    return item !== undefined &&
      value.some((inner) => valueTakesParser(inner, item));
  }
  if (!isRecord(value)) return false;
  if (keys !== undefined) return takesParser(value, keys);
  return item !== undefined &&
    Object.values(value).some((inner) =>
      inner !== undefined && valueTakesParser(inner, item)
    );
}

function isSql(kind: ValueKind): kind is SqlForm & ValueKind {
  return kind === "expression" || kind === "query" || kind === "statement";
}

function isList(value: Data): value is readonly Data[] {
  return Array.isArray(value);
}

function isRecord(value: Data): value is DataRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
