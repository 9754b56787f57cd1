/**
 * How a value of a type gets into the new one of the same name, while the old
 * one stands aside. Its text does, where both write values alike; a composite
 * type whose attributes are others, or stand in another order, is taken apart,
 * also where it is inside of other types. Pure.
 *
 * @module
 */

import type { SchemaObject } from "../schema/schema.ts";
import { dollarQuote, quoteIdentifier } from "../sql/quote.ts";
import { typeChange } from "./column_type.ts";
import { isRebuilt } from "./inheritance.ts";
import { type ChangeTarget, type CreateTarget, qualify } from "./kind.ts";
import {
  hasRowType,
  isRow,
  partsOf,
  type TypedPart,
  typeNamed,
} from "./row_parts.ts";
import { bareType } from "./stored_type.ts";

/** A type as it was and as it is to be, as `format_type` writes it. */
export interface ConvertedType {
  readonly was: string;
  readonly is: string;
}

/** How a value gets over. */
export interface Conversion {
  /** The expression behind USING. */
  readonly using: string;
  /** Statements that it needs before. */
  readonly before: readonly string[];
  /** Statements that take away what those have made. */
  readonly after: readonly string[];
}

/**
 * How values get from a type to the new one of the same name.
 *
 * @param value The value, as an expression of the old type.
 * @param type The type.
 * @param target What SQL is written for.
 */
export function conversion(
  value: string,
  type: ConvertedType,
  target: ChangeTarget,
): Conversion {
  const converter = new Converter(target);
  const using = converter.convert(value, type);
  return {
    using,
    before: converter.functions.map(({ create }) => create),
    after: converter.functions.map(({ drop }) => drop),
  };
}

class Converter {
  readonly functions: { readonly create: string; readonly drop: string }[] = [];
  readonly #target: ChangeTarget;
  #count = 0;

  constructor(target: ChangeTarget) {
    this.#target = target;
  }

