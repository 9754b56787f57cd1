/**
 * What becomes of a column's values when its type changes: whether they need a
 * USING, whether the table is written anew, whether every value fits. Knows
 * the casts of PostgreSQL's own types. Pure.
 *
 * @module
 */

/** What a change of type does. */
export interface TypeChange {
  /** The expression behind USING; undefined where an assignment does. */
  readonly using: string | undefined;
  /** Whether rows are written anew. */
  readonly rewrites: boolean;
  /** Whether every value fits and stays what it is. */
  readonly safe: boolean;
}

/** A type taken apart. */
interface Type {
  /** Without modifiers and brackets. */
  readonly name: string;
  readonly modifiers: readonly number[];
  readonly array: boolean;
}

/** What is looked for in a type's name: its modifiers. */
const MODIFIERS = /\((-?\d+(?:,-?\d+)*)\)/;

function parse(type: string): Type {
  const array = type.endsWith("[]");
  const element = array ? type.slice(0, type.indexOf("[]")) : type;
  const modifiers = MODIFIERS.exec(element)?.[1];
  return {
    name: element.replace(MODIFIERS, "").replace(/ {2,}/g, " ").trim(),
    modifiers: modifiers === undefined ? [] : modifiers.split(",").map(Number),
    array,
  };
}

/** Every type turns into these by assignment, through its output. */
const STRINGS: ReadonlySet<string> = new Set([
  "text",
  "character varying",
  "character",
  "bpchar",
  "name",
]);

const NUMBERS = ["smallint", "integer", "bigint", "numeric"] as const;
const FLOATS = ["real", "double precision"] as const;

/** Types whose values are numbers of catalog rows, and written as names. */
const NAMED_OIDS = [
  "regclass",
  "regcollation",
  "regconfig",
  "regdictionary",
  "regnamespace",
  "regoper",
  "regoperator",
  "regproc",
  "regprocedure",
  "regrole",
  "regtype",
] as const;

/** Casts that an assignment makes, beside those among numbers. */
const ASSIGNED: Readonly<Record<string, readonly string[]>> = {
  "integer": ["oid", "money", ...NAMED_OIDS],
  "bigint": ["oid", "money", ...NAMED_OIDS],
  "smallint": ["oid", ...NAMED_OIDS],
  "oid": ["integer", "bigint", ...NAMED_OIDS],
  ...Object.fromEntries(
    NAMED_OIDS.map((name) => [name, ["oid", "integer", "bigint"]]),
  ),
  "numeric": ["money"],
  "money": ["numeric"],
  "date": ["timestamp without time zone", "timestamp with time zone"],
  "timestamp without time zone": [
    "timestamp with time zone",
    "date",
    "time without time zone",
  ],
  "timestamp with time zone": [
    "timestamp without time zone",
    "date",
    "time without time zone",
    "time with time zone",
  ],
  "time without time zone": ["time with time zone", "interval"],
  "time with time zone": ["time without time zone"],
  "interval": ["time without time zone"],
  "bit": ["bit varying"],
  "bit varying": ["bit"],
  "cidr": ["inet"],
  "inet": ["cidr"],
  "macaddr": ["macaddr8"],
  "macaddr8": ["macaddr"],
  "json": ["jsonb"],
  "jsonb": ["json"],
};

/** Casts that must be asked for. */
const EXPLICIT: Readonly<Record<string, readonly string[]>> = {
  "integer": ["bit"],
  "bigint": ["bit"],
  "bit": ["integer", "bigint"],
  "jsonb": ["boolean", ...NUMBERS, ...FLOATS],
  "int4range": ["int4multirange"],
  "int8range": ["int8multirange"],
  "numrange": ["nummultirange"],
  "daterange": ["datemultirange"],
  "tsrange": ["tsmultirange"],
  "tstzrange": ["tstzmultirange"],
};

/** Types that hold every value of another one, that one first. */
const WIDER: Readonly<Record<string, readonly string[]>> = {
  "smallint": ["integer", "bigint", "numeric", "real", "double precision"],
  "integer": ["bigint", "numeric", "double precision"],
  "bigint": ["numeric"],
  "real": ["double precision"],
  "date": ["timestamp without time zone"],
  "cidr": ["inet"],
  "macaddr": ["macaddr8"],
  "bit": ["bit varying"],
};

/** Pairs that are stored alike. */
const SAME_BYTES: ReadonlySet<string> = new Set([
  "cidr>inet",
  "bit>bit varying",
  "bit varying>bit",
  "text>character varying",
  "character varying>text",
]);

/** How values get from one type to another. */
type Cast = "assignment" | "explicit" | "integer" | "wrapped" | "text";

