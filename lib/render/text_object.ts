/**
 * One object in a few words, for people. What a kind has no words for here is
 * shown by the plain values of its payload. Pure.
 *
 * @module
 */

import { COLUMN } from "../kinds/column.ts";
import { address, splitAddress } from "../schema/address.ts";
import type { Data } from "../schema/data.ts";
import type { Payload, SchemaObject } from "../schema/schema.ts";
import { quoteIdentifier, quoteQualified } from "../sql/quote.ts";

/** One object in words. */
export interface Description {
  /** Its kind, as people call it. */
  readonly word: string;
  /** Its name. */
  readonly title: string;
  /** What it is, on the same line. */
  readonly rest: string;
  /** What it is, on lines below. */
  readonly more: readonly string[];
}

/** What is said of an object of a kind, on its line and below it. */
type Describe = (
  object: SchemaObject,
) => string | readonly [string, readonly string[]];

/** A line is not longer than this for the sake of one expression. */
const LONGEST = 120;

const KIND_WORDS: Readonly<Record<string, string>> = {
  privilege: "grant",
  constraint: "",
  domain_constraint: "",
  publication_table: "table",
  publication_schema: "schema",
};

const DESCRIBE: Readonly<Record<string, Describe>> = {
  schema: () => "",
  extension: ({ payload }) => text(payload, "version"),
  enum: ({ payload }) => `(${texts(payload, "labels").join(", ")})`,
  domain: ({ payload }) =>
    words(
      text(payload, "type"),
      payload["notNull"] === true ? "not null" : "",
      prefixed("default", payload, "default"),
    ),
  composite: ({ payload }) => ["", fields(payload["attributes"])],
  table: ({ payload }) =>
    words(
      payload["persistence"] === "unlogged" ? "unlogged" : "",
      prefixed("partition by", payload, "partitionBy"),
      partitionText(payload["partitionOf"]),
      texts(payload, "inherits").length === 0
        ? ""
        : `inherits ${texts(payload, "inherits").join(", ")}`,
      payload["rowSecurity"] === undefined
        ? ""
        : `row security ${text(payload, "rowSecurity")}`,
    ),
  foreign_table: ({ payload }) => `on server ${text(payload, "server")}`,
  constraint: ({ payload }) =>
    words(text(payload, "definition"), notValid(payload)),
  domain_constraint: ({ payload }) =>
    words(text(payload, "definition"), notValid(payload)),
  index: ({ payload }) =>
    words(
      payload["unique"] === true ? "unique" : "",
      text(payload, "definition").replace(/^.*? USING /s, ""),
      payload["valid"] === false ? "INVALID" : "",
    ),
  view: ({ payload }) => ["", fields(payload["columns"])],
  materialized_view: ({ payload }) => [
    payload["populated"] === false ? "not populated" : "",
    fields(payload["columns"]),
  ],
  function: routine,
  procedure: routine,
  aggregate: () => "",
  operator: ({ payload }) => prefixed("function", payload, "function"),
  cast: ({ payload }) =>
    words(
      prefixed("function", payload, "function") || text(payload, "method"),
      text(payload, "context"),
    ),
  trigger: ({ payload, name }) =>
    words(
      text(payload, "definition")
        .replace(/^CREATE (?:CONSTRAINT )?TRIGGER (?:"(?:[^"]|"")*"|\S+) /, "")
        .replace(
          ` ON ${quoteQualified(...name.slice(0, 2))} `,
          " ",
        ),
      text(payload, "state"),
    ),
  rule: ({ payload }) => text(payload, "definition").replace(/^.*? AS\s+/s, ""),
  policy: ({ payload }) =>
    words(
      payload["restrictive"] === true ? "restrictive" : "",
      `for ${text(payload, "command") || "all"}`,
      texts(payload, "roles").length === 0
        ? ""
        : `to ${texts(payload, "roles").join(", ")}`,
      prefixed("using", payload, "using"),
      prefixed("with check", payload, "check"),
    ),
  sequence: ({ payload }) =>
    words(text(payload, "type"), prefixed("owned by", payload, "ownedBy")),
  privilege: ({ payload }) => grantText(payload),
  default_privilege: ({ payload }) => {
    const { grants } = payload;
    return isList(grants)
      ? grants.filter(isRecord).map((grant) =>
        `${text(grant, "role") || text(grant, "to")}: ${grantText(grant)}`
      ).join("; ")
      : "";
  },
};

/**
 * One object in words.
 *
 * @param object The object.
 * @returns Undefined for one that says nothing by itself.
 */
export function describe(object: SchemaObject): Description | undefined {
  const special = DESCRIBE[object.kind];
  const said = special === undefined ? plainValues(object) : special(object);
  const [rest, more] = typeof said === "string" ? [said, []] : said;
  return {
    word: KIND_WORDS[object.kind] ?? object.kind.replaceAll("_", " "),
    title: plain(titleOf(object)),
    rest: short(rest),
    more,
  };
}

/**
 * A column's name, type, and the rest.
 *
 * @param object The column.
 */