  #nextName(): string {
    return `pg_temp.pawl_convert_${++this.#count}`;
  }

  convert(value: string, type: ConvertedType): string {
    if (this.#writesAlike(type)) return this.#throughText(value, type);
    const { was, is } = type;
    if (was.endsWith("[]") && is.endsWith("[]")) {
      return this.#eachElement(value, type);
    }
    const before = typeNamed(was, this.#target.before.objects);
    const after = typeNamed(is, this.#target.objects);
    const ofDomain = baseOf(before);
    if (ofDomain !== undefined) {
      return this.convert(value, { was: ofDomain, is });
    }
    const intoDomain = baseOf(after);
    if (intoDomain !== undefined) {
      return `${this.convert(value, { was, is: intoDomain })}::${is}`;
    }
    if (before?.kind === "range") return this.#eachBound(value, type);
    const old = partsOf(before, this.#target.before.objects);
    const parts = partsOf(after, this.#target.objects);
    if (after !== undefined && hasRowType(after) && !this.#isNew(after)) {
      return this.#byName(value, is, { old, parts });
    }
    const values = parts.map(({ name, type }) => {
      const attribute = old.find((other) => other.name === name);
      return attribute === undefined
        ? "NULL"
        : this.convert(`(${value}).${quoteIdentifier(name)}`, {
          was: attribute.type,
          is: type,
        });
    });
    // A row of NULLs is NULL to IS NULL.
    return `CASE WHEN ${value} IS DISTINCT FROM NULL THEN ROW(${
      values.join(", ")
    })::${is} END`;
  }

  /** Whether the new type reads what the old one writes as the same value. */
  #writesAlike({ was, is }: ConvertedType): boolean {
    if (was.endsWith("[]") !== is.endsWith("[]")) return true;
    const before = typeNamed(was, this.#target.before.objects);
    const after = typeNamed(is, this.#target.objects);
    const ofDomain = baseOf(before);
    if (ofDomain !== undefined) return this.#writesAlike({ was: ofDomain, is });
    const intoDomain = baseOf(after);
    if (intoDomain !== undefined) {
      return this.#writesAlike({ was, is: intoDomain });
    }
    if (before?.kind === "range" && after?.kind === "range") {
      return this.#writesAlike({
        was: String(before.payload.subtype),
        is: String(after.payload.subtype),
      });
    }
    if (!isRow(before) || !isRow(after)) return true;
    const olds = partsOf(before, this.#target.before.objects);
    const news = this.#inPlaces(before, after);
    return olds.length === news.length && olds.every((old, i) => {
      const attribute = news[i];
      return attribute?.name === old.name &&
        this.#writesAlike({ was: old.type, is: attribute.type }) &&
        !this.#isCast(before, after, { was: old.type, is: attribute.type });
    });
  }

  /**
   * The columns or attributes of a type, as they lie there: a table that stays
   * has what is added to it at the end.
   */
  #inPlaces(before: SchemaObject, after: SchemaObject): readonly TypedPart[] {
    const parts = partsOf(after, this.#target.objects);
    if (!hasRowType(after) || this.#isNew(after)) return parts;
    const olds = partsOf(before, this.#target.before.objects);
    const at = (name: string) => olds.findIndex((old) => old.name === name);
    return [
      ...parts.filter(({ name }) => at(name) >= 0)
        .sort((a, b) => at(a.name) - at(b.name)),
      ...parts.filter(({ name }) => at(name) < 0),
    ];
  }

  /** Whether a relation is made anew, with its columns in the order that is known. */
  #isNew(relation: SchemaObject): boolean {
    return !this.#target.before.objects.has(relation.address) ||
      relation.kind !== "table" && relation.kind !== "foreign_table" ||
      isRebuilt(relation.address, this.#target);
  }

  /**
   * Whether a column's new type gets its values by a cast that text does not
   * stand for, such as 1.5 as an integer. A length is better met by text, which
   * is refused where it is too long.
   */
  #isCast(
    before: SchemaObject,
    after: SchemaObject,
    { was, is }: ConvertedType,
  ): boolean {
    return hasRowType(before) && hasRowType(after) && isSystems(was) &&
      isSystems(is) && bareType(was) !== bareType(is) &&
      !typeChange({ type: was, base: was }, { type: is, base: is }, "").safe;
  }

  #throughText(value: string, { was, is }: ConvertedType): string {
    const [old, base] = [
      this.#baseType(was, this.#target.before),
      this.#baseType(is, this.#target),
    ];
    // What is not the schema's own has casts that are known.
    if (isSystems(old) && isSystems(base)) {
      if (old === is) return value;
      const cast = old === base ? value : typeChange(
        { type: old, base: old },
        { type: base, base },
        value,
      ).using ?? `${value}::${base}`;
      return base === is && cast !== value ? cast : `${cast}::${is}`;
    }
    return `${value}::text${is.endsWith("[]") ? "[]" : ""}::${is}`;
  }

  /** What a domain is of in the end; of other types the type itself. */
  #baseType(type: string, target: CreateTarget): string {
    if (type.endsWith("[]")) return type;
    const base = baseOf(typeNamed(type, target.objects));
    return base === undefined ? type : this.#baseType(base, target);
  }

  /** Column by column: which place an added one has is not known. */
  #byName(
    value: string,
    is: string,
    { old, parts }: {
      readonly old: readonly TypedPart[];
      readonly parts: readonly TypedPart[];
    },
  ): string {
    const assignments = parts.flatMap(({ name, type }) => {
      const attribute = old.find((other) => other.name === name);
      if (attribute === undefined) return [];
      const column = quoteIdentifier(name);
      return `r.${column} := ${
        this.convert(`($1).${column}`, { was: attribute.type, is: type })
      };`;
    });
    const name = this.#nextName();
    const body =
      `DECLARE r ${is}; BEGIN IF $1 IS NOT DISTINCT FROM NULL THEN RETURN NULL; END IF; ${
        assignments.join(" ")
      } RETURN r; END`;
    this.functions.push({
      create:
        `CREATE FUNCTION ${name}(anyelement) RETURNS ${is} LANGUAGE plpgsql AS ${
          dollarQuote(body)
        }`,
      drop: `DROP FUNCTION ${name}(anyelement)`,
    });
    return `${name}(${value})`;
  }

  /** A range by its bounds; of several the function that puts them together. */
  #eachBound(value: string, { was, is }: ConvertedType): string {
    const range = typeNamed(is, this.#target.objects);
    const old = typeNamed(was, this.#target.before.objects);
    if (range === undefined || old === undefined) return value;
    const subtype = {
      was: String(old.payload.subtype),
      is: String(range.payload.subtype),
    };
    const one = (of: string) =>
      `CASE WHEN isempty(${of}) THEN 'empty'::${qualify(range.name)} ELSE ${
        qualify(range.name)
      }(${this.convert(`lower(${of})`, subtype)}, ${
        this.convert(`upper(${of})`, subtype)
      }, concat(CASE WHEN lower_inc(${of}) THEN '[' ELSE '(' END, CASE WHEN upper_inc(${of}) THEN ']' ELSE ')' END)) END`;
    if (is !== range.payload.multirange) {
      return `CASE WHEN ${value} IS NOT NULL THEN ${one(value)} END`;
    }
    const name = this.#nextName();
    const body =
      `SELECT CASE WHEN $1 IS NOT NULL THEN COALESCE(pg_catalog.range_agg(${
        one("r")
      }), '{}') END FROM pg_catalog.unnest($1) AS r`;
    this.functions.push({
      create:
        `CREATE FUNCTION ${name}(anymultirange) RETURNS ${is} LANGUAGE sql AS ${
          dollarQuote(body)
        }`,
      drop: `DROP FUNCTION ${name}(anymultirange)`,
    });
    return `${name}(${value})`;
  }

  /** A USING clause has no subqueries; a function it calls may have. */
  #eachElement(value: string, { was, is }: ConvertedType): string {
    const element = this.convert("$1[i]", {
      was: was.slice(0, -2),
      is: is.slice(0, -2),
    });
    const name = this.#nextName();
    const body =
      `SELECT CASE WHEN $1 IS NOT NULL THEN COALESCE(pg_catalog.array_agg(${element} ORDER BY i), '{}') END FROM pg_catalog.generate_subscripts($1, 1) AS i`;
    this.functions.push({
      create:
        `CREATE FUNCTION ${name}(anyarray) RETURNS ${is} LANGUAGE sql AS ${
          dollarQuote(body)
        }`,
      drop: `DROP FUNCTION ${name}(anyarray)`,
    });
    return `${name}(${value})`;
  }
}

function baseOf(object: SchemaObject | undefined): string | undefined {
  return object?.kind === "domain" ? String(object.payload.type) : undefined;
}

/** Whether a type is one of the server's own: others are written with their schema. */
function isSystems(type: string): boolean {
  return !bareType(type).includes(".");
}
