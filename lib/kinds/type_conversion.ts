/**
 * How a value of a type gets into the new one of the same name, while the old
 * one stands aside. Its text does, where both write values alike; a composite
 * type whose attributes are others, or stand in another order, is taken apart,
 * also where it is inside of other types. Pure.
 *
 * @module
 */

import { address } from "../schema/address.ts";
import { addressParts } from "../schema/address_parts.ts";
import type { SchemaObject } from "../schema/schema.ts";
import { dollarQuote, quoteIdentifier } from "../sql/quote.ts";
import { typeChange } from "./column_type.ts";
import type { CompositeAttribute } from "./composite.ts";
import type { ChangeTarget, CreateTarget } from "./kind.ts";
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

  constructor(target: ChangeTarget) {
    this.#target = target;
  }

  convert(value: string, type: ConvertedType): string {
    if (this.#writesAlike(type)) return this.#throughText(value, type);
    const { was, is } = type;
    if (was.endsWith("[]") && is.endsWith("[]")) {
      return this.#eachElement(value, type);
    }
    const before = find(was, this.#target.before);
    const after = find(is, this.#target);
    const ofDomain = baseOf(before);
    if (ofDomain !== undefined) {
      return this.convert(value, { was: ofDomain, is });
    }
    const intoDomain = baseOf(after);
    if (intoDomain !== undefined) {
      return `${this.convert(value, { was, is: intoDomain })}::${is}`;
    }
    const old = attributesOf(before);
    const values = attributesOf(after).map(({ name, type }) => {
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
    const before = find(was, this.#target.before);
    const after = find(is, this.#target);
    const ofDomain = baseOf(before);
    if (ofDomain !== undefined) return this.#writesAlike({ was: ofDomain, is });
    const intoDomain = baseOf(after);
    if (intoDomain !== undefined) {
      return this.#writesAlike({ was, is: intoDomain });
    }
    if (before?.kind !== "composite" || after?.kind !== "composite") {
      return true;
    }
    const olds = attributesOf(before);
    const news = attributesOf(after);
    return olds.length === news.length && olds.every((old, i) => {
      const attribute = news[i];
      return attribute?.name === old.name &&
        this.#writesAlike({ was: old.type, is: attribute.type });
    });
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
    const base = baseOf(find(type, target));
    return base === undefined ? type : this.#baseType(base, target);
  }

  /** A USING clause has no subqueries; a function it calls may have. */
  #eachElement(value: string, { was, is }: ConvertedType): string {
    const element = this.convert("$1[i]", {
      was: was.slice(0, -2),
      is: is.slice(0, -2),
    });
    const name = `pg_temp.pawl_convert_${this.functions.length + 1}`;
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

function find(type: string, target: CreateTarget): SchemaObject | undefined {
  const { parts } = addressParts(`type:${bareType(type)}`);
  return target.objects.get(address("composite", parts)) ??
    target.objects.get(address("domain", parts));
}

function baseOf(object: SchemaObject | undefined): string | undefined {
  return object?.kind === "domain" ? String(object.payload.type) : undefined;
}

function attributesOf(
  object: SchemaObject | undefined,
): Pick<CompositeAttribute, "name" | "type">[] {
  const attributes = object?.payload.attributes;
  return !Array.isArray(attributes)
    ? []
    : attributes.flatMap((attribute) =>
      typeof attribute === "object" && attribute !== null &&
        "name" in attribute && "type" in attribute
        ? [{ name: String(attribute.name), type: String(attribute.type) }]
        : []
    );
}

/** Whether a type is one of the server's own: others are written with their schema. */
function isSystems(type: string): boolean {
  return !bareType(type).includes(".");
}
