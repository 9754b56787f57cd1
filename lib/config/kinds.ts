/**
 * The kinds of value that a key of the configuration may have: how each is
 * read from TOML and from an environment variable, and what is accepted. It
 * knows no key by name.
 *
 * @module
 */
import { ACCEPTED_SOURCES, checkSource } from "./database_source.ts";
import { parseDuration } from "./duration.ts";

/** A value that was read, or why it could not be. */
export type Reading<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly because: string };

/** A kind of value. */
export interface Kind<T> {
  /** What the documentation calls it. */
  readonly type: string;
  /** What is accepted, as the end of "Accepted: …". */
  readonly accepts: string;
  /** The words that are accepted, where they can be listed, for "did you mean". */
  readonly words: readonly string[];
  /** Whether a message must not repeat the value. */
  readonly secret: boolean;
  /** Reads a value of a TOML document, its variables already put in. */
  read(value: unknown): Reading<T>;
  /** Reads an environment variable or the value of a flag. */
  readText(text: string): Reading<T>;
}

/** Where a declared schema is read from. */
export type SchemaSource =
  | { readonly kind: "paths"; readonly paths: readonly string[] }
  | { readonly kind: "program"; readonly program: readonly string[] };

function ok<T>(value: T): Reading<T> {
  return { ok: true, value };
}

function refuse(because: string): { readonly ok: false; because: string } {
  return { ok: false, because };
}

/** What a value is, in TOML's words. */
function typeOf(value: unknown): string {
  if (Array.isArray(value)) return "an array";
  if (value instanceof Date) return "a date";
  switch (typeof value) {
    case "string":
      return "a string";
    case "number":
    case "bigint":
      return Number.isInteger(Number(value)) ? "an integer" : "a float";
    case "boolean":
      return "a boolean";
    default:
      return "a table";
  }
}

/** A kind whose TOML form is a string, read like the text of a variable. */
function stringKind<T>(
  kind: {
    readonly type: string;
    readonly accepts: string;
    readonly words?: readonly string[];
    readonly secret?: boolean;
    readonly readText: (text: string) => Reading<T>;
  },
): Kind<T> {
  return {
    words: [],
    secret: false,
    ...kind,
    read: (value) =>
      typeof value === "string"
        ? kind.readText(value)
        : refuse(`is ${typeOf(value)}, not a string`),
  };
}

/** Any text but an empty one, without control characters. */
export const TEXT: Kind<string> = stringKind({
  type: "text",
  accepts: "a string that is not empty",
  readText: checkText,
});

/** A path of a file or a directory. */
export const PATH: Kind<string> = stringKind({
  type: "path",
  accepts: "a path, relative to the directory of pawl.toml",
  readText: checkText,
});

/** The address of a database; never repeated in a message. */
export const DATABASE: Kind<string> = stringKind({
  type: "database",
  accepts: ACCEPTED_SOURCES,
  secret: true,
  readText: checkDatabase,
});

/** Where throw-away databases are made. */
export const SHADOW_DATABASE: Kind<string> = stringKind({
  type: "database",
  accepts: "embedded, or a server as postgres://…",
  secret: true,
  readText: (text) =>
    text === "embedded" || /^postgres(?:ql)?:\/\//.test(text)
      ? checkText(text)
      : refuse("is neither embedded nor a postgres:// URL"),
});

/** A name of an object in PostgreSQL, taken as it is: not folded, not quoted. */
export const NAME: Kind<string> = stringKind({
  type: "name",
  accepts: "a PostgreSQL name as it stands in the catalog, 1 to 63 bytes",
  readText: checkName,
});

/** A name of a schema that pawl may create. */
export const OWN_SCHEMA: Kind<string> = stringKind({
  type: "name",
  accepts: 'a schema\'s name, 1 to 63 bytes, not starting with "pg_"',
  readText: (text) =>
    /^(?:pg_|information_schema$)/.test(text)
      ? refuse("is reserved by PostgreSQL")
      : checkName(text),
});

/** A name of a role for SET ROLE. */
export const ROLE: Kind<string> = stringKind({
  type: "name",
  accepts: "a role's name as it stands in the catalog, 1 to 63 bytes",
  // SET ROLE "none" resets the role: it would silently do nothing.
  readText: (text) =>
    text === "none"
      ? refuse('is "none", which SET ROLE takes for no role')
      : checkName(text),
});

/** PostgreSQL's way to write a time; the value is in milliseconds, 0 for no limit. */
export const TIMEOUT: Kind<number> = duration({
  accepts:
    '"3s", "500ms", "2min", "1h", milliseconds without a unit, 0 or "off" for no limit',
  offMeansNone: true,
});

/** How long to wait; the value is in milliseconds, 0 for not at all. */
export const WAIT: Kind<number> = duration({
  accepts:
    '"30s", "500ms", "2min", "1h", milliseconds without a unit, 0 not to wait',
  offMeansNone: false,
});

function duration(
  options: { readonly accepts: string; readonly offMeansNone: boolean },
): Kind<number> {
  const readText = (text: string): Reading<number> => {
    if (options.offMeansNone && text.trim() === "off") return ok(0);
    const milliseconds = parseDuration(text);
    return milliseconds === undefined
      ? refuse(`is ${JSON.stringify(text)}`)
      : ok(milliseconds);
  };
  return {
    type: "time",
    accepts: options.accepts,
    words: [],
    secret: false,
    readText,
    read: (value) =>
      typeof value === "string"
        ? readText(value)
        : typeof value === "number" && Number.isInteger(value)
        ? readText(String(value))
        : refuse(`is ${typeOf(value)}, neither a string nor an integer`),
  };
}