function castOf(from: Type, to: Type): Cast {
  if (from.array && to.array) {
    const element = castOf({ ...from, array: false }, { ...to, array: false });
    return element === "wrapped" ? "text" : element;
  }
  if (!to.array && STRINGS.has(to.name)) return "assignment";
  if (to.array) {
    return from.array ? "text" : "wrapped";
  }
  if (from.array) return "text";
  if (
    from.name === to.name ||
    from.name.startsWith("interval") && to.name.startsWith("interval")
  ) return "assignment";
  if (STRINGS.has(from.name)) return "explicit";
  if (isNumber(from.name) && isNumber(to.name)) return "assignment";
  if (ASSIGNED[from.name]?.includes(to.name)) return "assignment";
  if (EXPLICIT[from.name]?.includes(to.name)) return "explicit";
  // Only integers are cast to and from boolean.
  return from.name === "boolean" && isNumber(to.name) ||
      to.name === "boolean" && isNumber(from.name)
    ? "integer"
    : "text";
}

function isNumber(name: string): boolean {
  return [...NUMBERS, ...FLOATS].some((number) => number === name);
}

/** Whether every value of one type is one of another. */
function isWider(from: Type, to: Type): boolean {
  if (from.array !== to.array) return false;
  const [f0, f1 = 0] = from.modifiers;
  const [t0, t1 = 0] = to.modifiers;
  if (to.name === "text" || to.name === "character varying") {
    // Of other types only the form that they are written in is left.
    if (!STRINGS.has(from.name)) return false;
    if (t0 === undefined) return true;
    return from.name === "name" ? t0 >= 63 : f0 !== undefined && t0 >= f0;
  }
  if (from.name === to.name) {
    if (f0 === t0 && f1 === t1) return true;
    // char and bit have the length 1 where they say none.
    if (to.name === "character") return (t0 ?? 1) >= (f0 ?? 1);
    if (to.name === "bit") return false;
    if (t0 === undefined) return true;
    if (f0 === undefined) return false;
    return to.name === "numeric"
      ? t1 >= f1 && t0 - t1 >= f0 - f1
      : /^(bit varying|time|timestamp|interval)/.test(to.name) && t0 >= f0;
  }
  if (!WIDER[from.name]?.includes(to.name)) return false;
  if (to.name === "bit varying") return t0 === undefined || t0 >= (f0 ?? 1);
  // A precision might be too small for what an integer holds.
  return t0 === undefined;
}

/** Whether values are stored alike, so that only the catalog changes. */
function keepsBytes(from: Type, to: Type): boolean {
  if (!isWider(from, to)) return false;
  if (from.array) return from.name === to.name && to.modifiers.length === 0;
  if (from.name === to.name) {
    if (to.name === "character") return to.modifiers[0] === from.modifiers[0];
    return to.name !== "numeric" || to.modifiers.length === 0 ||
      (from.modifiers[1] ?? 0) === (to.modifiers[1] ?? 0);
  }
  return SAME_BYTES.has(`${from.name}>${to.name}`);
}

/** What a type is made of. */
export interface TypeNames {
  /** As `format_type` writes it. */
  readonly type: string;
  /** For a domain, what it is of in the end; otherwise the same. */
  readonly base: string;
}

/**
 * What a change of a column's type does to its values.
 *
 * @param from The type as it was.
 * @param to As it is to be.
 * @param column The column's name, quoted.
 */
export function typeChange(
  from: TypeNames,
  to: TypeNames,
  column: string,
): TypeChange {
  const was = parse(from.base);
  const is = parse(to.base);
  // Who goes over to a domain has its values checked.
  const checked = to.base !== to.type && from.type !== to.type;
  const safe = !checked && isWider(was, is);
  return {
    using: usingOf(castOf(was, is), { column, to, is }),
    rewrites: !keepsBytes(was, is),
    safe,
  };
}

function usingOf(
  cast: Cast,
  { column, to, is }: {
    readonly column: string;
    readonly to: TypeNames;
    readonly is: Type;
  },
): string | undefined {
  switch (cast) {
    case "assignment":
      return undefined;
    case "explicit":
      return `${column}::${to.type}`;
    case "integer":
      return `${column}::integer${is.array ? "[]" : ""}::${to.type}`;
    case "wrapped":
      return `CASE WHEN ${column} IS NOT NULL THEN ARRAY[${column}]::${
        is.name === "text" ? "" : "text[]::"
      }${to.type} END`;
    case "text":
      return `${column}::text${is.array ? "[]" : ""}::${to.type}`;
    default:
      return cast satisfies never;
  }
}