export function columnCells(
  object: SchemaObject,
): readonly [string, string, string] {
  const name = plain(quoteIdentifier(object.name.at(-1) ?? ""));
  const { payload } = object;
  if (!COLUMN.holds(payload)) return [name, "", ""];
  return [
    name,
    payload.type,
    short(words(
      payload.notNull ? "not null" : "",
      payload.default === undefined ? "" : `default ${payload.default}`,
      payload.identity === undefined
        ? ""
        : `generated ${payload.identity} as identity`,
      payload.generated === undefined
        ? ""
        : `generated always as (${payload.generated.expression}) ${payload.generated.kind}`,
      payload.collation === undefined ? "" : `collate ${payload.collation}`,
      payload.inherited === true ? "inherited" : "",
    )),
  ];
}

/**
 * What a comment or an owner says of its object.
 *
 * @param object The comment or owner.
 * @returns One line; empty for the usual owner.
 */
export function remarkOf({ kind, payload }: SchemaObject): string {
  if (kind === "comment") return short(text(payload, "text"));
  if (payload["databaseOwner"] === true) return "owned by the database's owner";
  return prefixed("owned by", payload, "role");
}

/** The name as it is said within its parent or schema; functions have their arguments. */
function titleOf(object: SchemaObject): string {
  if (object.kind === "privilege") {
    const [, to = ""] =
      / to ((?:"(?:[^"]|"")*"|[^" ])+)$/.exec(object.address) ??
        [];
    const on = object.address.slice("privilege:".length).split(" to ")[0];
    return on === object.parent || on === undefined
      ? `to ${to}`
      : `on ${on} to ${to}`;
  }
  const { name } = splitAddress(object.address);
  const wholes = [
    splitAddress(object.parent ?? "").name,
    splitAddress(address("schema", object.name.slice(0, 1))).name,
  ];
  const whole = wholes.find((one) => one !== "" && name.startsWith(`${one}.`));
  return whole === undefined ? name : name.slice(whole.length + 1);
}

function grantText(grant: Payload): string {
  const revoked = texts(grant, "revoked");
  const all = [
    ...texts(grant, "privileges"),
    ...texts(grant, "grantable").map((name) => `${name} with grant option`),
  ];
  return words(
    all.join(", "),
    revoked.length === 0 ? "" : `without ${revoked.join(", ")}`,
  );
}

function isList(value: Data | undefined): value is readonly Data[] {
  return Array.isArray(value);
}

function isRecord(value: Data | undefined): value is Payload {
  return typeof value === "object" && value !== null && !isList(value);
}

function routine({ payload }: SchemaObject): string {
  const returns = text(payload, "returns");
  return words(
    returns === ""
      ? ""
      : `returns ${payload["returnsSet"] === true ? "setof " : ""}${returns}`,
    `language ${text(payload, "language")}`,
    text(payload, "volatility"),
    payload["strict"] === true ? "strict" : "",
    payload["securityDefiner"] === true ? "security definer" : "",
  );
}

function partitionText(of: Data | undefined): string {
  return isRecord(of)
    ? `partition of ${text(of, "parent")} ${text(of, "bound")}`
    : "";
}

function notValid(payload: Payload): string {
  return payload["valid"] === false &&
      !text(payload, "definition").endsWith("NOT ENFORCED")
    ? "not valid"
    : "";
}

/** The columns of a view, or the attributes of a composite type. */
function fields(list: Data | undefined): string[] {
  const cells = (isList(list) ? list.filter(isRecord) : []).map((field) => ({
    name: plain(quoteIdentifier(text(field, "name"))),
    type: text(field, "type"),
  }));
  const width = Math.min(40, Math.max(0, ...cells.map((c) => c.name.length)));
  return cells.map(({ name, type }) => `${name.padEnd(width)}  ${type}`);
}

/** Values of a payload that are said in a few words. */
function plainValues({ payload }: SchemaObject): string {
  return Object.entries(payload).flatMap(([key, value]) => {
    const word = key.replaceAll(
      /[A-Z]/g,
      (letter) => ` ${letter.toLowerCase()}`,
    );
    if (value === true) return [word];
    if (typeof value === "string" || typeof value === "number") {
      return [`${word} ${value}`];
    }
    return isList(value) && value.length > 0 &&
        value.every((one) => typeof one === "string")
      ? [`${word} ${value.join(", ")}`]
      : [];
  }).join(", ");
}

function text(payload: Payload, key: string): string {
  const value = payload[key];
  return typeof value === "string" ? value : "";
}

function texts(payload: Payload, key: string): string[] {
  const value = payload[key];
  return isList(value) ? value.map(String) : [];
}

function prefixed(prefix: string, payload: Payload, key: string): string {
  const value = text(payload, key);
  return value === "" ? "" : `${prefix} ${value}`;
}

function words(...all: readonly string[]): string {
  return all.filter((word) => word !== "").join(" ");
}

/** One line of bearable length. */
function short(line: string): string {
  const one = plain(line.replaceAll(/\s+/g, " ").trim());
  return one.length > LONGEST ? `${one.slice(0, LONGEST - 1)}…` : one;
}

/** Without what a terminal would take for a command. */
function plain(line: string): string {
  return line.replaceAll(/\p{Cc}/gu, "\ufffd");
}