/** Yes or no. */
export const FLAG: Kind<boolean> = {
  type: "boolean",
  accepts: "true or false",
  words: ["true", "false"],
  secret: false,
  read: (value) =>
    typeof value === "boolean"
      ? ok(value)
      : refuse(`is ${typeOf(value)}, not a boolean`),
  readText: (text) => {
    switch (text.toLowerCase()) {
      case "true":
      case "1":
      case "on":
      case "yes":
        return ok(true);
      case "false":
      case "0":
      case "off":
      case "no":
        return ok(false);
      default:
        return refuse(`is ${JSON.stringify(text)}`);
    }
  },
};

/**
 * One of some words.
 *
 * @param words The words that are accepted.
 * @returns The kind of value.
 */
export function choice<const W extends string>(words: readonly W[]): Kind<W> {
  return stringKind({
    type: words.map((word) => `\`${word}\``).join(" \\| "),
    accepts: words.join(", "),
    words,
    readText: (text) => {
      const word = words.find((candidate) => candidate === text);
      return word === undefined
        ? refuse(`is ${JSON.stringify(text)}`)
        : ok(word);
    },
  });
}

/**
 * A whole number.
 *
 * @param least The smallest that is accepted.
 * @param most The largest that is accepted.
 * @returns The kind of value.
 */
export function integer(least: number, most: number): Kind<number> {
  const check = (value: number): Reading<number> =>
    value >= least && value <= most ? ok(value) : refuse(`is ${value}`);
  return {
    type: `integer, ${least}–${most}`,
    accepts: `an integer from ${least} to ${most}`,
    words: [],
    secret: false,
    read: (value) =>
      typeof value === "number" && Number.isInteger(value)
        ? check(value)
        : refuse(`is ${typeOf(value)}, not an integer`),
    readText: (text) =>
      /^\s*\d{1,9}\s*$/.test(text)
        ? check(Number(text))
        : refuse(`is ${JSON.stringify(text)}`),
  };
}

/**
 * A list of values of one kind; a single value stands for a list of one.
 *
 * @param item The kind of each.
 * @param least How many there must be.
 * @returns The kind of value; in a variable the items are separated by commas.
 */
export function list<T>(item: Kind<T>, least = 0): Kind<readonly T[]> {
  const collect = (readings: readonly Reading<T>[]): Reading<T[]> => {
    const values: T[] = [];
    for (const [index, reading] of readings.entries()) {
      if (!reading.ok) {
        return refuse(
          readings.length === 1
            ? reading.because
            : `has an item (number ${index + 1}) that ${reading.because}`,
        );
      }
      values.push(reading.value);
    }
    return values.length < least ? refuse("is empty") : ok(values);
  };
  return {
    type: `list of ${item.type}`,
    accepts: `a list, each ${item.accepts}`,
    words: item.words,
    secret: item.secret,
    read: (value) =>
      collect(
        Array.isArray(value)
          ? value.map((part) => item.read(part))
          : [item.read(value)],
      ),
    readText: (text) =>
      collect(
        text.trim() === ""
          ? []
          : text.split(",").map((part) => item.readText(part.trim())),
      ),
  };
}

const PATHS = list(PATH, 1);
const WORDS = list(TEXT, 1);

/** One path, several, or a program that writes the DDL: `{ program = ["cmd", "arg"] }`. */
export const SCHEMA: Kind<SchemaSource> = {
  type: "path, list of path, or `{ program = [...] }`",
  accepts: 'a path, a list of paths, or { program = ["command", "argument"] }',
  words: [],
  secret: false,
  read: (value) => {
    if (typeOf(value) !== "a table") return paths(PATHS.read(value));
    const [first, ...others] = Object.entries(Object(value));
    if (first === undefined || first[0] !== "program" || others.length > 0) {
      return refuse("is a table with other keys than `program`");
    }
    const program = WORDS.read(first[1]);
    if (!program.ok) return refuse(`has a program that ${program.because}`);
    return ok({ kind: "program", program: program.value });
  },
  readText: (text) => paths(PATHS.readText(text)),
};

function paths(reading: Reading<readonly string[]>): Reading<SchemaSource> {
  return reading.ok ? ok({ kind: "paths", paths: reading.value }) : reading;
}

function checkText(text: string): Reading<string> {
  if (text.trim() === "") return refuse("is empty");
  // deno-lint-ignore no-control-regex -- they would forge lines of output, and NUL ends a C string
  if (/[\u0000-\u001f\u007f]/.test(text)) {
    return refuse("has a control character in it");
  }
  return ok(text);
}

function checkDatabase(text: string): Reading<string> {
  const wrong = checkSource(text);
  return wrong === undefined ? ok(text) : refuse(wrong);
}

function checkName(text: string): Reading<string> {
  const reading = checkText(text);
  if (!reading.ok) return reading;
  // PostgreSQL cuts longer names (NAMEDATALEN), so two could become one.
  return new TextEncoder().encode(text).length > 63
    ? refuse("is longer than 63 bytes")
    : reading;
}
